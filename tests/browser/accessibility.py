"""What axe-core finds on a page: WCAG 2.1 A and AA."""

from typing import Any, Literal

from playwright.sync_api import Page

from tests.browser.chromium import AXE

Scheme = Literal["light", "dark"]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


# What depends on light and dark.
OF_COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, *, leave_out: tuple[str, ...] = ()) -> list[str]:
    """Return one line for each rule broken, with its first element: all in light, those of colours in dark too."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = _look(page, "light", {"runOnly": {"type": "tag", "values": STANDARDS}}, leave_out)
    found += _look(page, "dark", {"runOnly": {"type": "rule", "values": OF_COLOURS}}, leave_out)
    _wear(page, "light")
    return found


def _look(page: Page, scheme: Scheme, options: dict[str, Any], leave_out: tuple[str, ...]) -> list[str]:
    _wear(page, scheme)
    # What fades in has its colours only at the end.
    page.evaluate(
        "() => Promise.allSettled(document.getAnimations()"
        ".filter(one => one.effect.getComputedTiming().endTime < 5000).map(one => one.finished))"
    )
    rules = {rule: {"enabled": False} for rule in leave_out}
    found = page.evaluate("options => axe.run(document, options)", {**options, "rules": rules})
    return [
        f"{scheme}: {rule['id']} ({rule['impact']}, {len(rule['nodes'])}×): {rule['help']}:"
        f" {rule['nodes'][0]['html'][:160]}"
        for rule in found["violations"]
    ]


def _wear(page: Page, scheme: Scheme) -> None:
    """Show the page in light or dark, as the reader's device asks; the desks' theme asks once, when a page opens."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(
        "dark => window.Alpine ? document.documentElement.classList.toggle('dark', dark) : null",
        scheme == "dark",
    )
