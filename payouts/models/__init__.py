"""Policies, who is paid and where, holds, withdrawals."""

from .hold import PayoutHold
from .payee import AccountKind, Payee, PayoutAccount
from .policy import PayoutPolicy, TaxKind
from .withdrawal import Withdrawal, WithdrawalState

__all__ = [
    "AccountKind",
    "Payee",
    "PayoutAccount",
    "PayoutHold",
    "PayoutPolicy",
    "TaxKind",
    "Withdrawal",
    "WithdrawalState",
]
