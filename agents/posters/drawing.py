"""Draws a poster: 750 by 1334 pixels, as JPEG of at most 200 KB. Pure: whatever stands on it comes in."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageOps

from .text import Ink, fitted, wrapped, write

WIDTH, HEIGHT = 750, 1334
BYTES_MAX = 200_000
QUALITIES = (88, 80, 70, 58, 45)
VERSION = 1
"""Part of what a poster is kept under: another one, and all posters are drawn anew."""

EDGE = 40
ART_HEIGHT = 640
FOOT_TOP = 1_020
CODE_SIDE_MIN = 180
QUIET_MODULES = 4

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
SEAL: Colour = (200, 52, 27)
CODE_INK: Colour = (31, 29, 26)


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a poster."""

    panel: Colour
    foot: Colour
    ink: Colour
    soft: Colour
    price: Colour
    tag: Colour
    tag_ink: Colour
    brand: Colour


LOOKS = {
    "paper": Look(
        (252, 249, 243),
        (244, 235, 222),
        (31, 29, 26),
        (107, 101, 95),
        (200, 52, 27),
        (253, 237, 232),
        (166, 43, 20),
        (74, 55, 30),
    ),
    "jade": Look(
        (18, 92, 75),
        (12, 72, 58),
        (255, 255, 255),
        (196, 222, 213),
        (255, 224, 160),
        (30, 112, 92),
        (226, 244, 238),
        (12, 84, 67),
    ),
    "rose": Look(
        (247, 228, 222),
        (236, 205, 196),
        (74, 25, 14),
        (122, 72, 60),
        (166, 43, 20),
        (255, 244, 240),
        (142, 40, 20),
        (94, 32, 20),
    ),
    "ink": Look(
        (40, 52, 76),
        (29, 39, 60),
        (255, 255, 255),
        (194, 203, 219),
        (255, 206, 150),
        (58, 73, 104),
        (226, 233, 246),
        (32, 44, 70),
    ),
}


@dataclass(frozen=True, slots=True)
class Poster:
    """All that stands on a poster. `pictures` are paths under media; `link` is the whole address of the QR code."""

    look: str
    site: str
    initial: str
    who: str
    link: str
    code: str
    title: str = ""
    subtitle: str = ""
    pictures: tuple[str, ...] = ()
    price: str = ""
    price_note: str = ""
    tags: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    origin: str = ""
    who_note: str = ""
    words: str = ""


def draw(poster: Poster, pictures: Mapping[str, bytes]) -> bytes:
    """Return the poster as JPEG. Pictures that are missing or broken are left out."""
    look = LOOKS[poster.look]
    canvas = Image.new("RGB", (WIDTH, HEIGHT), look.panel)
    _draw_art(canvas, poster, look, pictures)
    pen = ImageDraw.Draw(canvas)
    _draw_words(canvas, pen, poster, look)
    pen.rectangle((0, FOOT_TOP, WIDTH, HEIGHT), fill=look.foot)
    left = _draw_code(canvas, pen, poster, look)
    _draw_person(canvas, pen, poster, look, left - EDGE - 24)
    return _jpeg(canvas)


