"""What the agent's pages show. Every query takes the member and finds nothing of others."""

from .earnings import EarningLine, EarningsPage, PeriodTotals, earnings, period_totals, tab_total_fen
from .holds import HoldGroup, OwnTasks, forfeited, holds, own_tasks
from .home import HomeSummary, home_summary
from .joining import Disclosure, disclosure
from .periods import Period, day_of, month_named, month_of, months_since
from .progress import Progress, Recruit, progress

__all__ = [
    "Disclosure",
    "EarningLine",
    "EarningsPage",
    "HoldGroup",
    "HomeSummary",
    "OwnTasks",
    "Period",
    "PeriodTotals",
    "Progress",
    "Recruit",
    "day_of",
    "disclosure",
    "earnings",
    "forfeited",
    "holds",
    "home_summary",
    "month_named",
    "month_of",
    "months_since",
    "own_tasks",
    "period_totals",
    "progress",
    "tab_total_fen",
]
