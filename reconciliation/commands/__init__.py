"""Checking days, settling what differs, and closing days.

What one person proposes or asks for, another confirms. A closed day is locked. What comes to light later about it is an
item of the first open day that is checked, named by the date to which it belongs; only who wants to change the closed
day's own figures has two people reopen it.
"""

from .checking import ask_check, check_yesterday, run_check, sweep_checks
from .closing import ask_to_close, ask_to_reopen, close_day, refuse_request, reopen_day
from .refusals import APPROVE, CHECK, ReconciliationRefused
from .settling import confirm_item, propose_item, return_item

__all__ = [
    "APPROVE",
    "CHECK",
    "ReconciliationRefused",
    "ask_check",
    "ask_to_close",
    "ask_to_reopen",
    "check_yesterday",
    "close_day",
    "confirm_item",
    "propose_item",
    "refuse_request",
    "reopen_day",
    "return_item",
    "run_check",
    "sweep_checks",
]
