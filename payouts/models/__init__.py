"""Policies, who is paid and where, holds, withdrawals."""

from .hold import PayoutHold
from .payee import AccountKind, Payee, PayoutAccount
from .policy import PayoutPolicy, TaxKind
from .stop import PayoutStop
from .withdrawal import Withdrawal, WithdrawalState

__all__ = [
    "AccountKind",
    "Payee",
    "PayoutAccount",
    "PayoutHold",
    "PayoutPolicy",
    "PayoutStop",
    "TaxKind",
    "Withdrawal",
    "WithdrawalState",
]
