"""What help articles may hold, how tickets change, and by when they are answered and solved. Pure."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import nh3

HTML_MAX = 20_000
TAGS = {
    "p",
    "br",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
}
_ADDRESS = re.compile(r"/(?!/)[^\s\\]{0,200}|https://[^\s\\]{1,200}|tel:[0-9+-]{3,20}")
_MARKUP = re.compile(r"<(?:p|h3|h4|ul|ol|table|blockquote)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")

# Who speaks next: from which state a step is possible, and where it leads.
WAITING, ANSWERED, CLOSED = "waiting", "answered", "closed"
STEPS: dict[str, dict[str, str]] = {
    "write": {WAITING: WAITING, ANSWERED: WAITING},
    "answer": {WAITING: ANSWERED, ANSWERED: ANSWERED},
    "close": {WAITING: CLOSED, ANSWERED: CLOSED},
    "reopen": {CLOSED: WAITING},
}

TEXT_MAX = 1000
# What is filled in where a template is used.
PLACEHOLDERS = ("称呼", "订单", "工单", "商品", "客服")
_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,20})\}")
PHOTOS_MAX = 6
TICKETS_A_DAY_MAX = 8
POSTS_AN_HOUR_MAX = 20
RESOLVE_HOURS = 72
REOPEN_DAYS = 15
QUIET_DAYS = 5


def step(state: str, name: str) -> str | None:
    """Return the state that a step leads to, or None where it is not possible."""
    return STEPS[name].get(state)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """By when a ticket is answered first and solved, and since when the clock stands; it runs where that is None."""

    reply_due_at: datetime
    resolve_due_at: datetime
    stopped_at: datetime | None = None

    def stopped(self, at: datetime) -> "Deadlines":
        """Return them with the clock standing from `at` on, or since it did already."""
        return Deadlines(self.reply_due_at, self.resolve_due_at, self.stopped_at or at)

    def running(self, at: datetime, *, replied: bool) -> "Deadlines":
        """Return them with the clock running again: what was still to come is later by as long as it stood."""
        stood = max(at - self.stopped_at, timedelta()) if self.stopped_at is not None else timedelta()
        return Deadlines(self.reply_due_at + (timedelta() if replied else stood), self.resolve_due_at + stood)

    def next_due_at(self, *, replied: bool) -> datetime | None:
        """Return the next of the two while the clock runs, else None."""
        if self.stopped_at is not None:
            return None
        return self.resolve_due_at if replied else min(self.reply_due_at, self.resolve_due_at)

    def together(self, other: "Deadlines") -> "Deadlines":
        """Return the earlier of two tickets' deadlines; both clocks run."""
        return Deadlines(min(self.reply_due_at, other.reply_due_at), min(self.resolve_due_at, other.resolve_due_at))


def first_deadlines(opened_at: datetime, *, reply_hours: int, resolve_hours: int) -> Deadlines:
    """Return the deadlines of a ticket that was opened then."""
    return Deadlines(opened_at + timedelta(hours=reply_hours), opened_at + timedelta(hours=resolve_hours))


def placeholders(text: str) -> set[str]:
    """Return what stands in braces in a text."""
    return set(_PLACEHOLDER.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a template with what is known filled in; what is not known stays in its braces, for somebody to see."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)


def article_html(text: str) -> str:
    """Return an article's markup with nothing in it that runs, styles or loads. Plain text becomes paragraphs, lines
    that begin with `- ` a list. Raises ValueError where it is longer than HTML_MAX."""
    if len(text) > HTML_MAX:
        raise ValueError("too long")
    marked = text if _MARKUP.search(text) else _paragraphs(text)
    return nh3.clean(
        marked.replace("\x00", ""),
        tags=TAGS,
        attributes={"a": {"href"}},
        clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template", "noscript", "title"},
        attribute_filter=lambda tag, name, value: value if _ADDRESS.fullmatch(value) else None,
        url_schemes={"https", "tel"},
        link_rel="nofollow noopener",
        strip_comments=True,
    ).strip()


def words_in(markup: str) -> str:
    """Return the words of cleaned markup."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _paragraphs(text: str) -> str:
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [html.escape(line.strip()) for line in block.splitlines() if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            blocks.append("<ul>" + "".join(f"<li>{line[2:]}</li>" for line in lines) + "</ul>")
        elif lines:
            blocks.append("<p>" + "<br>".join(lines) + "</p>")
    return "".join(blocks)
