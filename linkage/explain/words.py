"""How an explanation writes rates, moments and emphasised words."""

from datetime import datetime
from string import Formatter

from django.utils import timezone


def percent_zh(rate_bps: int) -> str:
    """Return basis points as people read them: 20%, 0.6%."""
    whole, hundredths = divmod(rate_bps, 100)
    return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".") + "%"


def said(text: str, words: dict[str, str]) -> list[tuple[str, bool]]:
    """Fill a sentence and return its parts, each with whether it is emphasised: `{name}` is, `[name]` is not."""
    plain = {f"[{name}]": word for name, word in words.items()}
    pieces = []
    for literal, name, _spec, _conversion in Formatter().parse(text):
        for mark, word in plain.items():
            literal = literal.replace(mark, word)
        if literal:
            pieces.append((literal, False))
        if name is not None:
            pieces.append((words[name], True))
    return pieces


def short(at: datetime | None) -> str:
    """Return a moment for columns, such as 11-08 20:14; nothing for None."""
    return "" if at is None else f"{timezone.localtime(at):%m-%d %H:%M}"
