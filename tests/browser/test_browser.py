"""The browser itself: without these, no journey proves anything."""

from tests.browser.accessibility import violations
from tests.browser.conftest import DESK


def test_a_phone_opens_the_mall(phone):
    answer = phone.goto("/ops/login/")
    assert answer.status == 200
    assert "script-src" in answer.headers["content-security-policy"]
    assert phone.evaluate("() => [innerWidth, devicePixelRatio]") == [375, 2]


def test_chinese_is_drawn_with_the_face_of_the_project(phone):
    phone.set_content("<p style='font: 40px sans-serif; display: inline-block' id=a>礼包</p>")
    assert round(phone.locator("#a").bounding_box()["width"]) == 80
    assert phone.evaluate("() => document.fonts.check('20px \"Noto Sans SC\"')")


def test_the_accessibility_checker_finds_a_nameless_button(phone):
    phone.set_content("<html lang=zh><title>页</title><main><button></button></main></html>")
    assert [line.split()[:2] for line in violations(phone)] == [["light:", "button-name"]]


def test_the_accessibility_checker_reads_a_page_in_the_dark(phone):
    dark = "@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }"
    phone.set_content(f"<html lang=zh><title>页</title><style>{dark}</style><main><p>看不见</p></main></html>")
    assert [line.split()[:2] for line in violations(phone)] == [["dark:", "color-contrast"]]


def test_two_people_have_separate_cookies(open_page):
    first, second = open_page(), open_page(DESK)
    first.goto("/ops/login/")
    assert first.context.cookies() != []
    assert second.context.cookies() == []
