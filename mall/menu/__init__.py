"""The navigation of the two admin sites."""

from .ops import ops_menu
from .supplier import supplier_menu

__all__ = ["ops_menu", "supplier_menu"]
