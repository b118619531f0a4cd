"""Compositions: the same product on its ground, in use, from near, beside its carton, and as buyers picture it."""

from collections.abc import Callable
from random import Random

from mall.pictures import containers, wares
from mall.pictures.label import seal
from mall.pictures.props import BESIDE, theme_of
from mall.pictures.sheet import Palette, Sheet, leaf, seeded, shadow, tone

SIDE = 750
Form = Callable[[Sheet, Palette, str, str], str]

FORMS: dict[str, tuple[Form, int, int]] = {
    "jar": (containers.jar, 266, 410),
    "bottle": (containers.bottle, 184, 445),
    "tin": (containers.tin, 430, 330),
    "box": (containers.box, 322, 352),
    "pouch": (containers.pouch, 268, 382),
    "bag": (containers.bag, 272, 398),
    "tube": (containers.tube, 236, 420),
    "pump": (containers.pump, 220, 420),
    "basket": (containers.basket, 364, 360),
    "egg-crate": (containers.egg_crate, 412, 250),
    "candle": (containers.candle, 256, 420),
    "cup": (wares.cup, 330, 424),
    "plate": (wares.plate, 392, 420),
    "pot": (wares.pot, 460, 348),
    "gaiwan": (wares.gaiwan, 432, 376),
    "steamer": (wares.steamer, 400, 460),
    "textile": (wares.textile, 382, 300),
    "brush": (wares.brush, 300, 510),
    "lantern": (wares.lantern, 364, 480),
    "notebook": (wares.notebook, 310, 400),
    "fan": (wares.fan, 330, 450),
    "toy": (wares.toy, 250, 450),
    "bowl": (wares.bowl, 440, 360),
    "gift": (wares.gift, 560, 330),
}
"""Silhouette → how it is drawn, its width and its height."""

VIEWS = ("hero", "scene", "detail", "packing")


def product_svg(slug: str, hue: int, silhouette: str, label: str, view: str, mark: str = "", theme: str = "") -> str:
    """One view of a product as SVG, 750 by 750. An unknown silhouette is drawn as a box."""
    sheet = Sheet()
    palette = Palette.of(hue, slug)
    form, width, height = FORMS.get(silhouette, FORMS["box"])
    chance = seeded(slug, view)
    text = label[:6] or slug[:2]
    draw = _Subject(
        sheet, palette, form, width, height, text, mark or text[0], theme or theme_of(silhouette, label), chance
    )
    compose = {"hero": _hero, "scene": _scene, "detail": _detail, "packing": _packing, **_SNAPSHOTS}[view]
    return sheet.write(compose(draw), SIDE, SIDE)


class _Subject:
    """A product and its surroundings, ready to be placed."""

    def __init__(
        self,
        sheet: Sheet,
        palette: Palette,
        form: Form,
        width: int,
        height: int,
        text: str,
        mark: str,
        theme: str,
        chance: Random,
    ) -> None:
        self.sheet, self.palette, self.chance = sheet, palette, chance
        self.width, self.height, self.text, self.mark = width, height, text, mark
        self._form = form
        self._standing, self._strewn = BESIDE.get(theme, BESIDE["home"])

    def product(self, x: int, y: int, scale: float) -> str:
        drawn = self._form(self.sheet, self.palette, self.text, self.mark)
        cast = shadow(
            self.sheet, x + round(18 * scale), y, round(self.width * 1.34 * scale), self.palette.body_deep, 55
        )
        return f'{cast}<g transform="translate({x} {y}) scale({scale:g})">{drawn}</g>'

    def standing(self, x: int, y: int, scale: float = 1) -> str:
        return f'<g transform="translate({x} {y}) scale({scale:g})">{self._standing(self.sheet, self.palette, self.chance)}</g>'

    def strewn(self, x: int, y: int, scale: float = 1) -> str:
        return f'<g transform="translate({x} {y}) scale({scale:g})">{self._strewn(self.sheet, self.palette, self.chance)}</g>'

    def ground(self, horizon: int) -> str:
        sky = self.sheet.down((0, self.palette.sky), (100, self.palette.sky_low))
        table = self.sheet.down((0, self.palette.table), (100, self.palette.table_low))
        return (
            f'<rect width="{SIDE}" height="{SIDE}" fill="{sky}"/>'
            f'<circle cx="590" cy="180" r="196" fill="#fff" opacity=".46"/>'
            f'<path d="M0 {horizon}Q375 {horizon - 26} {SIDE} {horizon}V{SIDE}H0Z" fill="{table}"/>'
        )


