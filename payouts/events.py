"""What payouts publish."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WithdrawalDecided:
    """A withdrawal came to its end: paid out (`approved`), or to be given back: rejected, or `returned` because its
    payee did not confirm it."""

    number: str
    member_id: int
    shard: int
    approved: bool
    at: datetime
    returned: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawalWaits:
    """The money of a withdrawal lies ready until its payee confirms, at the latest at `confirm_by`."""

    number: str
    member_id: int
    confirm_by: datetime
    at: datetime
