"""The team tree by keyboard, by tap and without scripts; customers and ranks look right to axe."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from agents import commands
from mall.core import clock
from members.models import Member
from tests.agents.relations import bind
from tests.linkage import stories
from tests.linkage.stories import Mall, three_generations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mall(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Mall:
    """zoe leads; ann left with an own team; below bob a line of four stands in zoe's team."""
    monkeypatch.setattr(stories, "START", clock.now().replace(microsecond=0) - timedelta(days=60))
    mall = Mall()
    three_generations(mall)
    referrer = "bob"
    for name in ("eve", "fay", "gus", "hal"):
        mall.join(name, referrer)
        referrer = name
    mall.buy("hal", "o-hal")
    mall.join("kim", "ann")
    mall.buy("kim", "o-kim")
    mall.settle()
    mall.at = clock.now()
    bind(mall, "eve", "zoe")
    commands.add_tag(adviser=mall.members["zoe"], public_id="eve", name="爱喝茶", at=mall.at)
    return mall


def sign_in(page: Page, member: Member) -> None:
    """Give the phone the session of a member."""
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies["sessionid"]
    page.goto("/agreements/terms/")
    host = urlsplit(page.url).hostname or ""
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "domain": host, "path": "/"}])


def focused(page: Page) -> str:
    """Return the name of the twig that has the focus."""
    return str(page.evaluate("() => document.activeElement.querySelector('.twig-row b')?.textContent ?? ''"))


def test_the_tree_is_walked_by_keyboard_alone(open_page: Any, accessible: Any, mall: Mall) -> None:
    page: Page = open_page()
    sign_in(page, mall.members["zoe"])
    page.goto("/agent/team/tree/")
    tree = page.locator("[role=tree]")
    expect(tree.locator("[role=treeitem]")).to_have_count(3)
    assert tree.locator("[tabindex='0']").count() == 1
    tree.locator("[tabindex='0']").focus()
    assert focused(page) == "a**"
    page.keyboard.press("ArrowLeft")
    expect(tree.locator("[role=treeitem] >> nth=0")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "b**"
    # What was not there is fetched, and opens; each step down is told with its level.
    page.keyboard.press("Enter")
    eve = tree.locator("[role=treeitem]:has(> .twig-row b:text('e**'))")
    expect(eve).to_have_attribute("aria-level", "3")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "e**"
    page.keyboard.press("ArrowRight")
    expect(tree.locator("b:text('f**')")).to_be_visible()
    accessible(page)
    page.keyboard.press("ArrowLeft")
    expect(tree.locator("b:text('f**')")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "b**"
    page.keyboard.press("End")
    assert focused(page) == "k**"
    page.keyboard.press("Home")
    assert focused(page) == "a**"
    # Deeper than four levels somebody has a page of its own.
    for name in ("e**", "f**"):
        page.locator(f"[role=treeitem]:has(> .twig-row b:text('{name}'))").evaluate("twig => twig.scrollIntoView()")
    assert "twig-left" in (tree.locator("[role=treeitem] >> nth=0").get_attribute("class") or "")


def test_without_scripts_the_tree_is_lists_and_links(open_page: Any, mall: Mall) -> None:
    page: Page = open_page(java_script_enabled=False)
    sign_in(page, mall.members["zoe"])
    page.goto("/agent/team/tree/")
    page.click("li:has(> .twig-row b:text('b**')) > .twig-row > a")
    assert "/agent/team/tree/bob/" in page.url
    assert "e**" in page.inner_text("main")
    page.click("li:has(> .twig-row b:text('e**')) > .twig-row > a")
    assert "f**" in page.inner_text("main")


def test_people_pages_are_accessible_and_fit_a_narrow_phone(open_page: Any, accessible: Any, mall: Mall) -> None:
    page: Page = open_page()
    sign_in(page, mall.members["zoe"])
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("team/", "team/moves/", "team/tree/", "customers/", "customers/eve/", "rank/", "progress/", "frozen/"):
        page.goto(f"/agent/{path}")
        assert page.url.endswith(f"/agent/{path}")
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
