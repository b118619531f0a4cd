from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory, override_settings
from PIL import Image

from linkage.models import Position, Rank
from mall.failures import forbidden
from tests.factories import a_member
from tests.pages.reading import markup, signed_in

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def test_pages_forbid_inline_code_and_style(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    for part in policy.split(";"):
        if part.strip().startswith(("script-src", "style-src")):
            assert part.split()[1:] == ["'self'"]
    assert "default-src 'none'" in policy


def test_every_page_in_the_frame_is_clean_in_both_languages(client: Client) -> None:
    member = signed_in(a_member())
    for browser in (client, member):
        for path in ["/", "/me/settings/", "/demo/outbox", "/account/login/", "/offline", "/orders/", "/me/"]:
            for language in ("zh-hans", "en"):
                answer = browser.get(path, headers={"Accept-Language": language})
                if answer.status_code == 200:
                    markup(answer)


def test_the_look_is_kept_in_a_cookie(client: Client) -> None:
    assert "data-theme" not in client.get("/").content.decode()
    assert client.post("/theme", {"theme": "dark", "next": "/me/settings/"})["Location"] == "/me/settings/"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.post("/theme", {"theme": ""})
    assert "data-theme" not in client.get("/").content.decode()


@pytest.mark.parametrize("theme", ["blue", '"><script>', "dark; Path=/x"])
def test_a_look_that_is_none_is_dropped(client: Client, theme: str) -> None:
    client.post("/theme", {"theme": theme})
    client.cookies["theme"] = "purple"
    assert "data-theme" not in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.post("/theme", {"theme": "dark", "next": target})["Location"] == "/"
    assert client.post("/language", {"language": "en", "next": target})["Location"] == "/"


def test_the_language_is_kept(client: Client) -> None:
    assert 'lang="zh-Hans"' in client.get("/", headers={"Accept-Language": "zh-CN"}).content.decode()
    client.post("/language", {"language": "en", "next": "/"})
    answer = client.get("/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert 'lang="en"' in answer
    assert "Home" in answer


def test_a_qr_code_leads_to_our_own_pages_alone(client: Client) -> None:
    answer = client.get("/qr.svg", {"to": "/p/tea?sku=1"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    for target in ["https://evil.example/", "//evil.example/", "evil", "/" + "x" * 400, "/\\evil.example"]:
        assert client.get("/qr.svg", {"to": target}).status_code in (400, 200)
    assert client.get("/qr.svg", {"to": "https://evil.example/"}).status_code == 400
    assert client.get("/qr.svg", {"to": "//evil.example/"}).status_code == 400


def test_what_browsers_ask_for(client: Client) -> None:
    manifest = client.get("/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["display"]) == ("/?src=pwa", "standalone")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert Image.open(ROOT / icon["src"].lstrip("/")).size == tuple(map(int, icon["sizes"].split("x")))
    assert [client.get(one["url"]).status_code for one in manifest["shortcuts"]] == [302, 200, 302]
    worker = client.get("/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert b'OFFLINE = "/offline"' in worker.content
    assert "网络好像断了" in client.get("/offline").content.decode()
    assert b"Disallow: /orders/" in client.get("/robots.txt").content


def test_what_fails_says_so_kindly(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = client.get("/nothing-here")
    assert missing.status_code == 404
    assert "这一页不在了" in missing.content.decode()
    markup(missing)

    def broken(**parts: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("suppliers.queries.recommended", broken)
    client.raise_request_exception = False
    failed = client.get("/")
    assert failed.status_code == 500
    assert "我们这边出了点问题" in failed.content.decode()
    assert "RuntimeError" not in failed.content.decode()
    markup(failed)


def test_a_page_that_is_not_ones_own_says_so_kindly(rf: RequestFactory) -> None:
    answer = forbidden(rf.get("/"), PermissionDenied("secret"))
    assert answer.status_code == 403
    assert "这一页不对你开放" in answer.content.decode()
    assert "secret" not in answer.content.decode()
    markup(answer)


def test_earnings_are_shown_to_those_who_bought_a_gift_pack_alone() -> None:
    buyer, agent = a_member(), a_member()
    standing = {"shard": agent.shard, "rank": Rank.AGENT, "packs": 1, "strand_id": agent.pk, "place": 0}
    Position.objects.update_or_create(member=agent, defaults=standing)
    assert 'href="/agent/"' not in signed_in(buyer).get("/me/").content.decode()
    assert 'href="/agent/"' in signed_in(agent).get("/me/").content.decode()


def test_a_form_without_its_token_is_refused_in_plain_words() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/theme", {"theme": "dark"})
    assert answer.status_code == 403
    assert "页面放得太久了" in answer.content.decode()
    assert "theme" not in answer.cookies


@override_settings(SITE_NAME='<b>&"')
def test_the_name_of_the_site_is_text(client: Client) -> None:
    markup(client.get("/"))
