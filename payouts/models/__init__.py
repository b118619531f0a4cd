"""Policies, who is paid and where, holds, withdrawals."""

from .batch import BatchDownload, PayoutBatch, PayoutBatchRow, ResultFile, ResultState
from .hold import PayoutHold
from .payee import AccountKind, Payee, PayeeCorrection, PayoutAccount
from .policy import PayoutPolicy, TaxKind
from .stop import PayoutStop
from .withdrawal import Withdrawal, WithdrawalState

__all__ = [
    "AccountKind",
    "BatchDownload",
    "Payee",
    "PayeeCorrection",
    "PayoutAccount",
    "PayoutBatch",
    "PayoutBatchRow",
    "PayoutHold",
    "PayoutPolicy",
    "PayoutStop",
    "ResultFile",
    "ResultState",
    "TaxKind",
    "Withdrawal",
    "WithdrawalState",
]
