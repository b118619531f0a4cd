"""The service worker in a real browser: what is kept, what never is, and how it is got rid of."""

from typing import Any

import pytest
from playwright.sync_api import Page

from mall.core import clock
from members.models import Member
from service.commands import ArticleText, save_article, save_topic
from tests.browser.people import log_in
from tests.factories import a_member, a_paid_order, an_address

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const type = answer.headers.get("Content-Type") || "";
      found.push({ cache: name, path: new URL(request.url).pathname, page: answer.headers.get("X-Page"),
                   text: type.startsWith("text/html") ? await answer.text() : "" });
    }
  }
  return found;
}"""


def with_worker(page: Page, path: str = "/") -> None:
    """Open a page and wait until the worker answers for it."""
    page.goto(path)
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def kept(page: Page) -> list[dict[str, Any]]:
    return list(page.evaluate(KEPT))


@pytest.fixture
def buyer(transactional_db: None) -> Member:
    member = a_member(nickname="林小禾独一无二")
    an_address(member)
    return member


def test_without_a_network_the_offline_page_is_shown_and_pages_for_everybody_as_they_were(
    open_page: Any, transactional_db: None
) -> None:
    topic = save_topic(name="退换", slug="returns")
    save_article(text=ArticleText(topic.pk, "退款多久到账？", "refund-time", "原路退回"), at=clock.now())
    phone: Page = open_page()
    with_worker(phone)
    phone.goto("/help/refund-time")
    phone.context.set_offline(True)
    phone.goto("/account/login/")
    assert "网络好像断了" in phone.inner_text("main")
    assert phone.evaluate("() => getComputedStyle(document.body).margin") == "0px"
    phone.goto("/help/refund-time")
    assert "原路退回" in phone.inner_text("main")
    assert phone.locator("#offline").is_visible()
    phone.context.set_offline(False)
    phone.goto("/account/login/")
    assert "登录" in phone.inner_text("main")


def test_no_cache_holds_a_page_of_ones_own(open_page: Any, buyer: Member) -> None:
    order = a_paid_order(member=buyer, at=clock.now())
    product = order.lines.get().sku.product
    phone: Page = open_page()
    with_worker(phone)
    log_in(phone, str(buyer.phone))
    public = ["/", f"/p/{product.slug}", "/help"]
    own = ["/me/", "/orders/", f"/orders/{order.number}/", "/messages", "/support", "/support/new", "/me/addresses/"]
    for path in [*public, *own, "/"]:
        answer = phone.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert "no-store" in answer.headers["cache-control"], path
    found = kept(phone)
    assert {entry["path"] for entry in found} & set(own) == set()
    for entry in found:
        assert buyer.nickname not in entry["text"]
        assert str(buyer.phone)[-8:] not in entry["text"]
        assert order.number not in entry["text"]
        assert entry["text"] == "" or entry["path"] == "/offline" or entry["page"] == "public", entry["path"]
    phone.context.set_offline(True)
    phone.goto("/me/")
    assert "网络好像断了" in phone.inner_text("main")


def test_what_was_searched_for_is_not_kept(open_page: Any, transactional_db: None) -> None:
    phone: Page = open_page()
    with_worker(phone)
    phone.goto("/help?q=火星")
    phone.goto("/help")
    assert all("火星" not in entry["text"] for entry in kept(phone) if entry["cache"].startswith("pages"))


def test_the_worker_can_be_got_rid_of(open_page: Any, transactional_db: None, settings: Any) -> None:
    phone: Page = open_page()
    with_worker(phone)
    phone.goto("/help")
    assert kept(phone) != []
    settings.SERVICE_WORKER = False
    phone.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update(); }")
    phone.wait_for_function("async () => (await caches.keys()).length === 0")
    phone.wait_for_function("async () => (await navigator.serviceWorker.getRegistrations()).length === 0")
