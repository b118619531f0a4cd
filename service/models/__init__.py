"""Messages, help, tickets, and the disputes that stand in the same queue."""

from .dispute import Dispute, DisputeNote
from .help import HelpArticle, HelpTopic
from .message import Kind, Message, MutedKind
from .telling import Telling
from .ticket import Author, ReplyTemplate, Tag, Ticket, TicketPhoto, TicketPost, TicketState, Topic

__all__ = [
    "Author",
    "Dispute",
    "DisputeNote",
    "HelpArticle",
    "HelpTopic",
    "Kind",
    "Message",
    "MutedKind",
    "ReplyTemplate",
    "Tag",
    "Telling",
    "Ticket",
    "TicketPhoto",
    "TicketPost",
    "TicketState",
    "Topic",
]
