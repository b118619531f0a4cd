"""Payouts on /ops/: the review queue, holds, and the policies."""

from .holds import PayoutHoldAdmin
from .policies import PayoutPolicyAdmin
from .queue import WithdrawalAdmin

__all__ = ["PayoutHoldAdmin", "PayoutPolicyAdmin", "WithdrawalAdmin"]
