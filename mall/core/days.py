"""Days as sentences name them, in the reader's language."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language


def day_words(at: datetime | None) -> str:
    """Return a day in Shanghai: 11月8日, in English Nov 8; nothing for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    if (get_language() or "").startswith("en"):
        return f"{local:%b} {local.day}"
    return f"{local.month}月{local.day}日"
