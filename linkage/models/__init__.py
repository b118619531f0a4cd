"""Plans, the numbered stream of events, and what settlement makes of it."""

from .retail import Commission, CommissionCut
from .standing import (
    HOLD_NAMES,
    KIND_NAMES,
    Hold,
    Position,
    Rank,
    Reward,
    RewardKind,
    SettledOrder,
    TaskProgress,
    named,
)
from .stream import EventKind, ImportRun, LinkageEvent, PlanVersion, Shard, Stream

__all__ = [
    "HOLD_NAMES",
    "KIND_NAMES",
    "Commission",
    "CommissionCut",
    "EventKind",
    "Hold",
    "ImportRun",
    "LinkageEvent",
    "PlanVersion",
    "Position",
    "Rank",
    "Reward",
    "RewardKind",
    "SettledOrder",
    "Shard",
    "Stream",
    "TaskProgress",
    "named",
]
