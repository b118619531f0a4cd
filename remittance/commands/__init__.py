"""What can be done to statements of suppliers, one function each. Time is an argument."""

from .closing import close_due_periods, close_statement, confirm_overdue, confirm_statement
from .disputing import answer_dispute, check_dispute, open_dispute
from .paying import account_number, add_invoice, approve_payment, release_payment, send_back, set_account
from .refusals import RemittanceRefused
from .terms import set_terms

__all__ = [
    "RemittanceRefused",
    "account_number",
    "add_invoice",
    "answer_dispute",
    "approve_payment",
    "check_dispute",
    "close_due_periods",
    "close_statement",
    "confirm_overdue",
    "confirm_statement",
    "open_dispute",
    "release_payment",
    "send_back",
    "set_account",
    "set_terms",
]
