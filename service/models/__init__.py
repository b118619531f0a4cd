"""Messages, help and tickets, and what members asked about their own data."""

from .help import HelpArticle, HelpTopic
from .message import Kind, Message, MutedKind
from .telling import Telling
from .ticket import Author, ReplyTemplate, Ticket, TicketPhoto, TicketPost, TicketState, Topic

__all__ = [
    "Author",
    "HelpArticle",
    "HelpTopic",
    "Kind",
    "Message",
    "MutedKind",
    "ReplyTemplate",
    "Telling",
    "Ticket",
    "TicketPhoto",
    "TicketPost",
    "TicketState",
    "Topic",
]
