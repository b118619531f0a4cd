"""The agent's desk on /ops/: materials to share, appeals; and at /supplier/ what suppliers and shopkeepers want of each
other."""

from .appeals import AppealAdmin
from .materials import MaterialAdmin
from .offers import SellingOfferDesk
from .opportunities import opportunities
from .samples import SampleDesk

__all__ = ["AppealAdmin", "MaterialAdmin", "SampleDesk", "SellingOfferDesk", "opportunities"]
