"""Figures of a day, what is aimed at, and runs of jobs."""

from .aims import Goal, GoalKind, Target, TargetKind
from .days import DayFigures
from .jobs import JobRun

__all__ = ["DayFigures", "Goal", "GoalKind", "JobRun", "Target", "TargetKind"]
