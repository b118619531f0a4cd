"""What can be done with figures, targets and promises. Time is an argument."""

from .aims import set_goal, set_target
from .days import Repeating, check_days, make_days, rebuild_days
from .jobs import record_run
from .refusals import InsightsRefused

__all__ = [
    "InsightsRefused",
    "Repeating",
    "check_days",
    "make_days",
    "rebuild_days",
    "record_run",
    "set_goal",
    "set_target",
]
