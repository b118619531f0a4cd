"""What the agent's desk keeps: the shop, the card of the person behind it, materials to share."""

from .material import Material, MaterialImage, MaterialKind, MaterialState, MaterialUse, UseKind
from .persona import Persona
from .shop import Shop, ShopItem, StockMark

__all__ = [
    "Material",
    "MaterialImage",
    "MaterialKind",
    "MaterialState",
    "MaterialUse",
    "Persona",
    "Shop",
    "ShopItem",
    "StockMark",
    "UseKind",
]
