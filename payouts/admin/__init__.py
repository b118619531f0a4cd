"""Payouts on /ops/: the review queue, holds, the switch that stops all of them, and the policies."""

from . import finding, many, stop
from .batches import PayoutBatchAdmin
from .holds import PayoutHoldAdmin
from .payees import PayeeAdmin
from .policies import PayoutPolicyAdmin
from .queue import WithdrawalAdmin

__all__ = [
    "PayeeAdmin",
    "PayoutBatchAdmin",
    "PayoutHoldAdmin",
    "PayoutPolicyAdmin",
    "WithdrawalAdmin",
    "finding",
    "many",
    "stop",
]
