"""The shop's own rows: the banners of the front page."""

from .banner import Banner, BannerGround

__all__ = ["Banner", "BannerGround"]
