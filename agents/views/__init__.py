"""The agent's pages: `desk` is what one is and does, `money` what one has."""

from .desk import home, join, progress, rules, share, tasks
from .money import earnings, frozen, trace, withdraw, withdrawal, withdrawals

__all__ = [
    "earnings",
    "frozen",
    "home",
    "join",
    "progress",
    "rules",
    "share",
    "tasks",
    "trace",
    "withdraw",
    "withdrawal",
    "withdrawals",
]