def _hero(subject: _Subject) -> str:
    palette = subject.palette
    scale = min(1.16, 450 / subject.height, 590 / subject.width)
    wide = subject.width * scale > 420
    leaves = "".join(
        leaf(x, y, length, turn, palette.leaf, 42)
        for x, y, length, turn in [
            (72, 560, 92, -38),
            (640, 580, 96, -34),
            (196, 648, 84, -46),
            (480, 672, 72, -40),
            (30, 676, 66, -20),
        ]
    )
    return (
        subject.ground(552)
        + leaves
        + subject.product(366 if wide else 360, 594, scale)
        + ("" if subject.width > 500 else subject.standing(662 if wide else 612, 640, 0.74 if wide else 1.02))
        + subject.strewn(170 if wide else 190, 654, 0.95)
    )


def _scene(subject: _Subject) -> str:
    palette = subject.palette
    light = subject.sheet.across((0, "#ffffff"), (100, palette.sky), slope=60)
    window = "".join(
        f'<path d="M{60 + column * 150} 0H{180 + column * 150}L{-20 + column * 150} 560H{-140 + column * 150}Z" fill="{light}" opacity=".34"/>'
        for column in range(5)
    )
    boards = "".join(f"M0 {y}Q375 {y - 14} {SIDE} {y}" for y in (560, 622, 700))
    cloth = tone(palette.hue + 14, 22, 92)
    branch = "".join(
        leaf(x, y, 92, turn, tone(128, 22, 56), 62)
        for x, y, turn in [
            (700, 40, 150),
            (660, 92, 130),
            (720, 132, 168),
            (610, 62, 112),
            (690, 186, 140),
            (738, 226, 176),
        ]
    )
    scale = min(1.06, 420 / subject.height, 430 / subject.width)
    return (
        f'<rect width="{SIDE}" height="{SIDE}" fill="{palette.sky_low}"/>{window}'
        f'<path d="M760-10Q680 90 700 260" fill="none" stroke="{tone(40, 20, 52)}" stroke-width="6" opacity=".5"/>{branch}'
        f'<path d="M0 500Q375 484 {SIDE} 500V{SIDE}H0Z" fill="{tone(28, 34, 66)}"/>'
        f'<path d="{boards}" fill="none" stroke="{tone(26, 36, 52)}" stroke-width="3" opacity=".5"/>'
        f'<path d="M70 566L560 544L690 668L150 706Z" fill="{cloth}"/><path d="M92 574L548 554L664 660L164 694Z" fill="none" '
        f'stroke="{palette.body_light}" stroke-width="4" opacity=".55"/>'
        + subject.product(310, 622, scale)
        + subject.standing(588, 660, 1.1)
        + subject.strewn(190, 684, 0.9)
        + subject.strewn(430, 700, 0.74)
    )


def _detail(subject: _Subject) -> str:
    palette = subject.palette
    scale = min(1.9, 640 / subject.width, 700 / subject.height)
    ground = subject.sheet.across((0, palette.sky), (100, palette.table), slope=100)
    foot = round(375 + subject.height * scale * 0.56)
    return (
        f'<rect width="{SIDE}" height="{SIDE}" fill="{ground}"/><circle cx="600" cy="140" r="300" fill="#fff" opacity=".3"/>'
        + leaf(-20, 640, 260, -40, palette.leaf, 34)
        + leaf(640, 720, 220, -70, palette.leaf, 30)
        + subject.product(375, foot, scale)
    )


