"""What is read of messages, help and tickets."""

from .help import HelpSection, article_by_slug, articles_beside, help_sections, hot_articles, search_help
from .messages import messages_page, muted_kinds, unread_count, unread_counts
from .tickets import (
    order_asked_about,
    orders_to_ask_about,
    photo_of,
    posts_for_member,
    posts_for_operators,
    posts_for_supplier,
    queue_counts,
    reply_templates,
    ticket_of,
    ticket_photo,
    tickets_page,
    tickets_waiting,
)

__all__ = [
    "HelpSection",
    "article_by_slug",
    "articles_beside",
    "help_sections",
    "hot_articles",
    "messages_page",
    "muted_kinds",
    "order_asked_about",
    "orders_to_ask_about",
    "photo_of",
    "posts_for_member",
    "posts_for_operators",
    "posts_for_supplier",
    "queue_counts",
    "reply_templates",
    "search_help",
    "ticket_of",
    "ticket_photo",
    "tickets_page",
    "tickets_waiting",
    "unread_count",
    "unread_counts",
]
