"""What the agent's desk keeps: the shop, the card of the person behind it, materials to share, what is written down
about customers, and ranks."""

from .customer import CustomerNote, CustomerTag, Reminder
from .material import Material, MaterialImage, MaterialKind, MaterialState, MaterialUse, UseKind
from .persona import Persona
from .rank import RankEntry, RankKind, RankName, RankSpan
from .shop import Shop, ShopItem, StockMark
from .sums import EarningSum, SumCursor, SumMark

__all__ = [
    "CustomerNote",
    "CustomerTag",
    "EarningSum",
    "Material",
    "MaterialImage",
    "MaterialKind",
    "MaterialState",
    "MaterialUse",
    "Persona",
    "RankEntry",
    "RankKind",
    "RankName",
    "RankSpan",
    "Reminder",
    "Shop",
    "ShopItem",
    "StockMark",
    "SumCursor",
    "SumMark",
    "UseKind",
]
