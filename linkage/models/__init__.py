"""Plans, the numbered stream of events, and what settlement makes of it."""

from .adjusting import Adjustment, AdjustmentKind, AdjustmentState
from .governing import Acknowledgement, ComplianceCount, RunKind, RunState, SimulationRun
from .retail import Commission, CommissionCut
from .standing import (
    HOLD_NAMES,
    KIND_NAMES,
    Hold,
    MaturingSum,
    MoveKind,
    Position,
    Rank,
    Reward,
    RewardKind,
    SettledOrder,
    TaskProgress,
    TeamMove,
    named,
)
from .stream import EventKind, ImportRun, LinkageEvent, PlanVersion, Shard, Stream

__all__ = [
    "HOLD_NAMES",
    "KIND_NAMES",
    "Acknowledgement",
    "Adjustment",
    "AdjustmentKind",
    "AdjustmentState",
    "Commission",
    "CommissionCut",
    "ComplianceCount",
    "EventKind",
    "Hold",
    "ImportRun",
    "LinkageEvent",
    "MaturingSum",
    "MoveKind",
    "PlanVersion",
    "Position",
    "Rank",
    "Reward",
    "RewardKind",
    "RunKind",
    "RunState",
    "SettledOrder",
    "Shard",
    "SimulationRun",
    "Stream",
    "TaskProgress",
    "TeamMove",
    "named",
]
