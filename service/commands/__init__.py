"""What can be done with messages, help and tickets, one function each. Time is an argument."""

from .earnings import tell_due_holds, tell_earnings, tell_rules
from .help import ArticleText, HelpRefused, save_article, save_topic
from .messages import News, forget_messages, mute, read_all, read_message, tell, tell_price_drops
from .tickets import (
    TicketRefused,
    answer_ticket,
    ask_supplier,
    assign_ticket,
    close_quiet_tickets,
    close_ticket,
    note_on_ticket,
    open_ticket,
    praise_ticket,
    reopen_ticket,
    save_template,
    supplier_answers,
    write_in_ticket,
)

__all__ = [
    "ArticleText",
    "HelpRefused",
    "News",
    "TicketRefused",
    "answer_ticket",
    "ask_supplier",
    "assign_ticket",
    "close_quiet_tickets",
    "close_ticket",
    "forget_messages",
    "mute",
    "note_on_ticket",
    "open_ticket",
    "praise_ticket",
    "read_all",
    "read_message",
    "reopen_ticket",
    "save_article",
    "save_template",
    "save_topic",
    "supplier_answers",
    "tell",
    "tell_due_holds",
    "tell_earnings",
    "tell_price_drops",
    "tell_rules",
    "write_in_ticket",
]
