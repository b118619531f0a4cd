"""The service desk and the help at /ops/, and what suppliers were asked."""

from . import desk, disputes, help, tickets, topics

__all__ = ["desk", "disputes", "help", "tickets", "topics"]
