"""The agent's desk on /ops/: materials to share, appeals, requests of enterprises; and at /supplier/ what suppliers,
shopkeepers and enterprises want of each other."""

from .appeals import AppealAdmin
from .enterprise import EnterpriseDesk
from .materials import MaterialAdmin
from .offers import SellingOfferDesk
from .opportunities import opportunities
from .ops_enterprise import EnterpriseRequestAdmin
from .samples import SampleDesk

__all__ = [
    "AppealAdmin",
    "EnterpriseDesk",
    "EnterpriseRequestAdmin",
    "MaterialAdmin",
    "SampleDesk",
    "SellingOfferDesk",
    "opportunities",
]
