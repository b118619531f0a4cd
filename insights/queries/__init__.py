"""Reading figures, targets and promises: kept rows, and of today what an index tells."""

from .aims import GoalTrack, goal_history, goal_tracks, goals_in_force, target_history, targets_in_force
from .figures import Known, Period, known, period_of
from .latest import big_refunds

__all__ = [
    "GoalTrack",
    "Known",
    "Period",
    "big_refunds",
    "goal_history",
    "goal_tracks",
    "goals_in_force",
    "known",
    "period_of",
    "target_history",
    "targets_in_force",
]