def _draw_art(canvas: Image.Image, poster: Poster, look: Look, pictures: Mapping[str, bytes]) -> None:
    found = [image for path in poster.pictures if (image := _opened(pictures.get(path)))]
    if len(found) >= 4:
        half, tall = WIDTH // 2, ART_HEIGHT // 2
        for place, image in enumerate(found[:4]):
            spot = (place % 2 * half, place // 2 * tall)
            canvas.paste(ImageOps.fit(image, (half, tall), Image.Resampling.LANCZOS), spot)
    elif found:
        canvas.paste(ImageOps.fit(found[0], (WIDTH, ART_HEIGHT), Image.Resampling.LANCZOS), (0, 0))
    else:
        canvas.paste(look.foot, (0, 0, WIDTH, ART_HEIGHT))
    name = fitted(poster.site, 300, 30)
    wide = Ink(30).width(name)
    _plate(canvas, (EDGE - 12, 28, EDGE + 52 + 16 + wide + 20, 100), WHITE, radius=18, opacity=205)
    _plate(canvas, (EDGE, 40, EDGE + 48, 88), SEAL, radius=9)
    pen = ImageDraw.Draw(canvas)
    write(pen, (EDGE + 24, 64), poster.site[:1], Ink(32, bold=True), WHITE, anchor="mm")
    write(pen, (EDGE + 64, 64), name, Ink(30, bold=True), CODE_INK if poster.look == "ink" else look.brand, anchor="lm")


def _draw_words(canvas: Image.Image, pen: ImageDraw.ImageDraw, poster: Poster, look: Look) -> None:
    y, room = ART_HEIGHT + 34, WIDTH - 2 * EDGE
    for line in wrapped(poster.title, room, Ink(48, bold=True), lines=2):
        write(pen, (EDGE, y), line, Ink(48, bold=True), look.ink)
        y += 62
    if poster.subtitle:
        y += 6
        write(pen, (EDGE, y), fitted(poster.subtitle, room, 28), Ink(28), look.soft)
        y += 46
    if poster.price:
        y = _draw_price(pen, poster, look, y + 6)
    for name, amount in poster.lines:
        if y + 46 > FOOT_TOP - 20:
            break
        write(pen, (EDGE, y + 6), fitted(name, room - 190, 29), Ink(29), look.ink)
        write(pen, (WIDTH - EDGE, y + 6), amount, Ink(29, bold=True), look.price, anchor="ra")
        y += 48
    if poster.tags and y + 56 <= FOOT_TOP - 12:
        y = _draw_tags(canvas, pen, poster, look, y + 10)
    note = poster.origin or (poster.price_note if not poster.price else "")
    if note and y + 40 <= FOOT_TOP - 8:
        write(pen, (EDGE, y + 8), fitted(note, room, 25), Ink(25), look.soft)


def _draw_price(pen: ImageDraw.ImageDraw, poster: Poster, look: Look, y: int) -> int:
    sign, whole, cents = Ink(42, bold=True), Ink(70, bold=True), Ink(42, bold=True)
    yuan, _point, rest = poster.price.removeprefix("¥").partition(".")
    base, x = y + 68, EDGE
    for text, ink in (("¥", sign), (yuan, whole), (f".{rest}", cents)):
        write(pen, (x, base), text, ink, look.price, anchor="ls")
        x += ink.width(text)
    write(pen, (x + 18, base), poster.price_note, Ink(25), look.soft, anchor="ls")
    return y + 88


def _draw_tags(canvas: Image.Image, pen: ImageDraw.ImageDraw, poster: Poster, look: Look, y: int) -> int:
    x = EDGE
    for tag in poster.tags:
        wide = Ink(25).width(tag) + 28
        if x + wide > WIDTH - EDGE:
            break
        _plate(canvas, (x, y, x + wide, y + 42), look.tag, radius=9)
        write(pen, (x + 14, y + 21), tag, Ink(25), look.tag_ink, anchor="lm")
        x += wide + 14
    return y + 52


def _draw_code(canvas: Image.Image, pen: ImageDraw.ImageDraw, poster: Poster, look: Look) -> int:
    """Draw the QR code on white with its quiet zone, and the short code below; return where its box begins."""
    code = segno.make(poster.link, error="m", boost_error=False, micro=False)
    rows = [bytes(row) for row in code.matrix]
    modules = len(rows)
    scale = -(-CODE_SIDE_MIN // modules)
    side = (modules + 2 * QUIET_MODULES) * scale
    marks = Image.frombytes("L", (modules, modules), bytes(0 if dark else 255 for row in rows for dark in row))
    right, top = WIDTH - EDGE + 8, FOOT_TOP + max(10, (HEIGHT - FOOT_TOP - side - 36) // 2)
    left = right - side
    _plate(canvas, (left, top, right, top + side), WHITE, radius=14)
    drawn = marks.resize((modules * scale, modules * scale), Image.Resampling.NEAREST)
    ink = Image.new("RGB", drawn.size, CODE_INK)
    quiet = QUIET_MODULES * scale
    canvas.paste(ink, (left + quiet, top + quiet), ImageOps.invert(drawn))
    middle = (left + right) // 2
    write(pen, (middle, top + side + 8), poster.code, Ink(24), look.ink, anchor="ma")
    return left


def _draw_person(canvas: Image.Image, pen: ImageDraw.ImageDraw, poster: Poster, look: Look, room: int) -> None:
    """Draw who recommends, and in two lines at most why."""
    lines = wrapped(poster.words, room, Ink(27), lines=2) if poster.words else []
    y = FOOT_TOP + (HEIGHT - FOOT_TOP - 88 - (16 + 40 * len(lines) if lines else 0)) // 2
    _plate(canvas, (EDGE, y, EDGE + 88, y + 88), (18, 113, 91), radius=44)
    write(pen, (EDGE + 44, y + 44), poster.initial, Ink(38, bold=True), WHITE, anchor="mm")
    who = fitted(poster.who, room - 108, 31)
    write(pen, (EDGE + 108, y + (8 if poster.who_note else 26)), who, Ink(31, bold=True), look.ink)
    if poster.who_note:
        write(pen, (EDGE + 108, y + 52), fitted(poster.who_note, room - 108, 24), Ink(24), look.soft)
    for place, line in enumerate(lines):
        write(pen, (EDGE, y + 104 + 40 * place), line, Ink(27), look.ink)


def _plate(
    canvas: Image.Image, box: tuple[int, int, int, int], colour: Colour, *, radius: int, opacity: int = 255
) -> None:
    """Fill a box with round corners; they are drawn four times as large and made small, so that they are smooth."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    mask = Image.new("L", (size[0] * 4, size[1] * 4))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] * 4 - 1, size[1] * 4 - 1), radius * 4, fill=opacity)
    canvas.paste(colour, box, mask.resize(size, Image.Resampling.BOX))


def _opened(content: bytes | None) -> Image.Image | None:
    if not content:
        return None
    try:
        found = Image.open(BytesIO(content), formats=("WEBP", "JPEG", "PNG"))
        return found.convert("RGB")
    except (OSError, ValueError):
        return None


def _jpeg(canvas: Image.Image) -> bytes:
    """Encode as well as fits into BYTES_MAX."""
    content = b""
    for quality in QUALITIES:
        out = BytesIO()
        canvas.save(out, "JPEG", quality=quality, optimize=True, subsampling=0 if quality > 80 else 2)
        content = out.getvalue()
        if len(content) <= BYTES_MAX:
            break
    return content
