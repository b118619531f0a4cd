"""What the agent's desk keeps: the shop, the card of the person behind it, materials to share, what is written down
about customers, ranks, appeals, offers and samples of suppliers, and what was read."""

from .appeal import Appeal, AppealPhoto, AppealPost, AppealState, Doubt, Outcome, Speaker, Subject
from .customer import CustomerNote, CustomerTag, Reminder
from .material import Material, MaterialImage, MaterialKind, MaterialState, MaterialUse, UseKind
from .opportunity import OPEN_SAMPLES, CommissionBudget, SampleRequest, SampleState, SellingOffer
from .persona import Persona
from .rank import RankEntry, RankKind, RankName, RankSpan
from .reading import DayOfQuestions, RulesAccepted
from .shop import Shop, ShopItem, StockMark
from .sums import EarningSum, SumCursor, SumMark

__all__ = [
    "OPEN_SAMPLES",
    "Appeal",
    "AppealPhoto",
    "AppealPost",
    "AppealState",
    "CommissionBudget",
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
    "SampleRequest",
    "SampleState",
    "SellingOffer",
    "Shop",
    "ShopItem",
    "Speaker",
    "StockMark",
    "Subject",
    "SumCursor",
    "SumMark",
    "UseKind",
]
