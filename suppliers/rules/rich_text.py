"""Markup that suppliers write: what is on the list stays, everything else goes."""

import html
import re

import nh3

HTML_MAX = 20_000
# Deeper than any layout; markup that nests further is a trap for parsers and is kept as text alone.
DEPTH_MAX = 40
TAGS = {
    *("p", "br", "hr", "h3", "h4", "ul", "ol", "li", "strong", "b", "em", "i", "blockquote", "figure", "figcaption"),
    *("img", "table", "thead", "tbody", "tr", "th", "td", "span"),
}
ATTRIBUTES = {"img": {"src", "alt", "width", "height"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_PICTURE = re.compile(r"/media/(?!.*\.\.)[\w./-]{1,180}\.(?:webp|jpe?g|png)")
_NUMBER = re.compile(r"[0-9]{1,4}")
_LOST_PICTURE = re.compile(r"<img(?![^>]* src=)[^>]*>")
_VOID = re.compile(r"<(?:br|hr|img)\b", re.IGNORECASE)
_TAG = re.compile(r"<(/?)[a-zA-Z][^>]*>")


def clean_html(text: str) -> str:
    """Return markup without anything that runs, styles, links or loads from elsewhere. Pictures are the mall's own.

    Raises ValueError where it is longer than HTML_MAX.
    """
    if len(text) > HTML_MAX:
        raise ValueError("too long")
    if _depth(text) > DEPTH_MAX:
        return html.escape(plain_text(text))
    cleaned = nh3.clean(
        text.replace("\x00", ""),
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template", "noscript", "title"},
        attribute_filter=_attribute,
        url_schemes=set(),
        link_rel=None,
        strip_comments=True,
    )
    return _LOST_PICTURE.sub("", cleaned).strip()


def plain_text(text: str) -> str:
    """Return the words of markup, for the search."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if _PICTURE.fullmatch(value) else None
    if name in ("width", "height", "colspan", "rowspan"):
        return value if _NUMBER.fullmatch(value) else None
    return value


def _depth(text: str) -> int:
    """Return how deep tags nest at most, counting every one that opens and is not void."""
    depth = deepest = 0
    for match in _TAG.finditer(text):
        if match[1]:
            depth = max(0, depth - 1)
        elif not _VOID.match(match[0]):
            depth += 1
            deepest = max(deepest, depth)
    return deepest
