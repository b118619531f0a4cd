"""What members publish."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """One member that joined; carried by `MembersJoined`."""

    member_id: int
    referrer_id: int | None
    shard: int
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class MembersJoined:
    """Members joined, one or many, in this order."""

    members: tuple[MemberJoined, ...]


@dataclass(frozen=True, slots=True)
class ProfileCompleted:
    """A member has a nickname and a default address for the first time."""

    member_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DayVisited:
    """A member was here on a new date, its `days`-th."""

    member_id: int
    days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AdviserBound:
    """A customer has an adviser from `at` on; `reason` is one of `BindReason`."""

    relation_id: int
    customer_id: int
    adviser_id: int
    reason: str
    until: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class ContestDecided:
    """An operator decided whether a customer keeps an adviser; `answer` says why, as it was written."""

    contest_id: int
    customer_id: int
    is_upheld: bool
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShopkeeperDecided:
    """Somebody may earn retail commission from `at` on, or may not (any more); `state` is one of `ShopkeeperState`."""

    member_id: int
    state: str
    reason: str
    at: datetime
