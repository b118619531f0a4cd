"""Chinese and Latin text on a picture, with the one face that the mall carries."""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from PIL import ImageDraw, ImageFont

from mall.core.faces import sans_face

ELLIPSIS = "…"
# Lines never begin with these.
CLOSING = "，。、；：！？）》」』”’%,.;:!?)"


@dataclass(frozen=True, slots=True)
class Ink:
    """A size in pixels. The face has one weight: bold is drawn with a stroke."""

    size: int
    bold: bool = False

    @property
    def stroke(self) -> float:
        return self.size * 0.028 if self.bold else 0

    def width(self, text: str) -> int:
        return round(_face(self.size).getlength(text))


def write(
    pen: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    ink: Ink,
    colour: tuple[int, int, int],
    *,
    anchor: str = "la",
) -> None:
    """Write one line; what the face has no sign for is left out."""
    pen.text(
        place,
        known(text),
        font=_face(ink.size),
        fill=colour,
        anchor=anchor,
        stroke_width=ink.stroke,
        stroke_fill=colour,
    )


def fitted(text: str, room: int, size: int) -> str:
    """Return a line cut to fit, with an ellipsis where something is missing."""
    line = known(text)
    ink = Ink(size)
    if ink.width(line) <= room:
        return line
    while line and ink.width(line + ELLIPSIS) > room:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS


def wrapped(text: str, room: int, ink: Ink, *, lines: int) -> list[str]:
    """Return a text in lines that fit, the last one cut where there is more."""
    rest, done = known(text), list[str]()
    while rest and len(done) < lines - 1:
        count = _fitting(rest, room, ink)
        done.append(rest[:count].rstrip())
        rest = rest[count:].lstrip()
    return [*done, fitted(rest, room, ink.size)] if rest else done


def known(text: str) -> str:
    """Return a text without what the face cannot show: emoji, and signs of other scripts."""
    return " ".join("".join(char for char in text if char.isspace() or _has_sign(char)).split())


def _fitting(text: str, room: int, ink: Ink) -> int:
    """Return how many characters stand in one line: words in Latin letters are not broken where they need not be."""
    count = len(text)
    while count > 1 and ink.width(text[:count]) > room:
        count -= 1
    if count == len(text):
        return count
    while count > 1 and text[count] in CLOSING:
        count -= 1
    broken = count
    while broken > 1 and text[broken - 1].isascii() and text[broken].isascii() and text[broken - 1] != " ":
        broken -= 1
    return broken if broken > count // 2 else count


@cache
def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_face()), size)


@lru_cache(maxsize=4_096)
def _has_sign(char: str) -> bool:
    if unicodedata.category(char).startswith("C"):
        return False
    return bytes(_face(32).getmask(char)) != _no_sign()


@cache
def _no_sign() -> bytes:
    """What the face shows for a character that nobody will ever assign."""
    return bytes(_face(32).getmask("\uffff"))
