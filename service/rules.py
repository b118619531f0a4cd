"""What help articles may hold, and how tickets change. Pure."""

import html
import re

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
PHOTOS_MAX = 6
TICKETS_A_DAY_MAX = 8
POSTS_AN_HOUR_MAX = 20
REOPEN_DAYS = 15
QUIET_DAYS = 5


def step(state: str, name: str) -> str | None:
    """Return the state that a step leads to, or None where it is not possible."""
    return STEPS[name].get(state)


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
