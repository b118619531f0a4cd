"""What a plan would do: the rules over an invented tree or over events that happened, and the figures by which two
plans are laid side by side. No database, no clock, no fraction.

A `Course` is one plan's way through a scenario; `figures_of` sums it up and `comparison` lays two of them together.
"""

from .course import Course, Sample
from .figures import Figures, comparison, figures_of
from .scenario import (
    DAYS_MAX,
    DAYS_MIN,
    SHAPES,
    SIZE_MAX,
    SIZE_MIN,
    Scenario,
    ScenarioError,
    play,
)

__all__ = [
    "DAYS_MAX",
    "DAYS_MIN",
    "SHAPES",
    "SIZE_MAX",
    "SIZE_MIN",
    "Course",
    "Figures",
    "Sample",
    "Scenario",
    "ScenarioError",
    "comparison",
    "figures_of",
    "play",
]
