"""What the agent's desk keeps: the shop, the card of the person behind it, materials to share, what is written down
about customers, ranks, appeals, and what was read."""

from .appeal import Appeal, AppealPhoto, AppealPost, AppealState, Doubt, Outcome, Speaker, Subject
from .customer import CustomerNote, CustomerTag, Reminder
from .material import Material, MaterialImage, MaterialKind, MaterialState, MaterialUse, UseKind
from .persona import Persona
from .rank import RankEntry, RankKind, RankName, RankSpan
from .reading import DayOfQuestions, RulesAccepted
from .shop import Shop, ShopItem, StockMark
from .sums import EarningSum, SumCursor, SumMark

__all__ = [
    "Appeal",
    "AppealPhoto",
    "AppealPost",
    "AppealState",
    "CustomerNote",
    "CustomerTag",
    "DayOfQuestions",
    "Doubt",
    "EarningSum",
    "Material",
    "MaterialImage",
    "MaterialKind",
    "MaterialState",
    "MaterialUse",
    "Outcome",
    "Persona",
    "RankEntry",
    "RankKind",
    "RankName",
    "RankSpan",
    "Reminder",
    "RulesAccepted",
    "Shop",
    "ShopItem",
    "Speaker",
    "StockMark",
    "Subject",
    "SumCursor",
    "SumMark",
    "UseKind",
]
