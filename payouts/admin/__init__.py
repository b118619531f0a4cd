"""Payouts on /ops/: the review queue, holds, the switch that stops all of them, and the policies."""

from . import stop
from .holds import PayoutHoldAdmin
from .policies import PayoutPolicyAdmin
from .queue import WithdrawalAdmin

__all__ = ["PayoutHoldAdmin", "PayoutPolicyAdmin", "WithdrawalAdmin", "stop"]
