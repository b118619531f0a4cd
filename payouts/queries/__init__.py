"""Reading policies, who may ask for what, payees and their accounts, and withdrawals."""

from .asking import Obstacle, asking_obstacle, chosen_account, rests_until, usable_accounts, withdrawal_parts
from .payees import (
    MonthPaid,
    accounts_of,
    has_hold,
    holds_of,
    months_paid,
    others_with_account,
    payee_of,
    standing_hold,
)
from .queue import (
    numbers_by_state,
    policy_in_force,
    queue_counts,
    queue_totals,
    sending_since,
    withdrawals_of,
)

__all__ = [
    "MonthPaid",
    "Obstacle",
    "accounts_of",
    "asking_obstacle",
    "chosen_account",
    "has_hold",
    "holds_of",
    "months_paid",
    "numbers_by_state",
    "others_with_account",
    "payee_of",
    "policy_in_force",
    "queue_counts",
    "queue_totals",
    "rests_until",
    "sending_since",
    "standing_hold",
    "usable_accounts",
    "withdrawal_parts",
    "withdrawals_of",
]
