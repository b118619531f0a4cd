"""What can be done about signs of fraud. Time is an argument."""

from .deciding import decide_hit, hold_member, release_member, write_note
from .refusals import RiskRefused
from .scanning import scan
from .setting import set_rule

__all__ = [
    "RiskRefused",
    "decide_hit",
    "hold_member",
    "release_member",
    "scan",
    "set_rule",
    "write_note",
]
