"""Things that hold goods: each is drawn standing on (0, 0), its foot in the middle, about 400 high."""

from mall.pictures.label import glyph, paper_label, round_label, seal
from mall.pictures.props import theme_of
from mall.pictures.sheet import Palette, Sheet, leaf, seeded, tone


def jar(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A round tea jar with a broad lid."""
    body = sheet.round_body(palette.body_light, palette.body, palette.body_dark)
    lid = sheet.round_body(palette.lid_light, palette.lid, palette.lid_dark)
    return (
        f'<path d="M-126-300V-26A126 28 0 0 0 126-26V-300Z" fill="{body}"/>'
        f'<path d="M-126-296A126 28 0 0 0 126-296V-284A126 28 0 0 1-126-284Z" fill="{palette.body_deep}" opacity=".5"/>'
        + paper_label(palette, text, mark, x=0, y=-152, width=150, height=190, bend=14)
        + f'<path d="M-133-382V-304A133 30 0 0 0 133-304V-382Z" fill="{lid}"/>'
        f'<ellipse cx="0" cy="-382" rx="133" ry="29" fill="{palette.lid_dark}"/>'
        f'<ellipse cx="0" cy="-385" rx="113" ry="22" fill="{palette.lid_light}" opacity=".75"/>'
    )


def bottle(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A glass bottle with a long neck and a capsule."""
    glass = sheet.across(
        (0, palette.body_deep),
        (16, palette.body_dark),
        (30, palette.body_light),
        (50, palette.body),
        (100, palette.body_deep),
    )
    lid = sheet.round_body(palette.lid_light, palette.lid, palette.lid_dark)
    return (
        f'<path d="M-34-392V-318C-34-276-92-262-92-214V-24Q-92 0-66 4Q0 14 66 4Q92 0 92-24V-214C92-262 34-276 34-318V-392Z" '
        f'fill="{glass}"/>'
        '<path d="M-24-380V-312C-24-270-76-256-76-206V-40" fill="none" stroke="#fff" stroke-opacity=".32" stroke-width="9" '
        'stroke-linecap="round"/>'
        f'<path d="M-40-436Q0-446 40-436V-344Q0-334-40-344Z" fill="{lid}"/>'
        f'<ellipse cx="0" cy="-437" rx="40" ry="8" fill="{palette.lid_light}"/>'
        f'<path d="M-40-356Q0-346 40-356" fill="none" stroke="{palette.lid_light}" stroke-width="3" opacity=".7"/>'
        + paper_label(palette, text, mark, x=0, y=-114, width=148, height=166, bend=10)
    )


def tin(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A flat tin with its lid leaning behind, filled with what the label says."""
    metal = sheet.round_body("#e9cf98", "#b9914d", "#84622b")
    lid = sheet.glow("#ffffff", 34, 10)
    return (
        '<g transform="translate(78 -232) rotate(8)">'
        f'<circle r="152" fill="{metal}"/><circle r="138" fill="#c9a462"/><circle r="138" fill="{lid}"/>'
        + round_label(palette, text, mark, x=0, y=0, radius=112)
        + f'</g><g transform="translate(-52 0)"><ellipse cx="0" cy="-96" rx="146" ry="44" fill="#6b4e22"/>'
        f"{_filling(palette, text)}"
        f'<path d="M-146-98V-22A146 42 0 0 0 146-22V-98A146 44 0 0 1-146-98Z" fill="{metal}"/>'
        '<path d="M-146-84A146 44 0 0 0 146-84" fill="none" stroke="#fff" stroke-opacity=".35" stroke-width="4"/></g>'
    )


def _filling(palette: Palette, text: str) -> str:
    """What an open tin shows: tea leaves, cream, or small balls."""
    theme = theme_of("tin", text)
    if theme == "beauty":
        return (
            f'<ellipse cx="0" cy="-102" rx="134" ry="36" fill="{palette.sky}"/><path d="M-70-104Q-20-138 34-112Q-8-96-30-110" '
            'fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round"/>'
        )
    chance = seeded(text, "filling")
    if theme == "tea":
        return '<ellipse cx="0" cy="-100" rx="132" ry="34" fill="#3a2a1f"/>' + "".join(
            f'<path d="M-24 0Q0-14 26-2Q2 10-24 0Z" fill="{chance.choice(["#4b3527", "#5c422f", "#33261e"])}" '
            f'transform="translate({chance.randint(-104, 104)} {-104 + chance.randint(-20, 16)}) rotate({chance.randint(-70, 70)})"/>'
            for _ in range(46)
        )
    rows = ((-128, 84), (-114, 108), (-99, 118), (-84, 110), (-72, 84))
    return "".join(
        f'<circle cx="{x}" cy="{y}" r="14" fill="{chance.choice([palette.body_deep, palette.body_dark])}"/>'
        f'<circle cx="{x - 4}" cy="{y - 5}" r="4" fill="#fff" opacity=".28"/>'
        for number, (y, half) in enumerate(rows)
        for x in range(-half + number % 2 * 8, half + 1, 24)
    )


def box(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A carton seen from its corner, wrapped by a paper band."""
    front = sheet.across((0, palette.body), (100, palette.body_dark))
    side = sheet.across((0, palette.body_dark), (100, palette.body_deep))
    top = sheet.across((0, palette.body_light), (100, palette.body), slope=60)
    return (
        f'<path d="M-150-282L-78-352H172L92-282Z" fill="{top}"/><path d="M-150-282H92V6H-150Z" fill="{front}"/>'
        f'<path d="M92-282L172-352V-58L92 6Z" fill="{side}"/>'
        '<path d="M-150-282H92L172-352" fill="none" stroke="#fff" stroke-opacity=".3" stroke-width="3"/>'
        f'<path d="M-104-282L-36-352H22L-46-282Z" transform="translate(52 0)" fill="{palette.paper}" opacity=".96"/>'
        f'<path d="M-92-282H34V6H-92Z" fill="{palette.paper}"/>'
        f'<path d="M-82-282V6M24-282V6" stroke="{palette.rule}" stroke-width="2"/>'
        + paper_label(palette, text, mark, x=-29, y=-138, width=122, height=216)
    )


def pouch(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A standing pouch with a zip and a window on grains."""
    film = sheet.across(
        (0, palette.body_dark),
        (10, palette.body),
        (30, palette.body_light),
        (62, palette.body),
        (100, palette.body_dark),
    )
    window = sheet.clip('<rect x="-74" y="-104" width="148" height="58" rx="12"/>')
    random_grains = "".join(
        f'<ellipse cx="{-66 + (number * 37) % 136}" cy="{-96 + (number * 23) % 50}" rx="9" ry="4" fill="#fffdf4" stroke="#dcc48c" '
        f'stroke-width="1.5" transform="rotate({(number * 53) % 180} {-66 + (number * 37) % 136} {-96 + (number * 23) % 50})"/>'
        for number in range(30)
    )
    return (
        f'<path d="M-122-372H122C124-260 138-120 134-22Q90 8 0 10Q-90 8-134-22C-138-120-124-260-122-372Z" fill="{film}"/>'
        f'<path d="M-122-372H122V-338H-122Z" fill="{palette.body_dark}"/>'
        '<path d="M-122-361H122M-122-350H122" stroke="#fff" stroke-opacity=".25" stroke-width="3"/>'
        '<path d="M-112-330C-116-220-126-110-122-28" fill="none" stroke="#fff" stroke-opacity=".28" stroke-width="8" '
        'stroke-linecap="round"/>'
        + paper_label(palette, text, mark, x=0, y=-222, width=152, height=184)
        + f'<rect x="-77" y="-107" width="154" height="64" rx="14" fill="#fff" opacity=".55"/>'
        f'<rect x="-74" y="-104" width="148" height="58" rx="12" fill="#e9d7a8"/><g clip-path="{window}">{random_grains}</g>'
    )


def bag(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A pillow pack with toothed seams."""
    film = sheet.across(
        (0, palette.body_dark),
        (12, palette.body),
        (28, palette.body_light),
        (48, palette.body),
        (86, palette.body),
        (100, palette.body_deep),
    )
    teeth_top = "".join(f"L{-130 + step * 13}-{398 if step % 2 else 386}" for step in range(1, 21))
    teeth_foot = "".join(f"L{130 - step * 13} {2 if step % 2 else -10}" for step in range(1, 21))
    return (
        f'<path d="M-130-386{teeth_top}Q140-200 130-10{teeth_foot}Q-140-200-130-386Z" fill="{film}"/>'
        '<path d="M-128-356H128M-128-38H128" stroke="#fff" stroke-opacity=".3" stroke-width="3"/>'
        '<path d="M-104-340Q-114-200-104-56" fill="none" stroke="#fff" stroke-opacity=".22" stroke-width="10" stroke-linecap="round"/>'
        + round_label(palette, text, mark, x=0, y=-222, radius=92)
        + f'<rect x="-62" y="-102" width="124" height="14" rx="7" fill="{palette.paper}" opacity=".8"/>'
        f'<rect x="-40" y="-76" width="80" height="10" rx="5" fill="{palette.paper}" opacity=".55"/>'
    )


def tube(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A tube of cream standing on its cap."""
    skin = sheet.across(
        (0, palette.body_dark),
        (14, palette.body),
        (34, palette.body_light),
        (60, palette.body),
        (100, palette.body_dark),
    )
    cap = sheet.across((0, "#d9d2c8"), (30, "#ffffff"), (62, "#efe9e0"), (100, "#c6bdb0"))
    ridges = "".join(f"M{-108 + step * 12}-414V-384" for step in range(19))
    return (
        f'<path d="M-112-392H112C108-262 92-150 70-72H-70C-92-150-108-262-112-392Z" fill="{skin}"/>'
        f'<rect x="-118" y="-418" width="236" height="38" rx="5" fill="{palette.body_dark}"/>'
        f'<path d="{ridges}" stroke="#fff" stroke-opacity=".2" stroke-width="3"/>'
        '<path d="M-88-372C-84-270-74-176-58-96" fill="none" stroke="#fff" stroke-opacity=".3" stroke-width="9" stroke-linecap="round"/>'
        f'<path d="M-72-72H72V-14Q72 4 54 6Q0 12-54 6Q-72 4-72-14Z" fill="{cap}"/>'
        '<path d="M-72-60H72" stroke="#b9afa2" stroke-width="2"/>'
        + paper_label(palette, text, mark, x=0, y=-240, width=124, height=204)
    )


def pump(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A bottle of lotion with a pump."""
    skin = sheet.round_body(palette.body_light, palette.body, palette.body_dark)
    metal = sheet.across((0, "#b59a62"), (34, "#f3e2b8"), (64, "#cfb377"), (100, "#8d7440"))
    return (
        f'<path d="M-14-392H14V-330H-14Z" fill="{metal}"/><path d="M-18-418H26Q32-418 32-410V-392H-18Z" fill="{metal}"/>'
        f'<path d="M-14-414H-76Q-96-414-96-392V-378H-80V-388Q-80-396-70-396H-14Z" fill="{metal}"/>'
        f'<rect x="-44" y="-338" width="88" height="42" rx="8" fill="{metal}"/>'
        f'<path d="M-52-300H52Q110-296 110-236V-24Q110 0 84 4Q0 14-84 4Q-110 0-110-24V-236Q-110-296-52-300Z" fill="{skin}"/>'
        '<path d="M-92-232V-40" stroke="#fff" stroke-opacity=".35" stroke-width="9" stroke-linecap="round"/>'
        + paper_label(palette, text, mark, x=0, y=-142, width=136, height=196, bend=8)
    )


def basket(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A woven basket heaped with fruit, a tag at its handle."""
    weave = sheet.round_body("#dcb67a", "#b88745", "#83592a")
    fruit = sheet.glow("#ffffff", 46, 4)
    skins = (tone(palette.hue, 76, 50), tone(palette.hue + 6, 80, 58))
    fruits = "".join(
        f'<g transform="translate({x} {y})"><circle r="54" fill="{skins[number % 2]}"/>'
        f'<circle cx="-16" cy="-18" r="44" fill="{fruit}"/>'
        f'<path d="M0-46Q4-58 12-62" stroke="{palette.body_deep}" stroke-width="5" fill="none" stroke-linecap="round"/></g>'
        for number, (x, y) in enumerate(
            [(-98, -206), (98, -204), (-46, -250), (52, -248), (-64, -196), (64, -196), (0, -208)]
        )
    )
    strips = "".join(
        f'<rect x="{-164 + column * 33 + (row % 2) * 16}" y="{-158 + row * 30}" width="24" height="22" rx="7" fill="#fff" opacity=".17"/>'
        for row in range(5)
        for column in range(10)
    )
    shape = "M-172-166H172L138-14Q134 4 112 6Q0 14-112 6Q-134 4-138-14Z"
    inside = sheet.clip(f'<path d="{shape}"/>')
    return (
        '<path d="M-158-168C-150-420 150-420 158-168" fill="none" stroke="#9a6c33" stroke-width="17"/>'
        '<path d="M-158-168C-150-420 150-420 158-168" fill="none" stroke="#d7ae70" stroke-width="6" stroke-dasharray="16 10"/>'
        + leaf(-120, -246, 80, -150, "#6f8f55")
        + leaf(112, -252, 84, -30, "#5f8250")
        + fruits
        + f'<path d="{shape}" fill="{weave}"/><g clip-path="{inside}">{strips}</g>'
        '<rect x="-182" y="-184" width="364" height="32" rx="16" fill="#a97837"/>'
        '<rect x="-176" y="-180" width="352" height="8" rx="4" fill="#e6c48d" opacity=".6"/>'
        + paper_label(palette, text, mark, x=0, y=-80, width=112, height=128)
    )


def egg_crate(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A tray of eggs with a paper belly band."""
    shine = sheet.glow("#ffffff", 62, 4)
    tray = sheet.down((0, "#c2b298"), (100, "#8b7a5f"))

    def row(foot: int, count: int, gap: int) -> str:
        return "".join(
            f'<g transform="translate({round((number - (count - 1) / 2) * gap)} {foot})">'
            f'<path d="M0-62C26-62 38-18 38 6C38 34 20 46 0 46C-20 46-38 34-38 6C-38-18-26-62 0-62Z" '
            f'fill="{"#e9c9a0" if (number + count) % 2 else "#dfb98c"}"/><ellipse cx="-9" cy="-18" rx="24" ry="30" fill="{shine}"/></g>'
            for number in range(count)
        )

    cups = "".join(f"Q{-164 + step * 82}-52 {-123 + step * 82}-112" for step in range(5))
    return (
        '<path d="M-205-112L-172-196H172L205-112Z" fill="#8f7e63"/>'
        + row(-186, 4, 84)
        + row(-136, 5, 82)
        + f'<path d="M-205-112{cups}L194-14Q190 6 170 6H-170Q-190 6-194-14Z" fill="{tray}"/>'
        '<path d="M-194-30H194" stroke="#6f5f46" stroke-opacity=".35" stroke-width="3"/>'
        f'<path d="M-96-100H96V8H-96Z" fill="{palette.body}"/><path d="M-96-100H96V-92H-96Z" fill="{palette.body_light}"/>'
        f'<rect x="-82" y="-84" width="164" height="80" fill="{palette.paper}"/>'
        f'<rect x="-76" y="-78" width="152" height="68" fill="none" stroke="{palette.rule}" stroke-width="2"/>'
        + glyph(text[:3], -20, -44, min(34, 102 / max(2, len(text[:3]))), palette.ink)
        + seal(56, -32, 24, mark)
    )


def candle(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A scented candle in a tinted glass."""
    glass = sheet.round_body(palette.body_light, palette.body, palette.body_dark)
    flame = sheet.glow("#ffd98a", 90, 8)
    return (
        f'<circle cx="0" cy="-352" r="120" fill="{flame}"/>'
        '<path d="M0-412C26-372 26-344 0-336C-26-344-26-372 0-412Z" fill="#ff9d3c"/><path d="M0-384C13-364 13-348 0-342C-13-348-13-364 0-384Z" '
        'fill="#fff3cf"/><path d="M0-338V-296" stroke="#4a3a2c" stroke-width="5" stroke-linecap="round"/>'
        f'<path d="M-128-300V-22A128 28 0 0 0 128-22V-300Z" fill="{glass}"/>'
        f'<ellipse cx="0" cy="-300" rx="128" ry="28" fill="{palette.body_deep}"/><ellipse cx="0" cy="-293" rx="116" ry="22" fill="#fbf2df"/>'
        '<path d="M0-338V-292" stroke="#4a3a2c" stroke-width="5" stroke-linecap="round"/>'
        '<path d="M-106-262V-44" stroke="#fff" stroke-opacity=".35" stroke-width="9" stroke-linecap="round"/>'
        + paper_label(palette, text, mark, x=0, y=-142, width=148, height=180, bend=12)
    )
