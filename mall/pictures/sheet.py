"""A sheet of SVG: the markup of a drawing and the gradients that it uses."""

import colorsys
from dataclasses import dataclass
from hashlib import sha256
from random import Random


def tone(hue: int, saturation: int, lightness: int) -> str:
    """The colour of a hue in degrees, saturation and lightness in percent, as #rrggbb."""
    saturation = max(0, min(100, saturation))
    lightness = max(0, min(100, lightness))
    channels = colorsys.hls_to_rgb(hue % 360 / 360, lightness / 100, saturation / 100)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def seeded(*parts: object) -> Random:
    """A source of chance that is the same for the same parts on every machine."""
    digest = sha256("\x1f".join(map(str, parts)).encode()).digest()
    return Random(int.from_bytes(digest[:8], "big"))


@dataclass(frozen=True)
class Palette:
    """The tones of one drawing, all taken from one hue."""

    hue: int
    sky: str
    sky_low: str
    table: str
    table_low: str
    leaf: str
    body: str
    body_light: str
    body_dark: str
    body_deep: str
    lid: str
    lid_light: str
    lid_dark: str
    ink: str
    paper: str
    rule: str

    @classmethod
    def of(cls, hue: int, slug: str) -> "Palette":
        """The palette of a product: the body takes the hue, the lid one of five quiet tones."""
        lid_hue, lid_saturation, lid_lightness = seeded(slug, "lid").choice(
            [(216, 26, 26), (26, 22, 24), (160, 28, 24), (hue, 34, 26), (38, 30, 34)]
        )
        warm = 20 <= hue <= 60
        strength = 46 if warm else 36
        return cls(
            hue=hue,
            sky=tone(hue + 4, 36, 94),
            sky_low=tone(hue + 12, 30, 87),
            table=tone(hue + 10, 28, 84),
            table_low=tone(hue + 8, 26, 76),
            leaf=tone(hue + 12, 24, 72),
            body=tone(hue, strength, 46),
            body_light=tone(hue + 4, strength, 61),
            body_dark=tone(hue - 4, strength, 35),
            body_deep=tone(hue - 6, strength, 26),
            lid=tone(lid_hue, lid_saturation, lid_lightness),
            lid_light=tone(lid_hue, lid_saturation - 4, lid_lightness + 16),
            lid_dark=tone(lid_hue, lid_saturation, lid_lightness - 10),
            ink=tone(hue, 36, 15),
            paper="#fcf8ef",
            rule=tone(hue + 10, 26, 74),
        )


class Sheet:
    """Collects gradients and clips while a drawing is made, and writes the SVG."""

    def __init__(self) -> None:
        self._definitions: list[str] = []

    def _define(self, template: str) -> str:
        name = f"d{len(self._definitions)}"
        self._definitions.append(template.replace("@", name))
        return f"url(#{name})"

    def across(self, *stops: tuple[int, str], slope: int = 0) -> str:
        """A gradient from left to right; stops are (percent, colour)."""
        return self._define(f'<linearGradient id="@" x2="1" y2="{slope / 100:g}">{_stops(stops)}</linearGradient>')

    def down(self, *stops: tuple[int, str]) -> str:
        """A gradient from top to bottom."""
        return self._define(f'<linearGradient id="@" x2="0" y2="1">{_stops(stops)}</linearGradient>')

    def glow(self, colour: str, strength: int, middle: int = 45) -> str:
        """A round gradient that fades a colour, strong in the middle, to nothing."""
        return self._define(
            f'<radialGradient id="@"><stop offset="{middle / 100:g}" stop-color="{colour}" '
            f'stop-opacity="{strength / 100:g}"/><stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
        )

    def round_body(self, light: str, body: str, dark: str) -> str:
        """The shading of something round that is lit from the left."""
        return self.across((0, dark), (14, body), (32, light), (58, body), (100, dark))

    def clip(self, shape: str) -> str:
        """A clip by a shape, to be used as clip-path."""
        return self._define(f'<clipPath id="@">{shape}</clipPath>')

    def write(self, body: str, width: int, height: int) -> str:
        """The finished SVG."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
            f"<defs>{''.join(self._definitions)}</defs>{body}</svg>"
        )


def _stops(stops: tuple[tuple[int, str], ...]) -> str:
    return "".join(f'<stop offset="{percent / 100:g}" stop-color="{colour}"/>' for percent, colour in stops)


def shadow(sheet: Sheet, x: int, y: int, width: int, colour: str = "#2b2118", strength: int = 42) -> str:
    """The soft shadow of a thing `width` wide that stands at (x, y)."""
    fade = sheet.glow(colour, strength, 30)
    return f'<ellipse cx="{x}" cy="{y}" rx="{width // 2}" ry="{max(10, width // 14)}" fill="{fade}"/>'


def leaf(x: int, y: int, length: int, turn: int, colour: str, strength: int = 100) -> str:
    """One leaf with its middle vein; `turn` in degrees."""
    return (
        f'<g transform="translate({x} {y}) rotate({turn})" opacity="{strength / 100:g}">'
        f'<path d="M0 0C{length * 0.25:g} {-length * 0.34:g} {length * 0.75:g} {-length * 0.3:g} {length} 0'
        f'C{length * 0.75:g} {length * 0.12:g} {length * 0.25:g} {length * 0.2:g} 0 0Z" fill="{colour}"/>'
        f'<path d="M0 0Q{length * 0.5:g} {-length * 0.1:g} {length} 0" fill="none" stroke="#fff" stroke-opacity=".35" '
        f'stroke-width="1.5"/></g>'
    )
