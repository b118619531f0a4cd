"""Reading policies, who may ask for what, payees and their accounts, and withdrawals."""

from .asking import Breakdown, Obstacle, asking_obstacle, chosen_account, rests_until, usable_accounts, withdrawal_parts
from .batches import Report, ReportRow, batch_rows, batch_waits, result_report
from .looks import Credit, Look, green_of, looks
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
    meant_by,
    numbers_by_state,
    policy_in_force,
    purses,
    queue_counts,
    queue_totals,
    sending_since,
    withdrawals_of,
)
from .stops import past_stops, payouts_stopped, standing_stop
from .working import WorkingRow, kept_working, limits_words, policy_method, tax_method, working_rows

__all__ = [
    "Breakdown",
    "Credit",
    "Look",
    "MonthPaid",
    "Obstacle",
    "Report",
    "ReportRow",
    "WorkingRow",
    "accounts_of",
    "asking_obstacle",
    "batch_rows",
    "batch_waits",
    "chosen_account",
    "green_of",
    "has_hold",
    "holds_of",
    "kept_working",
    "limits_words",
    "looks",
    "meant_by",
    "months_paid",
    "numbers_by_state",
    "others_with_account",
    "past_stops",
    "payee_of",
    "payouts_stopped",
    "policy_in_force",
    "policy_method",
    "purses",
    "queue_counts",
    "queue_totals",
    "rests_until",
    "result_report",
    "sending_since",
    "standing_hold",
    "standing_stop",
    "tax_method",
    "usable_accounts",
    "withdrawal_parts",
    "withdrawals_of",
    "working_rows",
]
