"""The pages of the service: messages, help, tickets, and the share card."""

from .help import article, help_page, wecom
from .messages import message_list, open_message, read_all, switches
from .tickets import ticket, ticket_close, ticket_list, ticket_new, ticket_photo, ticket_praise, ticket_reopen
from .wechat import js_sdk

__all__ = [
    "article",
    "help_page",
    "js_sdk",
    "message_list",
    "open_message",
    "read_all",
    "switches",
    "ticket",
    "ticket_close",
    "ticket_list",
    "ticket_new",
    "ticket_photo",
    "ticket_praise",
    "ticket_reopen",
    "wecom",
]
