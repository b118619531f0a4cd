"""Marks of shops and people: supplier seals, banners of the home page, avatars by initials."""

from mall.pictures.label import SEAL_RED, SIGN_FACE, glyph
from mall.pictures.scenes import FORMS
from mall.pictures.sheet import Palette, Sheet, leaf, seeded, shadow, tone


def seal_svg(character: str, side: int = 240) -> str:
    """The seal of a supplier: an outlined cinnabar stamp on paper."""
    sheet = Sheet()
    gap, line = side * 0.1, side * 0.05
    body = (
        f'<rect width="{side}" height="{side}" rx="{side * 0.16:g}" fill="#fdf8f2"/>'
        f'<rect x="{gap:g}" y="{gap:g}" width="{side - 2 * gap:g}" height="{side - 2 * gap:g}" rx="{side * 0.1:g}" fill="none" '
        f'stroke="{SEAL_RED}" stroke-width="{line:g}"/>'
        + glyph(character[:1], side / 2, side / 2, side * 0.56, SEAL_RED, face=SIGN_FACE)
    )
    return sheet.write(body, side, side)


def avatar_svg(name: str, key: str, side: int = 160) -> str:
    """A round-ready portrait: the last character of a name on a quiet tone taken from a key."""
    sheet = Sheet()
    hue = seeded(key, "avatar").randrange(0, 360, 30)
    body = f'<rect width="{side}" height="{side}" fill="{tone(hue, 40, 88)}"/>' + glyph(
        name[-1:] or "禾", side / 2, side / 2, side * 0.42, tone(hue, 55, 27), face=SIGN_FACE
    )
    return sheet.write(body, side, side)


# White words stand out from each of them.
GROUNDS = {
    "jade": ("#0c5443", "#12715b", "#2a8d73"),
    "brick": ("#7d2413", "#a5351f", "#bf5638"),
    "ink": ("#1f2f48", "#2f4a6d", "#4a6b93"),
    "plum": ("#552038", "#7a3352", "#995270"),
}


def banner_svg(
    slug: str,
    hue: int,
    silhouette: str,
    label: str,
    mark: str = "",
    *,
    ground: str = "jade",
    width: int = 750,
    height: int = 320,
) -> str:
    """The art of a banner: the product in a disc at the right, waves and leaves, room for words at the left."""
    sheet = Sheet()
    palette = Palette.of(hue, slug)
    first, middle, last = GROUNDS[ground]
    cloth = sheet.across((0, first), (60, middle), (100, last), slope=40)
    disc = sheet.down((0, palette.sky), (100, palette.table))
    form, form_width, form_height = FORMS.get(silhouette, FORMS["box"])
    scale = min(height * 0.66 / form_height, height * 0.74 / form_width)
    waves = "".join(
        f'<path d="M0 {height * 0.62 + step * 17:g}C{width * 0.25:g} {height * 0.36 + step * 15:g} {width * 0.42:g} {height * 0.98 + step * 9:g} '
        f'{width} {height * 0.5 + step * 19:g}" fill="none" stroke="#fff" stroke-opacity="{0.2 - step * 0.022:g}" stroke-width="2"/>'
        for step in range(7)
    )
    x, y, radius = width - height * 0.52, height / 2, height * 0.43
    clip = sheet.clip(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}"/>')
    foot = y + form_height * scale * 0.54
    body = (
        f'<rect width="{width}" height="{height}" fill="{cloth}"/>{waves}'
        + leaf(round(width * 0.5), round(height * 0.3), round(height * 0.4), -64, "#ffffff", 9)
        + leaf(round(width * 0.52), round(height * 0.36), round(height * 0.46), -14, "#ffffff", 7)
        + f'<circle cx="{x:g}" cy="{y:g}" r="{radius + 7:g}" fill="#fff" opacity=".16"/><g clip-path="{clip}">'
        f'<rect x="{x - radius:g}" y="{y - radius:g}" width="{radius * 2:g}" height="{radius * 2:g}" fill="{disc}"/>'
        f'<rect x="{x - radius:g}" y="{foot - 22:g}" width="{radius * 2:g}" height="{radius:g}" fill="{palette.table_low}"/>'
        + shadow(sheet, round(x + 8), round(foot), round(form_width * scale * 1.3))
        + f'<g transform="translate({x:g} {foot:g}) scale({scale:g})">{form(sheet, palette, label[:6], mark or label[:1])}</g></g>'
    )
    return sheet.write(body, width, height)


def category_svg(slug: str, hue: int, silhouette: str, label: str, mark: str = "", side: int = 160) -> str:
    """A product on the ground of its colour, small and without props: to be cut round."""
    sheet = Sheet()
    palette = Palette.of(hue, slug)
    form, form_width, form_height = FORMS.get(silhouette, FORMS["box"])
    scale = min(side * 0.62 / form_height, side * 0.66 / form_width)
    foot = side * 0.5 + form_height * scale * 0.52
    body = (
        f'<rect width="{side}" height="{side}" fill="{sheet.down((0, palette.sky), (100, palette.table))}"/>'
        f'<path d="M0 {foot - 16:g}Q{side / 2:g} {foot - 24:g} {side} {foot - 16:g}V{side}H0Z" fill="{palette.table_low}"/>'
        + shadow(sheet, round(side / 2 + 3), round(foot), round(form_width * scale * 1.3))
        + f'<g transform="translate({side / 2:g} {foot:g}) scale({scale:g})">{form(sheet, palette, label[:6], mark or label[:1])}</g>'
    )
    return sheet.write(body, side, side)
