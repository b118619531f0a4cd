"""Labels: vertical Chinese on paper with a red seal, as shops have printed them for centuries."""

from html import escape

from mall.pictures.sheet import Palette

SEAL_RED = "#c8341b"
FACE = "Noto Serif SC"
SIGN_FACE = "Noto Sans SC"


def glyph(text: str, x: float, y: float, size: float, colour: str, *, face: str = FACE, weight: float = 0.028) -> str:
    """One line of text centred on (x, y), thickened by a stroke since the face comes in one weight."""
    return (
        f'<text x="{x:g}" y="{y + size * 0.36:g}" font-family="{face}" font-size="{size:g}" text-anchor="middle" '
        f'fill="{colour}" stroke="{colour}" stroke-width="{size * weight:g}" stroke-linejoin="round">{escape(text)}</text>'
    )


def seal(x: float, y: float, size: float, character: str) -> str:
    """A red stamp with one white character, centred on (x, y)."""
    return (
        f'<rect x="{x - size / 2:g}" y="{y - size / 2:g}" width="{size:g}" height="{size:g}" rx="{size * 0.18:g}" '
        f'fill="{SEAL_RED}"/>' + glyph(character, x, y, size * 0.68, "#fffaf2", face=SIGN_FACE, weight=0.035)
    )


def columns(text: str) -> list[str]:
    """A label of up to six characters as one or two columns, read from the right."""
    if len(text) <= 3:
        return [text]
    half = (len(text) + 1) // 2
    return [text[half:], text[:half]]


def upright(text: str, x: float, y: float, width: float, height: float, colour: str) -> str:
    """Characters in columns within a box whose centre is (x, y)."""
    lines = columns(text)
    longest = max(len(line) for line in lines)
    size = min(height / (max(longest, 2) * 1.12), width / (len(lines) * 1.12))
    step = size * 1.12
    marks = []
    for number, line in enumerate(lines):
        left = x + (number - (len(lines) - 1) / 2) * size * 1.14
        top = y - step * (longest - 1) / 2
        marks += [glyph(character, left, top + step * row, size, colour) for row, character in enumerate(line)]
    return "".join(marks)


def paper_label(
    palette: Palette, text: str, seal_text: str, *, x: float, y: float, width: float, height: float, bend: float = 0
) -> str:
    """A paper label around (x, y); `bend` lets it follow a round body."""
    left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    inset = max(6.0, width * 0.06)

    def frame(gap: float) -> str:
        return (
            f"M{left + gap:g} {top + gap:g}Q{x:g} {top + gap + bend:g} {right - gap:g} {top + gap:g}"
            f"V{bottom - gap:g}Q{x:g} {bottom - gap + bend:g} {left + gap:g} {bottom - gap:g}Z"
        )

    beside = len(columns(text)) == 1 and width >= height * 0.62
    seal_size = min(width * 0.22, height * 0.15)
    foot = 0.0 if beside else inset + seal_size * 1.25
    text_height = height - inset * 3 - foot
    text_width = width - inset * 3.2 - (seal_size if beside else 0)
    under = len(text) <= 3 and not beside
    return (
        f'<path d="{frame(0)}" fill="{palette.paper}"/>'
        f'<path d="{frame(inset)}" fill="none" stroke="{palette.rule}" stroke-width="2"/>'
        + upright(
            text,
            x - seal_size * (0.36 if beside else 0),
            top + inset * 1.5 + text_height / 2 + bend / 2,
            text_width,
            text_height,
            palette.ink,
        )
        + seal(
            x if under else right - inset * 1.5 - seal_size / 2,
            bottom - inset * 1.6 - seal_size / 2 + bend * 0.4,
            seal_size,
            seal_text,
        )
    )


def round_label(palette: Palette, text: str, seal_text: str, *, x: float, y: float, radius: float) -> str:
    """A round paper label with a ring and its seal at the lower right."""
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{palette.paper}"/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius * 0.89:g}" fill="none" stroke="{palette.rule}" stroke-width="2"/>'
        + upright(text, x, y, radius * 1.1, radius * 1.3, palette.ink)
        + seal(x + radius * 0.7, y + radius * 0.66, radius * 0.34, seal_text)
    )
