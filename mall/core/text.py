"""People's text, as it is kept."""

import unicodedata

# Joins emoji; all other format characters (bidi overrides among them) are dropped.
_ZERO_WIDTH_JOINER = "\u200d"
_UNREADABLE = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean_line(text: str, length_max: int) -> str:
    """Return one line of people's text: trimmed, spaces folded, control and format characters (bidi overrides) dropped.

    Raises ValueError where it is longer than `length_max` characters, or holds NUL.
    """
    if len(text) > length_max * 4 or "\x00" in text:
        raise ValueError("too long")
    kept = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text)
        if char.isspace() or char == _ZERO_WIDTH_JOINER or unicodedata.category(char) not in _UNREADABLE
    )
    line = " ".join(kept.split())
    if len(line) > length_max:
        raise ValueError("too long")
    return line


def clean_text(text: str, length_max: int) -> str:
    """Return people's text of several lines: each as `clean_line` makes it, at most one empty line between two.

    Raises ValueError where it is longer than `length_max` characters, or holds NUL.
    """
    if len(text) > length_max * 4 or "\x00" in text:
        raise ValueError("too long")
    kept: list[str] = []
    for line in (clean_line(raw, length_max) for raw in text.splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    joined = "\n".join(kept).strip()
    if len(joined) > length_max:
        raise ValueError("too long")
    return joined
