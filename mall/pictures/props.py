"""What lies beside a product, by category: each prop is drawn around (0, 0), its foot on the table."""

from collections.abc import Callable
from random import Random

from mall.pictures.label import seal
from mall.pictures.sheet import Palette, Sheet, leaf, shadow

Prop = Callable[[Sheet, Palette, Random], str]


def tea(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """A cup of tea."""
    side = sheet.across((0, "#ffffff"), (62, "#f6f5f0"), (100, "#cfdcd4"))
    return (
        shadow(sheet, 4, 0, 190) + f'<path d="M-64-72C-60-22-38 0-22 0H22C38 0 60-22 64-72Z" fill="{side}"/>'
        '<ellipse cx="0" cy="-72" rx="64" ry="15" fill="#ffffff"/><ellipse cx="0" cy="-70" rx="56" ry="11.5" fill="#b4561d"/>'
        '<path d="M-44-73Q-26-82 4-81" fill="none" stroke="#fff" stroke-opacity=".6" stroke-width="4" stroke-linecap="round"/>'
    )


def tea_leaves(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Dry tea leaves, strewn."""
    return "".join(
        f'<path d="M-22 0Q0-13 24-2Q2 9-22 0Z" fill="{chance.choice(["#3f2d22", "#4b3527", "#33261e"])}" '
        f'transform="translate({chance.randint(-86, 86)} {chance.randint(-22, 22)}) rotate({chance.randint(-60, 60)}) '
        f'scale({chance.randint(75, 110) / 100:g})"/>'
        for _ in range(9)
    )


def grain(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """A heap of rice."""
    heap = "".join(
        f'<ellipse cx="{x}" cy="{-y}" rx="10" ry="4.6" fill="{chance.choice(["#fffdf5", "#f8f1de", "#efe4c8"])}" stroke="#d9c795" '
        f'transform="rotate({chance.randint(0, 179)} {x} {-y})"/>'
        for y in range(0, 52, 8)
        for x in range(-74 + y + chance.randint(-4, 4), 75 - y, 13)
    )
    return shadow(sheet, 0, 6, 200) + heap


def rice(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Grains, strewn."""
    return "".join(
        f'<ellipse rx="11" ry="4.5" fill="#fffaf0" stroke="#dcc892" transform="translate({chance.randint(-90, 90)} '
        f'{chance.randint(-22, 22)}) rotate({chance.randint(0, 179)})"/>'
        for _ in range(16)
    )


def jujube(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Red dates in a little dish."""
    shine = sheet.glow("#ffffff", 42, 2)
    dates = "".join(
        f'<g transform="translate({x} {y}) rotate({turn})"><ellipse rx="25" ry="19" fill="#8f2a1c"/><ellipse cx="-7" cy="-6" rx="15" ry="9" '
        f'fill="{shine}"/></g>'
        for x, y, turn in [(-36, -40, 12), (36, -40, -14), (0, -62, 4), (-12, -36, -8), (18, -32, 10)]
    )
    return (
        shadow(sheet, 2, 2, 200)
        + dates
        + '<path d="M-78-34Q0-12 78-34C70-4 40 0 0 0C-40 0-70-4-78-34Z" fill="#f7f4ec"/>'
    )


def berries(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Wolfberries, strewn."""
    return "".join(
        f'<ellipse rx="12" ry="6.5" fill="{chance.choice(["#c8412a", "#b53322", "#d65b3c"])}" transform="translate({chance.randint(-88, 88)} '
        f'{chance.randint(-22, 22)}) rotate({chance.randint(0, 179)})"/>'
        for _ in range(11)
    )


def biscuits(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Three round biscuits in a leaning pile."""
    crumb = sheet.glow("#f6d9a2", 90, 10)
    dots = "".join(
        f'<circle cx="{chance.randint(-34, 34)}" cy="{-66 + chance.randint(-26, 26)}" r="3.4" fill="#7c5128"/>'
        for _ in range(12)
    )
    return (
        shadow(sheet, 4, 2, 200)
        + '<ellipse cx="0" cy="-12" rx="74" ry="17" fill="#b07f42"/><ellipse cx="0" cy="-18" rx="74" ry="17" fill="#dcae6a"/>'
        '<ellipse cx="6" cy="-32" rx="72" ry="16" fill="#b07f42"/><ellipse cx="6" cy="-38" rx="72" ry="16" fill="#e2b873"/>'
        f'<g transform="translate(16 -10)"><circle cx="0" cy="-66" r="54" fill="#c18d4b"/><circle cx="-4" cy="-68" r="50" fill="{crumb}"/>{dots}</g>'
    )


def nuts(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Almonds, strewn."""
    return "".join(
        f'<path d="M-17 2C-13-13 11-13 20 0C11 13-13 14-17 2Z" fill="{chance.choice(["#a8703a", "#b98148", "#97602d"])}" '
        f'transform="translate({chance.randint(-84, 84)} {chance.randint(-20, 20)}) rotate({chance.randint(0, 179)})"/>'
        for _ in range(8)
    )


def camellia(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """A camellia with two leaves."""
    petals = "".join(
        f'<ellipse cx="0" cy="-30" rx="25" ry="33" fill="{"#f3b9bd" if angle % 144 else "#f8cdd0"}" stroke="#e39aa1" stroke-width="1.5" '
        f'transform="rotate({angle})"/>'
        for angle in range(0, 360, 72)
    )
    return (
        shadow(sheet, 0, 4, 200)
        + leaf(-8, -26, 92, 158, "#5f8a5e")
        + leaf(14, -22, 96, 16, "#4f7a52")
        + f'<g transform="translate(4 -52)">{petals}<circle r="15" fill="#eeb64b"/><circle r="7" fill="#d18f22"/></g>'
    )


def petals(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Fallen petals."""
    return "".join(
        f'<path d="M-17 0C-12-15 11-15 18 0C10 11-10 12-17 0Z" fill="{chance.choice(["#f3b9bd", "#f8d3d5", "#edabb1"])}" '
        f'transform="translate({chance.randint(-84, 84)} {chance.randint(-20, 20)}) rotate({chance.randint(-90, 90)})"/>'
        for _ in range(6)
    )


def sprig(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """A sprig in a small vase."""
    vase = sheet.across((0, "#ffffff"), (58, "#f1efe9"), (100, "#ccd2cb"))
    twigs = "".join(
        leaf(0, -96 - step * 34, 56, turn, tone)
        for step, turn, tone in [
            (0, -38, "#7c9a78"),
            (0, 206, "#8dab86"),
            (1, -46, "#6d8d6c"),
            (1, 214, "#7c9a78"),
            (2, -58, "#8dab86"),
            (2, 226, "#6d8d6c"),
        ]
    )
    return (
        shadow(sheet, 4, 0, 170)
        + f'<path d="M0-60V-196" stroke="#7a6a4c" stroke-width="5"/>{twigs}{leaf(0, -190, 52, -88, "#7c9a78")}'
        f'<path d="M-18-84H18V-66C54-54 54-10 34 0H-34C-54-10-54-54-18-66Z" fill="{vase}"/>'
    )


def cotton(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Two open cotton bolls on the table."""
    boll = '<circle cx="-16" cy="-4" r="20"/><circle cx="16" cy="-6" r="21"/><circle cx="0" cy="-22" r="21"/><circle cx="0" cy="6" r="17"/>'
    return "".join(
        f'<g transform="translate({x} {y}) rotate({turn})"><path d="M0 14L4 62" stroke="#8a6a48" stroke-width="5" stroke-linecap="round"/>'
        f'<path d="M-26 16Q0 34 26 16L12 30H-12Z" fill="#9a7850"/><g fill="#fffdf8" stroke="#e5ddcf" stroke-width="1.5">{boll}</g></g>'
        for x, y, turn in [(-44, -12, -64), (40, -6, 68)]
    )


def blocks(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Three wooden blocks."""
    return (
        shadow(sheet, 0, 2, 220)
        + '<g stroke="#fff" stroke-opacity=".4" stroke-width="3"><rect x="-76" y="-66" width="66" height="66" rx="8" fill="#dcae6a"/>'
        f'<rect x="4" y="-66" width="66" height="66" rx="8" fill="{palette.body_light}"/>'
        '<rect x="-36" y="-130" width="66" height="66" rx="8" fill="#8dab86" transform="rotate(-6 -4 -98)"/></g>'
        '<circle cx="-43" cy="-33" r="17" fill="#fff" opacity=".75"/><path d="M37-52L54-18H20Z" fill="#fff" opacity=".75"/>'
        '<rect x="-18" y="-112" width="28" height="28" rx="4" fill="#fff" opacity=".75" transform="rotate(-6 -4 -98)"/>'
    )


def stars(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Little felt stars, strewn."""
    return "".join(
        f'<path d="M0-15L4.4-4.6 15-4.6 6.5 2.4 9.5 13 0 6.6-9.5 13-6.5 2.4-15-4.6-4.4-4.6Z" fill="{chance.choice(["#e9b95a", palette.body_light, "#8dab86"])}" '
        f'transform="translate({chance.randint(-84, 84)} {chance.randint(-20, 20)}) rotate({chance.randint(0, 72)})"/>'
        for _ in range(6)
    )


def inkstone(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """An ink stone with its ink stick."""
    return (
        shadow(sheet, 0, 2, 230)
        + '<path d="M-92-38H92L100-10Q100 2 86 2H-86Q-100 2-100-10Z" fill="#2e2a28"/><ellipse cx="0" cy="-38" rx="92" ry="22" fill="#3f3a37"/>'
        '<ellipse cx="-8" cy="-36" rx="60" ry="13" fill="#171413"/><path d="M-44-40Q-20-47 14-46" stroke="#fff" stroke-opacity=".35" '
        'stroke-width="3" fill="none"/><rect x="36" y="-112" width="26" height="82" rx="4" fill="#1f1b1a" transform="rotate(24 49 -70)"/>'
        + f'<g transform="rotate(24 49 -70)">{seal(49, -92, 18, "墨")}</g>'
    )


def slips(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """Two slips of paper on the table, one stamped."""
    return (
        '<path d="M-92-6L20-30L34 8L-80 26Z" fill="#fbf6ea"/><path d="M-20-20L78-16L76 16L-22 14Z" fill="#f4ecda"/>'
        '<path d="M-4-8H44M-4 2H30" stroke="#cbbfa6" stroke-width="3"/>' + seal(58, 2, 18, "禾")
    )


def citrus(sheet: Sheet, palette: Palette, chance: Random) -> str:
    """An orange and half of one."""
    shine = sheet.glow("#ffffff", 50, 3)
    wedges = "".join(
        f'<path d="M0 0L-11-36A38 38 0 0 1 11-36Z" fill="#f6a63c" transform="rotate({angle})"/>'
        for angle in range(0, 360, 40)
    )
    return (
        shadow(sheet, 0, 4, 220)
        + f'<circle cx="-34" cy="-48" r="50" fill="#e78a1f"/><circle cx="-48" cy="-64" r="40" fill="{shine}"/>'
        + leaf(-32, -98, 58, -18, "#5f8a5e")
        + f'<g transform="translate(54 -44)"><circle r="48" fill="#e78a1f"/><circle r="43" fill="#fdf0d4"/>{wedges}</g>'
    )


BESIDE: dict[str, tuple[Prop, Prop]] = {
    "tea": (tea, tea_leaves),
    "grain": (grain, rice),
    "tonic": (jujube, berries),
    "snack": (biscuits, nuts),
    "beauty": (camellia, petals),
    "home": (sprig, cotton),
    "baby": (blocks, stars),
    "craft": (inkstone, slips),
    "fruit": (citrus, petals),
}
"""A standing and a strewn prop by theme."""

_HINTS = (
    ("beauty", ("山茶花", "沐浴", "护手", "霜", "皂", "氛", "妆", "露", "面膜", "唇", "洗", "玫瑰")),
    ("snack", ("饼", "酥", "糕", "糖", "果", "仁", "脆", "肉干", "糯", "粽", "包子")),
    ("grain", ("米", "稻", "麦", "粮", "油", "豆", "谷", "酱", "醋", "盐", "粉", "蛋")),
    ("tonic", ("枣", "杞", "参", "补", "养", "燕", "银耳", "莲", "膏", "蜜", "芝", "阿胶", "丸")),
    ("craft", ("笔", "墨", "砚", "扇", "册", "书", "画", "印", "札", "笺")),
    ("baby", ("童", "兔", "婴", "虎头", "宝宝", "口水巾")),
    ("home", ("巾", "被", "席", "枕", "灯", "笼", "篮", "筷", "毯", "竹", "棉", "麻")),
    ("tea", ("茶", "岩", "桂", "普洱", "龙井", "毛尖", "观音", "袍", "眉", "壶", "碗", "茗")),
)
_USUAL = {
    "jar": "tea", "bottle": "grain", "tin": "tonic", "box": "snack", "pouch": "grain", "bag": "snack", "tube": "beauty",
    "pump": "beauty", "basket": "fruit", "egg-crate": "grain", "candle": "home", "cup": "tea", "plate": "home", "pot": "tea",
    "gaiwan": "tea", "steamer": "snack", "textile": "home", "brush": "craft", "lantern": "craft", "notebook": "craft",
    "fan": "craft", "toy": "baby", "bowl": "grain", "gift": "tea",
}  # fmt: skip


def theme_of(silhouette: str, label: str) -> str:
    """The theme that suits a product, from the words on its label, else from its shape."""
    for theme, words in _HINTS:
        if any(word in label for word in words):
            return theme
    return _USUAL.get(silhouette, "home")
