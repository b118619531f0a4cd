"""What a withdrawal's state may become, the first policy, and how long things wait."""

from datetime import UTC, datetime, timedelta
from typing import Any

CHANGES: dict[str, frozenset[str]] = {
    "requested": frozenset({"approved", "rejected"}),
    "approved": frozenset({"sending", "rejected"}),
    "sending": frozenset({"confirming", "paid", "rejected", "returned"}),
    "confirming": frozenset({"paid", "rejected", "returned"}),
    "paid": frozenset(),
    "rejected": frozenset(),
    "returned": frozenset(),
}
OPEN_STATES = ("requested", "approved", "sending", "confirming")
ENDED_STATES = ("paid", "rejected", "returned")

FIRST_POLICY: dict[str, Any] = {
    "version": 1,
    "starts_at": datetime(1970, 1, 1, tzinfo=UTC),
    "min_fen": 1000,
    "fee_bps": 60,
    "tax_bps": 0,
}

# How long no withdrawal may be asked for after a payout account was added or the real name was changed.
REST = timedelta(hours=72)
# How long WeChat Pay waits for the payee; then the money goes back to the merchant.
CONFIRM_LIFE = timedelta(hours=24)