def _packing(subject: _Subject) -> str:
    palette = subject.palette
    sheet = subject.sheet
    front = sheet.across((0, "#cda06a"), (100, "#b98a54"))
    side = sheet.across((0, "#a97b47"), (100, "#8d6437"))
    inside = sheet.down((0, "#7b5730"), (100, "#98703f"))
    straw = "".join(
        f'<path d="M{x} {286 - height}q{bend} -20 {bend * 2} 4" fill="none" stroke="#e9d9b4" stroke-width="7" stroke-linecap="round"/>'
        for x, height, bend in (
            (104 + 22 * step, subject.chance.randint(-8, 24), subject.chance.randint(6, 22)) for step in range(14)
        )
    )
    carton = (
        f'<path d="M70 290L150 236H486L420 290Z" fill="{inside}"/>{straw}'
        f'<path d="M70 290L6 214L112 176L150 236Z" fill="#d9ae79"/><path d="M420 290L498 320L548 268L486 236Z" fill="#c2935c"/>'
        f'<path d="M70 290H420V600H70Z" fill="{front}"/><path d="M420 290L486 236V536L420 600Z" fill="{side}"/>'
        '<path d="M218 290H272V600H218Z" fill="#fff" opacity=".26"/>'
        '<path d="M104 548H196M104 566H168" stroke="#7d5a2f" stroke-width="5" opacity=".6" stroke-linecap="round"/>'
        + seal(340, 372, 84, "禾")
    )
    scale = min(0.92, 340 / subject.height, 300 / subject.width)
    return (
        subject.ground(470)
        + leaf(30, 700, 120, -30, palette.leaf, 40)
        + f'<g transform="translate(28 26)">{shadow(sheet, 270, 600, 560, palette.body_deep, 50)}{carton}</g>'
        + subject.product(560, 664, scale)
        + subject.strewn(330, 700, 0.7)
    )


def _snapshot(number: int) -> Callable[[_Subject], str]:
    """The product as a buyer pictures it at home: off the middle, a little tilted, on whatever table there is."""

    def compose(subject: _Subject) -> str:
        chance, sheet = subject.chance, subject.sheet
        wall, wall_low, table, table_low = _ROOMS[number % len(_ROOMS)]
        horizon = 300 + chance.randint(-40, 70)
        boards = "".join(f"M{375 + column * 110} {horizon}L{375 + column * 300} {SIDE}" for column in range(-4, 5))
        scale = min(1.2, 430 / subject.height, 470 / subject.width) * chance.randint(88, 112) / 100
        x, y, turn = 375 + chance.randint(-80, 80), 610 + chance.randint(-30, 40), chance.randint(-7, 7)
        return (
            f'<rect width="{SIDE}" height="{SIDE}" fill="{sheet.down((0, wall), (100, wall_low))}"/>'
            f'<path d="M0 {horizon}H{SIDE}V{SIDE}H0Z" fill="{sheet.down((0, table), (100, table_low))}"/>'
            f'<path d="{boards}" stroke="{table_low}" stroke-width="3" opacity=".55"/>'
            f'<g transform="rotate({turn} 375 {y})">'
            + subject.standing(x + chance.choice((-250, 250)), y - 30, 1.15)
            + subject.product(x, y, scale)
            + "</g>"
            + subject.strewn(200 + chance.randint(0, 300), 700, 1.1)
            + f'<rect width="{SIDE}" height="{SIDE}" fill="{sheet.across((0, "#ffffff"), (100, "#3a2616"), slope=90)}" opacity=".16"/>'
        )

    return compose


_ROOMS = (
    ("#e9e2d6", "#d8cdbb", "#b98d5e", "#8e6538"),
    ("#dfe5e2", "#c6d0cb", "#e4dfd6", "#c4bbac"),
    ("#d9d3cf", "#b9aea6", "#6d5442", "#49372a"),
    ("#f0e9dc", "#e3d6bf", "#cfae84", "#a67f52"),
)
SNAPSHOTS = tuple(f"snapshot-{number}" for number in range(1, 7))
_SNAPSHOTS = {name: _snapshot(number) for number, name in enumerate(SNAPSHOTS)}
