"""The style sheet, the icons and the script keep to what docs/design.md says."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# The admin sites bring their own sheets.
PHONE_PAGES = [path for path in TEMPLATES if not {"ops", "supplier", "unfold", "admin"} & set(path.parts)]
SHEET = (ROOT / "static/css/mall.css").read_text()
SCRIPT = (ROOT / "static/js/mall.js").read_text()
SPRITE = (ROOT / "static/icons/sprite.svg").read_text()


def packed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


def test_style_script_and_icons_are_small() -> None:
    assert packed(SHEET) <= 20_000
    assert packed(SCRIPT) <= 8_000
    assert packed(SPRITE) <= 8_000


def test_every_icon_that_a_page_names_is_in_the_sprite_and_none_is_there_for_nothing() -> None:
    text = "".join(path.read_text() for path in TEMPLATES)
    code = "".join(
        path.read_text()
        for app in ("agents", "members", "orders", "service", "storefront", "suppliers")
        for path in (ROOT / app).rglob("*.py")
    )
    named = set(re.findall(r'{% icon "([a-z0-9-]+)"', text))
    named |= set(re.findall(r'(?:icon_name|action_icon|icon)="([a-z0-9-]+)"', text))
    there = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE))
    assert named - there == set()
    quoted = set(re.findall(r'"([a-z0-9-]+)"', code + text))
    assert there - quoted == set()


@pytest.mark.parametrize("path", PHONE_PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_has_inline_code_or_style(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_every_class_that_a_template_uses_is_in_the_style_sheet() -> None:
    sheets = SHEET + (ROOT / "static/css/agent.css").read_text()
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"url\([^)]*\)", "", sheets)))
    used: dict[str, str] = {}
    for path in PHONE_PAGES:
        bare = re.sub(r"{%.*?%}|{{.*?}}", "§", path.read_text())
        for value in re.findall(r'class="([^"]*)"', bare):
            used |= {name: path.name for name in value.split() if "§" not in name}
    assert {name: where for name, where in used.items() if name not in known} == {}


def test_dark_colours_are_the_same_by_the_system_and_by_choice() -> None:
    by_system = re.search(r':root:not\(\[data-theme="light"\]\) {(.*?)}', SHEET, re.S)
    by_choice = re.search(r':root\[data-theme="dark"\] {(.*?)}', SHEET, re.S)
    assert by_system is not None
    assert by_choice is not None
    assert by_system[1].split() == by_choice[1].split()


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    *((ink, ground) for ink in ("text-1", "text-2", "text-3", "brand", "jade") for ground in ("card", "bg")),
    ("text-2", "sunk"),
    ("text-3", "sunk"),
    ("brand-strong", "brand-tint"),
    ("brand", "brand-tint"),
    ("jade-strong", "jade-tint"),
    ("gold-ink", "gold-bg"),
    ("frozen-ink", "frozen-bg"),
    ("warn-ink", "warn-bg"),
    ("danger-ink", "danger-bg"),
    ("on-cta", "cta"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS, ids="-on-".join)
def test_words_stand_out_from_their_ground(theme: str, ink: str, ground: str) -> None:
    first = re.search(r":root {(.*?)}", SHEET, re.S)
    dark = re.search(r':root\[data-theme="dark"\] {(.*?)}', SHEET, re.S)
    assert first is not None
    assert dark is not None
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", first[1]))
    if theme == "dark":
        tokens |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark[1]))

    def full(name: str) -> str:
        colour = tokens[name]
        return "#" + "".join(part * 2 for part in colour[1:]) if len(colour) == 4 else colour

    assert contrast(full(ink), full(ground)) >= 4.5
