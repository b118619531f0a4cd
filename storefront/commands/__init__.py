"""What operators do to the shop's front page, and what it counts of goods that go together."""

from .banners import BannerRefused, BannerText, remove_banner, save_banner
from .pairs import refresh_pairs

__all__ = ["BannerRefused", "BannerText", "refresh_pairs", "remove_banner", "save_banner"]
