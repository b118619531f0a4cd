"""What the service desk refuses, and the words that it takes."""

from django.utils.translation import gettext_lazy as _

from mall.core.text import clean_text
from service import rules


class TicketRefused(Exception):
    """What cannot be done with a ticket or a dispute now. The text is for whoever asked."""


def cleaned(text: str) -> str:
    """Return somebody's words as they are kept. Raises TicketRefused where there are none, or too many."""
    try:
        words = clean_text(text, rules.TEXT_MAX)
    except ValueError:
        raise TicketRefused(_("最多写 1000 个字")) from None
    if not words:
        raise TicketRefused(_("请写下要说的话"))
    return words
