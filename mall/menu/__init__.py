"""The navigation of the two admin sites."""

from .ops import ops_menu, ops_pages
from .supplier import supplier_menu

__all__ = ["ops_menu", "ops_pages", "supplier_menu"]
