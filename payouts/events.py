"""What payouts publish."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WithdrawalDecided:
    """A withdrawal came to its end: paid out (`approved`), or rejected and to be given back."""

    number: str
    member_id: int
    shard: int
    approved: bool
    at: datetime
