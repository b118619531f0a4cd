"""What axe-core finds on a page: WCAG 2.1 A and AA."""

from playwright.sync_api import Page

from tests.browser.chromium import AXE

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def violations(page: Page, *, leave_out: tuple[str, ...] = ()) -> list[str]:
    """Return one line for each rule broken, with the first element that breaks it."""
    # What fades in has its colours only at the end.
    page.evaluate(
        "() => Promise.allSettled(document.getAnimations()"
        ".filter(one => one.effect.getComputedTiming().endTime < 5000).map(one => one.finished))"
    )
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        "options => axe.run(document, options)",
        {"runOnly": {"type": "tag", "values": STANDARDS}, "rules": {rule: {"enabled": False} for rule in leave_out}},
    )
    return [
        f"{rule['id']} ({rule['impact']}, {len(rule['nodes'])}×): {rule['help']}: {rule['nodes'][0]['html'][:160]}"
        for rule in found["violations"]
    ]
