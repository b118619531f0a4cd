"""What pages say to browsers, caches, search engines and chats; and what they never say."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path

from mall.celery import app
from mall.core import request_id
from mall.core.access import members_only, public
from mall.core.doorbell import Doorbell
from mall.core.named_task import NamedTask
from mall.core.public_page import describe
from mall.urls import handler404 as handler404
from tests.factories import a_member, a_sku
from tests.pages.reading import markup, signed_in

pytestmark = pytest.mark.django_db


@public
def shown(request: HttpRequest) -> HttpResponse:
    describe(
        request,
        title='狮峰龙井 "特级"',
        description="  明前\n采摘  " + "好" * 200,
        image="/media/products/tea.webp",
        kind="product",
        path="/shown",
        crumbs=[("首页", "/"), ("茶</script>", "/c/tea")],
        linked=[{"@context": "https://schema.org", "@type": "Product", "name": "</script><script>alert(1)</script>"}],
    )
    return render(request, "base.html")


@members_only
def own(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@public
def counting(request: HttpRequest) -> HttpResponse:
    describe(request, title="x")
    request.session["cart"] = {"1": 2}
    return render(request, "base.html")


urlpatterns = [path("shown", shown), path("own", own), path("counting", counting), path("", include("mall.urls"))]


@pytest.fixture(autouse=True)
def _addresses(settings) -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.pages.test_public_pages", SITE_URL="https://mall.example"):
        yield


def head_of(page: str) -> str:
    return page.partition("</head>")[0]


def test_a_described_page_says_everything_that_search_engines_and_chats_want(client: Client) -> None:
    answer = client.get("/shown?page=2&utm=x", headers={"Accept-Language": "zh-CN"})
    markup(answer)
    head = head_of(answer.content.decode())
    assert '<link rel="canonical" href="https://mall.example/shown">' in head
    assert 'hreflang="en" href="https://mall.example/shown?lang=en"' in head
    assert 'property="og:title" content="狮峰龙井 &quot;特级&quot;"' in head
    assert 'property="og:image" content="https://mall.example/media/products/tea.webp"' in head
    assert "summary_large_image" in head
    assert "noindex" not in head
    description = re.search(r'name="description" content="([^"]*)"', head)
    assert description is not None
    assert description[1].startswith("明前 采摘")
    assert len(description[1]) == 120


def test_linked_data_can_be_read_and_never_ends_its_element(client: Client) -> None:
    head = head_of(client.get("/shown").content.decode())
    found = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', head)]
    assert [data["@type"] for data in found] == ["Product", "BreadcrumbList"]
    assert found[0]["name"] == "</script><script>alert(1)</script>"
    assert found[1]["itemListElement"][1]["item"] == "https://mall.example/c/tea"
    assert "alert(1)</script>" not in head


def test_the_front_page_says_who_runs_the_mall_and_how_it_is_searched(client: Client) -> None:
    head = head_of(client.get("/").content.decode())
    found = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', head)]
    assert [data["@type"] for data in found] == ["Organization", "WebSite"]
    template = found[1]["potentialAction"]["target"]["urlTemplate"]
    assert (
        client.get(template.removeprefix("https://mall.example").replace("{search_term_string}", "茶")).status_code
        == 200
    )


def test_the_address_may_name_the_language(client: Client) -> None:
    page = client.get("/shown?lang=en", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert 'lang="en"' in page
    assert '<link rel="canonical" href="https://mall.example/shown?lang=en">' in page
    assert 'lang="zh-Hans"' in client.get("/shown?lang=tlh", headers={"Accept-Language": "zh-CN"}).content.decode()


def test_a_page_of_ones_own_is_not_indexed(client: Client) -> None:
    head = head_of(signed_in(a_member()).get("/own").content.decode())
    assert '<meta name="robots" content="noindex">' in head
    assert "canonical" not in head
    assert "og:" not in head


# Who may keep an answer


def test_a_strangers_page_is_asked_for_again_and_marked_as_everybodys(client: Client) -> None:
    answer = client.get("/shown")
    assert (answer["Cache-Control"], answer["X-Page"]) == ("no-cache", "public")
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in answer["Vary"].split(",")}


def test_nobody_keeps_a_page_of_ones_own_or_a_page_shown_to_a_member() -> None:
    member = signed_in(a_member())
    for address in ("/own", "/shown", "/", "/me/"):
        answer = member.get(address)
        assert answer["Cache-Control"] == "private, no-store", address
        assert "X-Page" not in answer
        assert "Cookie" in answer["Vary"]


def test_a_visitor_with_something_in_the_session_gets_a_page_that_is_not_everybodys(client: Client) -> None:
    assert "X-Page" not in client.get("/counting")
    assert "X-Page" not in client.get("/shown")


def test_a_page_that_describes_nothing_is_not_everybodys(client: Client) -> None:
    for address in ("/account/login/", "/offline", "/me/settings/"):
        assert "X-Page" not in client.get(address)


def test_a_fragment_a_failure_and_what_was_sent_are_not_everybodys(client: Client) -> None:
    assert "X-Page" not in client.get("/shown", headers={"HX-Request": "true"})
    assert "X-Page" not in client.post("/shown")
    missing = client.get("/nothing-here")
    assert "X-Page" not in missing
    assert missing["Cache-Control"] == "no-store"


def test_two_people_never_get_each_others_page(client: Client) -> None:
    first, second = a_member(nickname="林小禾"), a_member(nickname="周大山")
    one, other = signed_in(first), signed_in(second)
    assert "林小禾" in one.get("/me/").content.decode()
    assert "林小禾" not in other.get("/me/").content.decode()
    assert "周大山" in other.get("/me/").content.decode()
    assert client.get("/me/").status_code == 302


# The request's name


def test_every_answer_carries_a_name_of_its_own(client: Client) -> None:
    names = {client.get("/offline")["X-Request-ID"] for _ in range(3)}
    assert len(names) == 3
    assert all(request_id.is_plausible(name) for name in names)


def test_a_name_from_outside_is_taken_from_a_trusted_proxy_alone(client: Client) -> None:
    assert client.get("/offline", headers={"X-Request-ID": "from-outside-1"})["X-Request-ID"] != "from-outside-1"
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert client.get("/offline", headers={"X-Request-ID": "from-outside-1"})["X-Request-ID"] == "from-outside-1"
        for bad in ("x", "a b c d e f g", "é" * 10, "a" * 65, "line\\nbreak"):
            assert client.get("/offline", headers={"X-Request-ID": bad})["X-Request-ID"] != bad


def test_log_lines_carry_the_name() -> None:
    request_id.stand_for("request-of-a-test")
    record = logging.LogRecord("mall", logging.INFO, "x", 1, "words", None, None)
    assert request_id.RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "request-of-a-test"


def test_a_task_works_under_the_name_of_the_request_that_rang() -> None:
    seen: list[str] = []

    for base in (NamedTask, Doorbell):

        @app.task(name=f"mall.tests.{base.__name__}", base=base)
        def named() -> None:
            seen.append(request_id.current())

        request_id.stand_for("request-of-a-test")
        named.apply(headers={"request_id": f"rang-{base.__name__}"})
    assert seen == ["rang-NamedTask", "rang-Doorbell"]


# Failures


def test_a_failure_shows_its_name_and_a_way_on(client: Client) -> None:
    answer = client.get("/nothing-here")
    page = answer.content.decode()
    assert answer["X-Request-ID"] in page
    assert 'role="search"' in page
    markup(answer)


def test_while_the_mall_is_closed_every_page_says_when_to_come_back(client: Client) -> None:
    with override_settings(MAINTENANCE_MINUTES=20):
        for address in ("/", "/me/", "/ops/", "/api/anything", "/p/x"):
            answer = client.get(address)
            assert (answer.status_code, answer["Retry-After"]) == (503, "1200"), address
            assert answer["Cache-Control"] == "no-store"
        assert "大约 20 分钟" in client.get("/").content.decode()
        assert 'href="/list?q=1&amp;page=2"' in client.get("/list?q=1&page=2").content.decode()
        assert 'href="/"' in client.post("/cart/add").content.decode()
        assert 'href="//' not in client.get("//elsewhere.example/").content.decode()
        assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200


def refused_form(origin: str, fields: dict[str, str]) -> str:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/theme?x=1", fields, headers={"Sec-Fetch-Site": origin})
    assert answer.status_code == 403
    markup(answer)
    return str(answer.content.decode())


def test_a_form_that_grew_old_may_be_sent_again_as_it_was() -> None:
    browser = Client(enforce_csrf_checks=True)
    fields = {"theme": "dark", "next": '/?a="<b>', "csrfmiddlewaretoken": "old"}
    answer = browser.post("/theme?x=1", fields, headers={"Sec-Fetch-Site": "same-origin"})
    page = answer.content.decode()
    assert 'action="/theme?x=1"' in page
    assert 'name="next" value="/?a=&quot;&lt;b&gt;"' in page
    token = markup(answer).fields["csrfmiddlewaretoken"]
    assert token != "old"
    assert browser.post("/theme", {"theme": "dark", "csrfmiddlewaretoken": token}).status_code == 302


def test_a_form_from_elsewhere_is_never_offered_again() -> None:
    for origin in ("cross-site", "same-site", "none", ""):
        page = refused_form(origin, {"theme": "dark"})
        assert "重新提交" not in page
        assert 'value="dark"' not in page


def test_a_form_with_a_secret_is_not_written_into_a_page() -> None:
    page = refused_form("same-origin", {"phone": "13800001111", "code": "123456", "new_password": "hunter2 hunter2"})
    assert "重新提交" not in page
    assert "123456" not in page
    assert "hunter2" not in page


# What search engines ask for


def test_the_site_map_names_public_goods_and_no_page_of_ones_own(client: Client) -> None:
    there, hidden = a_sku(), a_sku(is_published=False)
    index = client.get("/sitemap.xml").content.decode()
    files = re.findall(r"<loc>https://mall.example(/[^<]+)</loc>", index)
    assert files == ["/sitemap-pages.xml", "/sitemap-goods-1.xml"]
    listed = "".join(client.get(file).content.decode() for file in files)
    assert f"https://mall.example/p/{there.product.slug}<" in listed
    assert hidden.product.slug not in listed
    assert f"https://mall.example/c/{there.product.category.slug}<" in listed
    assert f"/c/{hidden.product.category.slug}<" not in listed
    assert "/me/" not in listed
    assert client.get("/sitemap-goods-2.xml").status_code == 404
    assert client.get("/sitemap-goods-0.xml").status_code == 404
    assert client.get(f"/sitemap-goods-{10**30}.xml").status_code == 404


def test_goods_are_listed_in_files_of_a_few_thousand(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mall.crawlers.PER_FILE", 2)
    for _ in range(5):
        a_sku()
    files = re.findall(
        r"<loc>https://mall.example(/sitemap-goods[^<]+)</loc>", client.get("/sitemap.xml").content.decode()
    )
    assert len(files) == 3
    listed = re.findall(r"/p/[\w-]+", "".join(client.get(file).content.decode() for file in files))
    assert len(listed) == len(set(listed)) == 5


def test_robots_are_kept_from_pages_of_ones_own_and_shown_the_map(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    for address in ("/me/", "/agent/", "/cart", "/r/", "/orders/", "/messages", "/support", "/checkout"):
        assert f"Disallow: {address}\n" in text
    assert "Sitemap: https://mall.example/sitemap.xml" in text
