"""The agent's pages: `desk` is what one is and does, `money` what one has, `team` whom one brought in and leads."""

from .calendar import calendar
from .desk import home, join, notices, progress, rules, share, tasks
from .money import earnings, frozen, trace, withdraw, withdrawal, withdrawals
from .orders import orders
from .proof import proof, proof_download
from .statements import statement, statement_csv, statement_pdf, statements
from .team import team_list, team_moves, team_node, team_tree

__all__ = [
    "calendar",
    "earnings",
    "frozen",
    "home",
    "join",
    "notices",
    "orders",
    "progress",
    "proof",
    "proof_download",
    "rules",
    "share",
    "statement",
    "statement_csv",
    "statement_pdf",
    "statements",
    "tasks",
    "team_list",
    "team_moves",
    "team_node",
    "team_tree",
    "trace",
    "withdraw",
    "withdrawal",
    "withdrawals",
]
