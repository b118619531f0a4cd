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
    assert [line.split()[0] for line in violations(phone)] == ["button-name"]


def test_two_people_have_separate_cookies(open_page):
    first, second = open_page(), open_page(DESK)
    first.goto("/ops/login/")
    assert first.context.cookies() != []
    assert second.context.cookies() == []
