"""What can be done with messages, help and tickets, one function each. Time is an argument."""

from .disputes import keep_dispute
from .earnings import tell_due_holds, tell_earnings, tell_rules
from .handling import hand_over, note_on_dispute, release_item, tag_item, take_item
from .help import ArticleText, HelpRefused, save_article, save_topic
from .merging import merge_ticket
from .messages import News, forget_messages, mute, read_all, read_message, tell, tell_price_drops
from .refusals import TicketRefused
from .tickets import (
    answer_ticket,
    ask_supplier,
    close_quiet_tickets,
    close_ticket,
    note_on_ticket,
    open_ticket,
    praise_ticket,
    reopen_ticket,
    supplier_answers,
    write_in_ticket,
)
from .wordings import save_tag, save_template

__all__ = [
    "ArticleText",
    "HelpRefused",
    "News",
    "TicketRefused",
    "answer_ticket",
    "ask_supplier",
    "close_quiet_tickets",
    "close_ticket",
    "forget_messages",
    "hand_over",
    "keep_dispute",
    "merge_ticket",
    "mute",
    "note_on_dispute",
    "note_on_ticket",
    "open_ticket",
    "praise_ticket",
    "read_all",
    "read_message",
    "release_item",
    "reopen_ticket",
    "save_article",
    "save_tag",
    "save_template",
    "save_topic",
    "supplier_answers",
    "tag_item",
    "take_item",
    "tell",
    "tell_due_holds",
    "tell_earnings",
    "tell_price_drops",
    "tell_rules",
    "write_in_ticket",
]
