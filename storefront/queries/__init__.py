"""What the shop's pages ask for, across apps. Pages of one's own take the member."""

from .banners import banners
from .product import Paper, View, Visitor, gallery, papers, product_page, visitor_of

__all__ = ["Paper", "View", "Visitor", "banners", "gallery", "papers", "product_page", "visitor_of"]
