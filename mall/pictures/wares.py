"""Things of the house and the desk: each is drawn standing on (0, 0), about 400 high."""

from collections.abc import Callable

from mall.pictures.containers import bag, bottle, box, candle, jar, pouch, pump, tin, tube
from mall.pictures.label import paper_label, seal, upright
from mall.pictures.props import theme_of
from mall.pictures.sheet import Palette, Sheet, leaf, tone

PORCELAIN = ("#ffffff", "#f3f2ec", "#cfd6d1")


def cup(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A tall glazed cup with a handle, steam above it."""
    glaze = sheet.round_body(palette.body_light, palette.body, palette.body_dark)
    return (
        '<path d="M-40-330C-70-366-12-380-40-424M34-330C4-366 62-380 34-424" fill="none" stroke="#fff" stroke-opacity=".75" '
        'stroke-width="9" stroke-linecap="round"/>'
        f'<path d="M112-232C212-244 218-86 98-78" fill="none" stroke="{palette.body_dark}" stroke-width="30"/>'
        f'<path d="M112-238C206-246 208-92 100-86" fill="none" stroke="{palette.body_light}" stroke-width="9" opacity=".6"/>'
        f'<path d="M-134-290L-112-30Q-108 4-70 8Q0 16 70 8Q108 4 112-30L134-290Z" fill="{glaze}"/>'
        f'<ellipse cx="0" cy="-290" rx="134" ry="30" fill="{palette.body_light}"/>'
        f'<ellipse cx="0" cy="-287" rx="118" ry="23" fill="{palette.body_deep}"/><ellipse cx="0" cy="-280" rx="108" ry="17" fill="#9b5a24"/>'
        f'<path d="M-131-252Q0-214 131-252L128-222Q0-184-128-222Z" fill="{palette.paper}" opacity=".28"/>'
        + upright(text, 0, -122, 120, 132, palette.paper)
        + seal(66, -54, 30, mark)
    )


def plate(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A painted plate on its stand."""
    rim = sheet.across((0, "#ffffff"), (60, "#f2f1ea"), (100, "#cdd3cd"), slope=70)
    leaves = "".join(
        f'<g transform="rotate({angle})">{leaf(-34, -152, 68, 8 if angle % 60 else -8, palette.body if angle % 60 else palette.body_light)}</g>'
        for angle in range(0, 360, 30)
    )
    return (
        '<path d="M-132 6L-84-92M132 6L84-92M-150 6H150" stroke="#7a5630" stroke-width="15" stroke-linecap="round" fill="none"/>'
        f'<g transform="translate(0 -222)"><circle r="196" fill="{rim}"/><circle r="196" fill="none" stroke="{palette.body_dark}" '
        f'stroke-width="5"/>{leaves}<circle r="118" fill="#fdfcf8"/><circle r="118" fill="none" stroke="{palette.body}" stroke-width="4"/>'
        f'<circle r="108" fill="none" stroke="{palette.body_light}" stroke-width="2"/>'
        + upright(text, 0, -4, 128, 138, palette.body_dark)
        + seal(66, 66, 32, mark)
        + "</g>"
    )


def pot(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A clay teapot."""
    clay = sheet.round_body(palette.body_light, palette.body, palette.body_dark)
    return (
        f'<path d="M150-236C248-262 262-72 140-70" fill="none" stroke="{palette.body_dark}" stroke-width="27"/>'
        f'<path d="M152-240C238-256 246-84 146-78" fill="none" stroke="{palette.body_light}" stroke-width="7" opacity=".5"/>'
        f'<path d="M-140-96C-196-108-196-198-244-244L-212-262C-166-226-164-186-134-176Z" fill="{palette.body}"/>'
        f'<path d="M-238-250L-214-262C-172-228-166-190-138-178" fill="none" stroke="{palette.body_light}" stroke-width="6" opacity=".6"/>'
        f'<path d="M-96-270C-196-246-196-20-92 2Q0 16 92 2C196-20 196-246 96-270Z" fill="{clay}"/>'
        f'<ellipse cx="0" cy="-270" rx="98" ry="21" fill="{palette.body_deep}"/>'
        f'<path d="M-90-276C-84-318 84-318 90-276Q0-252-90-276Z" fill="{clay}"/><circle cx="0" cy="-326" r="21" fill="{palette.body}"/>'
        f'<circle cx="-6" cy="-332" r="8" fill="{palette.body_light}"/>'
        f'<path d="M-142-196C-150-150-146-100-126-62" fill="none" stroke="#fff" stroke-opacity=".3" stroke-width="10" stroke-linecap="round"/>'
        + upright(text, 0, -136, 122, 150, "#fff3df")
        + seal(74, -58, 32, mark)
    )


def gaiwan(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A porcelain bowl with lid and saucer, a painted sprig on it."""
    white = sheet.round_body(*PORCELAIN)
    return (
        '<ellipse cx="0" cy="-12" rx="216" ry="34" fill="#d7dbd4"/><ellipse cx="0" cy="-20" rx="216" ry="32" fill="#ffffff"/>'
        '<ellipse cx="0" cy="-20" rx="128" ry="17" fill="#dde2dc"/>'
        f'<path d="M-70-26Q0-12 70-26L64-48H-64Z" fill="#dfe4de"/>'
        f'<path d="M-176-232C-170-110-110-44-62-40Q0-32 62-40C110-44 170-110 176-232Z" fill="{white}"/>'
        f'<ellipse cx="0" cy="-232" rx="176" ry="36" fill="{palette.body}"/><ellipse cx="0" cy="-238" rx="168" ry="32" fill="#fdfdfa"/>'
        f'<path d="M-156-240C-146-330-66-346 0-346C66-346 146-330 156-240Q0-200-156-240Z" fill="{white}"/>'
        f'<path d="M-156-242Q0-202 156-242" fill="none" stroke="{palette.body}" stroke-width="9"/>'
        '<ellipse cx="0" cy="-352" rx="44" ry="14" fill="#e4e8e2"/><path d="M-44-352Q-40-376 0-376Q40-376 44-352Q0-338-44-352Z" fill="#ffffff"/>'
        + leaf(-96, -152, 84, -34, palette.body)
        + leaf(-70, -120, 64, 22, palette.body_light)
        + (upright(text, 54, -136, 74, 116, palette.body_dark) + seal(92, -76, 25, mark) if text else "")
    )


def steamer(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """Two tiers of bamboo steamer with a woven lid."""
    bamboo = sheet.round_body("#efd09a", "#cda060", "#946a33")
    slats = "".join(
        f"M{x}-{104 - abs(x) // 34}V-{18 - abs(x) // 20}M{x}-{226 - abs(x) // 34}V-{136 - abs(x) // 20}"
        for x in range(-160, 161, 40)
    )
    lattice = "".join(f"M{x}-250L{x // 2}-342" for x in range(-176, 177, 32))
    tier = '<path d="M-192-{0}V-{1}A192 36 0 0 0 192-{1}V-{0}Z" fill="{2}"/>'
    return (
        '<path d="M-70-380C-100-408-50-424-74-462M0-386C-30-414 24-432 0-470M72-380C44-408 98-424 72-462" fill="none" stroke="#fff" '
        'stroke-opacity=".7" stroke-width="10" stroke-linecap="round"/>'
        + tier.format(112, 26, bamboo)
        + tier.format(234, 146, bamboo)
        + f'<path d="{slats}" stroke="#7d5726" stroke-width="2" opacity=".35"/>'
        '<path d="M-192-96A192 36 0 0 0 192-96M-192-218A192 36 0 0 0 192-218" fill="none" stroke="#7d5726" stroke-width="6" opacity=".55"/>'
        f'<path d="M-200-238C-196-306-90-348 0-348C90-348 196-306 200-238A200 38 0 0 1-200-238Z" fill="{bamboo}"/>'
        f'<path d="{lattice}" stroke="#7d5726" stroke-width="2" opacity=".3"/>'
        '<path d="M-196-258A196 40 0 0 0 196-258M-170-296A176 34 0 0 0 170-296" fill="none" stroke="#8a6230" stroke-width="4" opacity=".45"/>'
        '<path d="M-30-344Q0-380 30-344" fill="none" stroke="#8a6230" stroke-width="12" stroke-linecap="round"/>'
        + paper_label(palette, text, mark, x=0, y=-104, width=116, height=152, bend=8)
    )


def textile(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A pile of folded cloth held by a paper band."""
    tones = [palette.body, palette.body_light, "#f4eee2", palette.body_dark]
    folds = []
    for number, colour in enumerate(tones):
        foot = -number * 74
        folds.append(
            f'<path d="M-176 {foot}H150Q192 {foot} 192 {foot - 36}T150 {foot - 72}H-168Q-190 {foot - 72} -190 {foot - 54}V{foot - 16}'
            f'Q-190 {foot} -176 {foot}Z" fill="{colour}"/>'
            f'<path d="M-186 {foot - 36}H140" stroke="#fff" stroke-opacity=".35" stroke-width="4"/>'
            f'<path d="M-180 {foot - 4}H152Q186 {foot - 4} 188 {foot - 30}" fill="none" stroke="#000" stroke-opacity=".14" stroke-width="6"/>'
        )
    stitches = "".join(f'<circle cx="{x}" cy="-260" r="5" fill="{palette.body_light}"/>' for x in range(-160, 150, 24))
    return (
        "".join(folds)
        + stitches
        + f'<path d="M-70-298H70V4H-70Z" fill="{palette.paper}"/>'
        + paper_label(palette, text, mark, x=0, y=-150, width=126, height=212)
    )


def brush(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """Writing brushes standing in a round holder."""
    holder = sheet.round_body(palette.body_light, palette.body, palette.body_dark)
    stem = sheet.across((0, "#6d4626"), (40, "#c79a63"), (100, "#5d3a1d"))

    def one(x: int, turn: int, scale: float) -> str:
        return (
            f'<g transform="translate({x} -210) rotate({turn}) scale({scale:g})"><rect x="-8" y="-200" width="16" height="210" rx="5" '
            f'fill="{stem}"/><rect x="-11" y="-212" width="22" height="26" rx="5" fill="#e9ddc4"/>'
            '<path d="M-12-212C-24-252-12-276 0-304C12-276 24-252 12-212Z" fill="#3a322b"/>'
            '<path d="M-12-212C-20-236-17-250-12-262L8-262C16-248 18-236 12-212Z" fill="#efe6d4"/></g>'
        )

    return (
        one(-58, -17, 0.86)
        + one(62, 16, 0.9)
        + one(4, -1, 1)
        + f'<ellipse cx="0" cy="-222" rx="112" ry="25" fill="{palette.body_deep}"/>'
        f'<path d="M-112-222V-24A112 26 0 0 0 112-24V-222A112 25 0 0 1-112-222Z" fill="{holder}"/>'
        '<path d="M-112-206A112 25 0 0 0 112-206" fill="none" stroke="#fff" stroke-opacity=".4" stroke-width="4"/>'
        + paper_label(palette, text, mark, x=0, y=-102, width=118, height=146, bend=10)
    )


def lantern(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A paper lantern with its tassel."""
    paper = sheet.round_body(tone(palette.hue + 8, 74, 58), tone(palette.hue, 68, 47), tone(palette.hue - 4, 66, 34))
    glow = sheet.glow("#ffd98a", 62, 2)
    gold = sheet.across((0, "#a97c2c"), (36, "#f2d68f"), (100, "#8f6722"))
    ribs = "".join(f"M0-392C{x}-372 {x}-152 0-132" for x in (-224, -152, -76, 76, 152, 224))
    tassel = "".join(
        f'<path d="M{x * 0.4:g}-92Q{x}-40 {x} 0" stroke="{palette.body_dark}" stroke-width="4" fill="none"/>'
        for x in range(-22, 23, 6)
    )
    return (
        '<path d="M0-470V-410" stroke="#8f6722" stroke-width="6"/><path d="M-120-470Q0-486 150-462" stroke="#6d4626" stroke-width="12" '
        'stroke-linecap="round" fill="none"/>'
        f'<ellipse cx="0" cy="-262" rx="182" ry="136" fill="{paper}"/><ellipse cx="0" cy="-262" rx="150" ry="118" fill="{glow}"/>'
        f'<path d="{ribs}" fill="none" stroke="{palette.body_deep}" stroke-width="3" opacity=".4"/>'
        f'<rect x="-72" y="-412" width="144" height="30" rx="8" fill="{gold}"/><rect x="-72" y="-144" width="144" height="30" rx="8" fill="{gold}"/>'
        f'<circle cx="0" cy="-98" r="13" fill="{palette.body_dark}"/>{tassel}'
        + upright(text, 0, -264, 116, 164, "#fff3d6")
        + seal(84, -196, 32, mark)
    )


def notebook(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A cloth-bound notebook sewn in the old way."""
    cloth = sheet.across(
        (0, palette.body_dark), (9, palette.body), (70, palette.body), (100, palette.body_light), slope=20
    )
    sewn = "".join(f"M-150-{330 - step * 66}H-118" for step in range(5))
    return (
        '<g transform="rotate(-4)"><path d="M-134-378H162V12H-134Z" fill="#e7dfcf"/>'
        '<path d="M-128-372H156M-128 4H156" stroke="#c9bfa9" stroke-width="3"/>'
        f'<path d="M-150-388H146V0H-150Z" fill="{cloth}"/>'
        f'<path d="M-118-388V0" stroke="{palette.paper}" stroke-width="3"/><path d="{sewn}" stroke="{palette.paper}" stroke-width="4"/>'
        f'<path d="M146-388V0" stroke="#fff" stroke-opacity=".25" stroke-width="4"/>'
        + paper_label(palette, text, mark, x=-30, y=-236, width=112, height=222)
        + leaf(40, -64, 84, -36, palette.body_light, 70)
        + leaf(52, -44, 66, 12, palette.body_dark, 60)
        + "</g>"
    )


def fan(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A round silk fan with a sprig painted on it."""
    silk = sheet.glow("#ffffff", 70, 20)
    return (
        '<path d="M0-150V6" stroke="#6d4626" stroke-width="17" stroke-linecap="round"/><path d="M0 6Q12 22 4 44" fill="none" '
        f'stroke="{palette.body_dark}" stroke-width="6"/>'
        f'<circle cx="0" cy="-278" r="164" fill="{palette.sky}"/><circle cx="-20" cy="-300" r="160" fill="{silk}"/>'
        f'<circle cx="0" cy="-278" r="164" fill="none" stroke="#8a5a2f" stroke-width="10"/><path d="M0-442V-118" stroke="#8a5a2f" '
        'stroke-width="3" opacity=".35"/>'
        '<path d="M-140-218C-86-236-40-250 12-316" fill="none" stroke="#5b3f28" stroke-width="6" stroke-linecap="round"/>'
        + leaf(-96, -234, 74, -62, "#6f8f55")
        + leaf(-44, -262, 68, 28, "#86a268")
        + leaf(-14, -292, 66, -74, "#6f8f55")
        + "".join(
            f'<circle cx="{x}" cy="{y}" r="13" fill="{palette.body}"/>'
            for x, y in [(14, -318), (-70, -240), (-112, -226)]
        )
        + upright(text, 84, -276, 80, 132, palette.ink)
        + seal(84, -182, 28, mark)
    )


def toy(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A cloth rabbit that holds a tag."""
    fur = sheet.round_body("#ffffff", palette.sky, palette.body_light)
    return (
        f'<g fill="{fur}"><ellipse cx="-48" cy="-376" rx="29" ry="82" transform="rotate(-8 -48 -376)"/>'
        '<ellipse cx="48" cy="-376" rx="29" ry="82" transform="rotate(8 48 -376)"/></g>'
        f'<g fill="{palette.body_light}" opacity=".75"><ellipse cx="-48" cy="-368" rx="13" ry="56" transform="rotate(-8 -48 -368)"/>'
        '<ellipse cx="48" cy="-368" rx="13" ry="56" transform="rotate(8 48 -368)"/></g>'
        f'<ellipse cx="-74" cy="-16" rx="52" ry="28" fill="{fur}"/><ellipse cx="74" cy="-16" rx="52" ry="28" fill="{fur}"/>'
        f'<path d="M-112-30C-128-150-70-214 0-214C70-214 128-150 112-30Q60 4 0 4Q-60 4-112-30Z" fill="{palette.body}"/>'
        f'<ellipse cx="0" cy="-254" rx="116" ry="98" fill="{fur}"/>'
        '<g fill="#2f261f"><circle cx="-42" cy="-258" r="10"/><circle cx="42" cy="-258" r="10"/><ellipse cx="0" cy="-234" rx="9" ry="6"/></g>'
        f'<g fill="{palette.body_light}" opacity=".7"><circle cx="-74" cy="-226" r="18"/><circle cx="74" cy="-226" r="18"/></g>'
        '<path d="M-16-220Q0-206 16-220" fill="none" stroke="#2f261f" stroke-width="4" stroke-linecap="round"/>'
        f'<path d="M-96-168Q0-128 96-168L92-146Q0-108-92-146Z" fill="{palette.lid}"/>'
        + paper_label(palette, text, mark, x=0, y=-68, width=98, height=112)
        + f'<ellipse cx="-66" cy="-86" rx="25" ry="32" fill="{fur}" transform="rotate(-20 -66 -86)"/>'
        f'<ellipse cx="66" cy="-86" rx="25" ry="32" fill="{fur}" transform="rotate(20 66 -86)"/>'
    )


def bowl(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """Two bowls in a nest, chopsticks across."""
    glaze = sheet.round_body(palette.body_light, palette.body, palette.body_dark)
    white = sheet.round_body(*PORCELAIN)
    shape = "M-190-{0}C-184-{1}-110-{2}-72-{2}H72C110-{2} 184-{1} 190-{0}Z"
    return (
        f'<path d="M-76 4H76L66-26H-66Z" fill="{palette.body_dark}"/><path d="{shape.format(176, 70, 18)}" fill="{glaze}"/>'
        f'<path d="{shape.format(262, 156, 104)}" fill="{white}"/>'
        f'<path d="M-188-246C-186-236-184-228-181-220Q0-176 181-220C184-228 186-236 188-246Q0-202-188-246Z" fill="{palette.body}" opacity=".85"/>'
        '<ellipse cx="0" cy="-262" rx="190" ry="40" fill="#fbfbf7"/><ellipse cx="0" cy="-257" rx="172" ry="32" fill="#dfe4de"/>'
        '<path d="M-214-336L226-262M-206-356L230-276" stroke="#7b4a24" stroke-width="12" stroke-linecap="round"/>'
        '<path d="M-214-336L-150-325M-206-356L-142-345" stroke="#c8341b" stroke-width="12" stroke-linecap="round"/>'
        + upright(text, 0, -146, 92, 84, palette.body_dark)
        + seal(58, -124, 24, mark)
    )


def gift(sheet: Sheet, palette: Palette, text: str, mark: str) -> str:
    """A gift pack laid open: the box and three things that come in it."""
    front = sheet.across((0, "#a8503f"), (100, "#8c3a2b"))
    top = sheet.across((0, "#bd6756"), (100, "#a04838"))
    content = _CONTENTS.get(theme_of("gift", text), _CONTENTS["tea"])
    things = "".join(
        f'<g transform="translate({place}) scale({scale:g})">{draw(sheet, Palette.of(hue, label), label, label[:1])}</g>'
        for (draw, hue, label, scale), place in zip(content, ("172 -34", "40 14", "196 44"), strict=True)
    )
    return (
        f'<path d="M-262-252L-216-314H-18L30-252Z" fill="{top}"/><path d="M-262-252H30V-10H-262Z" fill="{front}"/>'
        '<path d="M-262-196H30" stroke="#5e2318" stroke-opacity=".45" stroke-width="3"/>'
        f'<path d="M-164-252L-148-314H-84L-66-252Z" fill="#f1e7d2"/><path d="M-164-252H-66V-10H-164Z" fill="{palette.paper}"/>'
        f'<path d="M-155-252V-10M-75-252V-10" stroke="{palette.rule}" stroke-width="2"/>'
        + upright(text, -115, -150, 76, 148, "#3a2418")
        + seal(-115, -44, 34, "礼")
        + things
    )


# What lies before the box: at the back, in the middle, in front.
_CONTENTS: dict[str, tuple[tuple[Callable[[Sheet, Palette, str, str], str], int, str, float], ...]] = {
    "tea": ((jar, 38, "肉桂", 0.62), (jar, 20, "大红袍", 0.64), (gaiwan, 162, "", 0.34)),
    "grain": ((bottle, 46, "山茶油", 0.62), (pouch, 88, "稻花香", 0.6), (bowl, 210, "青花", 0.3)),
    "tonic": ((jar, 12, "石斛", 0.6), (pouch, 4, "枸杞", 0.58), (tin, 36, "芝麻丸", 0.36)),
    "snack": ((box, 30, "桂花糕", 0.62), (bag, 18, "米饼", 0.6), (plate, 150, "团圆", 0.32)),
    "beauty": ((pump, 150, "白茶", 0.6), (tube, 340, "山茶花", 0.58), (candle, 38, "桂花", 0.36)),
    "home": ((textile, 200, "棉巾", 0.56), (cup, 160, "青釉", 0.58), (candle, 38, "沉香", 0.36)),
    "baby": ((toy, 350, "小兔", 0.66), (pump, 190, "柔护", 0.56), (textile, 40, "纱布", 0.3)),
    "craft": ((lantern, 6, "如意", 0.6), (brush, 96, "狼毫", 0.52), (notebook, 220, "手札", 0.36)),
}
