"""The share card inside WeChat: only pages of ours are signed, and only where the script is set."""

import hashlib
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client, override_settings

from tests.factories import a_member
from tests.members.shopkeepers import a_shopkeeper
from tests.pages.reading import markup, signed_in

pytestmark = pytest.mark.django_db
SDK = "https://res.example/jweixin-1.6.0.js"
WECHAT = {"User-Agent": "Mozilla/5.0 MicroMessenger/8.0.50"}


@pytest.fixture
def ticket(monkeypatch: pytest.MonkeyPatch, settings: Any) -> str:
    """The ticket that WeChat gave; the gateway is another test's."""
    settings.WECHAT_JS_SDK_URL = SDK
    settings.SITE_URL = "https://mall.example"

    def signed(*, url: str, at: Any) -> dict[str, Any]:
        text = f"jsapi_ticket=sM4AOVdWfPE&noncestr=Wm3WZYTPz0wzccnW&timestamp=1414587457&url={url}"
        digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        return {"appId": "wx1", "timestamp": 1414587457, "nonceStr": "Wm3WZYTPz0wzccnW", "signature": digest}

    monkeypatch.setattr("members.commands.sign_page", signed)
    return "sM4AOVdWfPE"


def test_a_page_of_ours_is_signed_without_its_fragment(client: Client, ticket: str) -> None:
    one = client.get("/wx/jssdk", {"url": "https://mall.example/p/tea?from=timeline#pictures"})
    other = client.get("/wx/jssdk", {"url": "https://mall.example/p/tea?from=timeline"})
    assert one.status_code == 200
    assert one.json() == other.json()
    assert one["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/p/tea",
        "https://evil.example/p/tea",
        "http://mall.example/p/tea",
        "https://mall.example.evil.example/",
        "https://mall.example@evil.example/",
        "https://mall.example:444/",
        "javascript:alert(1)",
        "https://mall.example/" + "x" * 2_000,
    ],
)
def test_no_other_address_is_signed(client: Client, ticket: str, address: str) -> None:
    assert client.get("/wx/jssdk", {"url": address}).status_code == 400


def test_where_the_script_is_not_set_nothing_is_signed(client: Client) -> None:
    assert client.get("/wx/jssdk", {"url": "http://127.0.0.1:8000/"}).status_code == 404


def test_the_script_comes_inside_wechat_alone_on_pages_for_everybody(client: Client, ticket: str) -> None:
    assert "wechat.js" not in client.get("/help").content.decode()
    answer = client.get("/help", headers=WECHAT)
    markup(answer)
    assert f'data-sdk="{SDK}" data-signature="/wx/jssdk"' in answer.content.decode()
    assert "wechat.js" not in signed_in(a_member()).get("/me/", headers=WECHAT).content.decode()


def test_a_page_is_shared_by_its_own_address(client: Client, ticket: str) -> None:
    assert 'data-share="https://mall.example/help"' in client.get("/help?q=x").content.decode()


def test_who_earns_shares_through_the_own_link(ticket: str) -> None:
    agent = a_shopkeeper()
    page = signed_in(agent).get("/help").content.decode()
    assert f'data-share="https://mall.example/r/{agent.referral_code}?to=help&amp;ch=wechat"' in page
    assert quote(agent.referral_code) == agent.referral_code


def test_nothing_of_wechat_is_allowed_where_it_is_not_set(client: Client) -> None:
    with override_settings(WECHAT_JS_SDK_URL=""):
        assert "res.example" not in client.get("/help")["Content-Security-Policy"]
