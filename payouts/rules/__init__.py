"""Fee, tax and net of a withdrawal, who may be paid, and what a withdrawal's state may become. Pure."""

from .people import (
    BANK_NAME_MAX,
    NAME_MAX,
    normal_alipay,
    normal_bank_name,
    normal_card,
    normal_id_number,
    normal_name,
)
from .states import CHANGES, CONFIRM_LIFE, ENDED_STATES, FIRST_POLICY, OPEN_STATES, REST
from .taxes import (
    CUMULATIVE,
    CUMULATIVE_RATES,
    FLAT,
    PER_PAYMENT,
    PER_PAYMENT_RATES,
    Earlier,
    Line,
    Month,
    earlier_of,
)
from .working import Breakdown, breakdown, work_out

__all__ = [
    "BANK_NAME_MAX",
    "CHANGES",
    "CONFIRM_LIFE",
    "CUMULATIVE",
    "CUMULATIVE_RATES",
    "ENDED_STATES",
    "FIRST_POLICY",
    "FLAT",
    "NAME_MAX",
    "OPEN_STATES",
    "PER_PAYMENT",
    "PER_PAYMENT_RATES",
    "REST",
    "Breakdown",
    "Earlier",
    "Line",
    "Month",
    "breakdown",
    "earlier_of",
    "normal_alipay",
    "normal_bank_name",
    "normal_card",
    "normal_id_number",
    "normal_name",
    "work_out",
]
