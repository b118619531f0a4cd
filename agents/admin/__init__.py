"""The agent's desk on /ops/: materials to share, appeals; and at /supplier/ what suppliers and shopkeepers want of each
other."""

from .appeals import AppealAdmin
from .materials import MaterialAdmin
from .opportunities import SampleDesk, SellingOfferDesk

__all__ = ["AppealAdmin", "MaterialAdmin", "SampleDesk", "SellingOfferDesk"]
