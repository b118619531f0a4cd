"""What operators do to the shop's front page."""

from .banners import BannerRefused, BannerText, remove_banner, save_banner

__all__ = ["BannerRefused", "BannerText", "remove_banner", "save_banner"]
