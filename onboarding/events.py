"""What happens to applications."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ApplicationDecided:
    """Operators approved an application, rejected it, or sent steps of it back; `stage` says which."""

    application_id: int
    member_id: int
    number: str
    shop_name: str
    stage: str
    reason: str
    at: datetime
