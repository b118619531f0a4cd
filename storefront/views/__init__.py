"""The shop's pages, open to everyone unless their rule says otherwise."""

from .category import categories, category
from .home import home
from .kept import favourites, history
from .listing import filters, goods_list
from .me import me
from .product import arrival, choose, favourite, product, share
from .reviews import reviews
from .search import forget, search, suggest

__all__ = [
    "arrival",
    "categories",
    "category",
    "choose",
    "favourite",
    "favourites",
    "filters",
    "forget",
    "goods_list",
    "history",
    "home",
    "me",
    "product",
    "reviews",
    "search",
    "share",
    "suggest",
]
