"""The shop's pages, open to everyone unless their rule says otherwise."""

from .home import home
from .product import product

__all__ = ["home", "product"]
