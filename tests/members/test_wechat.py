"""Logging in by WeChat, through its stand-in over HTTP."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client

from mall.core import clock
from members import queries
from members.commands import LastWayIn, WechatError, bind_wechat, create_operator, meet_wechat, sign_page, unbind_wechat
from members.gateways.wechat import WechatPerson, jsapi_ticket
from members.models import Consent, Member, SmsMessage, WechatIdentity
from tests.factories import AT, a_member, a_phone
from tests.members.wechat import PHONE_UA, allowed, in_wechat, path_of, tap
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "13800001111"


def code_of_last_message() -> str:
    return "".join(filter(str.isdigit, SmsMessage.objects.latest("id").body.partition("验证码")[2].partition("，")[0]))


def verify_phone(browser: Client, phone: str = NEW, next: str = "/") -> Any:
    assert browser.post("/account/login/", {"phone": phone, "agreed": "1", "next": next}).status_code == 302
    return browser.post("/account/login/code/", {"code": code_of_last_message()})


def known(member: Member, openid: str = "oKnown0123456789") -> WechatIdentity:
    return bind_wechat(identity=meet_wechat(person=WechatPerson(openid), at=AT), member=member, at=AT)


def test_who_is_new_taps_allows_verifies_a_phone_and_is_in(wechat: str) -> None:
    browser = in_wechat()
    answer = tap(browser, who="keke", next="/me/")
    assert path_of(answer["Location"]) == "/account/login/?next=%2Fme%2F"
    page = browser.get(answer["Location"])
    markup(page)
    assert "微信已授权：周可" in page.content.decode()
    assert markup(page).fields["next"] == "/me/"
    assert verify_phone(browser, next="/me/")["Location"] == "/me/"
    member = Member.objects.get()
    identity = WechatIdentity.objects.get()
    assert (identity.member, identity.nickname, identity.unionid[:1]) == (member, "周可", "u")
    assert queries.wechat_openid(member=member) == identity.openid
    assert get_user(browser) == member


def test_the_next_time_a_tap_is_enough_and_the_session_changes_its_key(wechat: str) -> None:
    tap(first := in_wechat(), who="keke")
    verify_phone(first)
    second = in_wechat()
    second.get("/account/login/")
    away = second.post("/wx/login", {"agreed": "1", "next": "/orders/"})
    before = second.session.session_key
    answer = second.get(allowed(second, away["Location"], who="keke"))
    assert answer["Location"] == "/orders/"
    assert get_user(second) == Member.objects.get()
    assert second.session.session_key != before
    stranger = Client()
    stranger.cookies["sessionid"] = before or ""
    assert not get_user(stranger).is_authenticated


def test_without_the_agreement_nobody_is_sent_to_wechat(wechat: str) -> None:
    browser = in_wechat()
    with nothing_changes():
        answer = browser.post("/wx/login", {"next": "/me/"})
    assert path_of(answer["Location"]) == "/account/login/?next=%2Fme%2F"
    assert "请先阅读并同意" in browser.get(answer["Location"]).content.decode()


def test_one_may_join_without_a_phone_where_the_operator_allows_it(wechat: str, settings: Any) -> None:
    browser = in_wechat()
    tap(browser, who="keke")
    settings.WECHAT_JOINS_ALONE = False
    with nothing_changes():
        browser.post("/wx/join")
    settings.WECHAT_JOINS_ALONE = True
    assert browser.post("/wx/join").status_code == 302
    member = Member.objects.get()
    assert (member.phone, member.nickname, get_user(browser)) == (None, "周可", member)
    assert set(Consent.objects.values_list("text__kind", flat=True)) == {"terms", "privacy"}
    for path in ("/me/security/", "/me/profile/", "/me/privacy/"):
        assert browser.get(path).status_code == 200, path


def test_joining_takes_what_wechat_said_in_this_session(wechat: str) -> None:
    with nothing_changes():
        assert in_wechat().post("/wx/join")["Location"] == "/account/login/"


def test_a_link_that_was_followed_is_carried_through(wechat: str) -> None:
    owner, browser = a_member(), in_wechat()
    browser.get(f"/r/{owner.referral_code}", headers={"accept": "*/*"})
    tap(browser, who="keke")
    browser.post("/wx/join")
    assert Member.objects.get(nickname="周可").referrer == owner


@pytest.mark.parametrize("state", ["", "x", "\x00", "../..", "a" * 4000])
def test_a_state_of_nobody_leads_to_the_front_page(wechat: str, state: str) -> None:
    with nothing_changes():
        assert in_wechat().get("/wx/callback", {"state": state, "code": "c"})["Location"] == "/"


def test_a_state_counts_in_its_own_session_alone(wechat: str) -> None:
    browser, other = in_wechat(), in_wechat()
    back = allowed(browser, browser.post("/wx/login", {"agreed": "1"})["Location"], who="keke")
    with nothing_changes():
        assert other.get(back)["Location"] == "/"
    assert browser.get(back)["Location"] != "/"


def test_a_state_counts_once(wechat: str) -> None:
    browser = in_wechat()
    back = allowed(browser, browser.post("/wx/login", {"agreed": "1"})["Location"], who="keke")
    browser.get(back)
    with nothing_changes():
        assert browser.get(back)["Location"] == "/"


def test_a_state_counts_for_ten_minutes(wechat: str) -> None:
    browser = in_wechat()
    back = allowed(browser, browser.post("/wx/login", {"agreed": "1"})["Location"], who="keke")
    clock.advance(timedelta(minutes=11))
    with nothing_changes():
        assert browser.get(back)["Location"] == "/"


def test_who_denies_may_log_in_by_phone(wechat: str) -> None:
    browser = in_wechat()
    away = browser.post("/wx/login", {"agreed": "1", "next": "/me/"})
    with nothing_changes():
        answer = browser.get(allowed(browser, away["Location"], who="keke", decision="deny"))
    assert "可以用手机号登录" in browser.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("code", ["forged", "x" * 5000, "\x00"])
def test_a_forged_code_logs_nobody_in(wechat: str, code: str) -> None:
    browser = in_wechat()
    browser.post("/wx/login", {"agreed": "1"})
    state = next(iter(browser.session["wechat_states"]))
    with nothing_changes():
        assert browser.get("/wx/callback", {"state": state, "code": code}).status_code == 302
    assert not get_user(browser).is_authenticated


def test_a_wechat_that_does_not_answer_is_no_wall(wechat: str, settings: Any) -> None:
    browser = in_wechat()
    back = allowed(browser, browser.post("/wx/login", {"agreed": "1"})["Location"], who="keke")
    settings.WECHAT_API_URL = "http://127.0.0.1:9"
    with nothing_changes():
        answer = browser.get(back)
    assert "微信暂时没有回应" in browser.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_wechat_leads_to_no_other_site(wechat: str, target: str) -> None:
    member, browser = a_member(), in_wechat()
    tap(browser, who="keke")
    WechatIdentity.objects.update(member=member, bound_at=AT)
    assert tap(in_wechat(), who="keke", next=target)["Location"] == "/"
    assert in_wechat().get("/wx/enter", {"next": target})["Location"].startswith(wechat)


def test_the_first_page_inside_wechat_tells_the_openid_silently_and_once(wechat: str) -> None:
    browser = in_wechat()
    away = browser.get("/orders/?tab=done")
    assert away.status_code == 302
    assert "scope=snsapi_base" in away["Location"]
    back = browser.get(path_of(away["Location"]))
    answer = browser.get(path_of(back["Location"]))
    assert answer["Location"] == "/orders/?tab=done"
    identity = WechatIdentity.objects.get()
    assert (identity.member, identity.nickname, identity.unionid) == (None, "", "")
    assert browser.session["wechat_openid"] == identity.openid
    assert "/sandbox/" not in browser.get("/orders/")["Location"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1", "accept": "text/html"}),
        ("/", {"user-agent": PHONE_UA + " bot/1.0", "accept": "text/html"}),
        ("/", {"user-agent": PHONE_UA, "accept": "application/json"}),
        ("/", {"user-agent": PHONE_UA, "accept": "text/html", "hx-request": "true"}),
        ("/", {"user-agent": PHONE_UA, "accept": "text/html", "sec-purpose": "prefetch"}),
        ("/account/login/", {"user-agent": PHONE_UA, "accept": "text/html"}),
        ("/healthz", {"user-agent": PHONE_UA, "accept": "text/html"}),
    ],
)
def test_nobody_else_is_sent_away(wechat: str, path: str, headers: dict[str, str]) -> None:
    assert Client(headers=headers).get(path).status_code == 200


def test_without_an_app_nobody_is_sent_away(wechat: str, settings: Any) -> None:
    settings.WECHAT_APP_ID = ""
    assert in_wechat().get("/").status_code == 200
    assert "微信一键登录" not in in_wechat().get("/account/login/").content.decode()


def test_a_known_one_is_in_silently_and_stays_out_after_logging_out(wechat: str) -> None:
    tap(first := in_wechat(), who="keke")
    verify_phone(first)
    browser = in_wechat()
    browser.post("/sandbox/wechat/me", {"who": "keke"})
    back = browser.get(path_of(browser.get("/")["Location"]))
    assert browser.get(path_of(back["Location"]))["Location"] == "/"
    assert get_user(browser) == Member.objects.get()
    browser.post("/account/logout/")
    assert browser.get("/").status_code == 200
    assert not get_user(browser).is_authenticated


def test_operators_and_who_is_switched_off_do_not_get_in(wechat: str) -> None:
    tap(browser := in_wechat(), who="keke")
    operator = create_operator(
        phone=a_phone(), nickname="运营", password="correct horse battery", is_superuser=False, at=AT
    )
    WechatIdentity.objects.update(member=operator, bound_at=AT)
    assert tap(browser, who="keke")["Location"] == "/account/login/"
    WechatIdentity.objects.update(member=a_member())
    Member.objects.update(is_active=False)
    assert tap(browser, who="keke")["Location"] == "/account/login/"
    assert not get_user(browser).is_authenticated


def test_a_member_binds_wechat_and_no_two_members_share_one(wechat: str) -> None:
    member, other = a_member(), a_member()
    browser = signed_in(member)
    assert tap(browser, who="keke", next="/me/security/")["Location"] == "/me/security/"
    assert queries.wechat_of(member=member) is not None
    thief = signed_in(other)
    with nothing_changes(without=("members_wechatidentity",)):
        tap(thief, who="keke", next="/me/security/")
    assert WechatIdentity.objects.get().member == member
    assert "已经绑定了别的账号" in thief.get("/me/security/").content.decode()


def test_a_phone_that_has_another_wechat_logs_in_and_stays_as_it_is(wechat: str) -> None:
    member = a_member()
    known(member)
    browser = in_wechat()
    tap(browser, who="keke")
    verify_phone(browser, str(member.phone))
    assert get_user(browser) == member
    assert queries.wechat_openid(member=member) == "oKnown0123456789"


def test_unbinding_needs_a_second_look_and_another_way_in(wechat: str) -> None:
    member = a_member()
    known(member)
    browser = signed_in(member)
    with nothing_changes():
        assert browser.post("/me/security/wechat/unbind/")["Location"].startswith("/me/security/confirm/")
    browser.post("/me/security/confirm/", {"step": "send"})
    browser.post("/me/security/confirm/", {"code": code_of_last_message(), "next": "/me/security/"})
    browser.post("/me/security/wechat/unbind/")
    assert queries.wechat_of(member=member) is None
    known(member)
    Member.objects.filter(pk=member.pk).update(phone=None, phone_verified=False)
    with nothing_changes(), pytest.raises(LastWayIn):
        unbind_wechat(member=member)


def test_a_page_is_signed_as_wechat_asks(wechat: str) -> None:
    url = "https://mall.example/p/tea?a=1"
    signed = sign_page(url=f"{url}#top", at=AT)
    text = f"jsapi_ticket={jsapi_ticket()}&noncestr={signed['nonceStr']}&timestamp={signed['timestamp']}&url={url}"
    assert signed["signature"] == hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class Api:
    """WeChat's API with tokens that it forgets when told to; it counts what it was asked for."""

    def __init__(self) -> None:
        api = self
        self.asked: list[str] = []
        self.answers: dict[str, list[dict[str, Any]]] = {}

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                name = self.path.partition("?")[0].rpartition("/")[2]
                api.asked.append(name)
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                planned = api.answers.get(name) or [{"access_token": "T", "ticket": "K", "expires_in": 7200}]
                body = json.dumps(planned.pop(0) if len(planned) > 1 else planned[0]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                self.answer()

            def do_POST(self) -> None:
                self.answer()

            def log_message(self, *args: Any) -> None:
                """Keep the test's output readable."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def api(settings: Any) -> Iterator[Api]:
    api = Api()
    thread = Thread(target=api.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.WECHAT_API_URL = f"http://127.0.0.1:{api.server.server_port}"
    yield api
    api.server.shutdown()
    thread.join()
    api.server.server_close()


def test_eight_processes_that_need_the_ticket_fetch_it_once(api: Api) -> None:
    with ThreadPoolExecutor(8) as pool:
        tickets = set(pool.map(lambda _: jsapi_ticket(), range(32)))
    assert tickets == {"K"}
    assert sorted(api.asked) == ["getticket", "stable_token"]


def test_a_token_that_wechat_forgot_is_fetched_anew(api: Api) -> None:
    cache.set("wechat-token:wx0123456789abcdef", "old", 100)
    api.answers["getticket"] = [
        {"errcode": 40001, "errmsg": "invalid credential"},
        {"ticket": "K2", "expires_in": 7200},
    ]
    assert jsapi_ticket() == "K2"
    assert api.asked == ["getticket", "stable_token", "getticket"]


@pytest.mark.parametrize(
    "answer", [{"errcode": 40125}, {"access_token": 7}, {"access_token": "x" * 700}, {"openid": "o"}, []]
)
def test_an_answer_that_makes_no_sense_is_an_error(api: Api, answer: Any) -> None:
    api.answers["stable_token"] = [answer]
    if answer == {"openid": "o"}:
        api.answers["getticket"] = [{"errcode": 41001}]
    with pytest.raises(WechatError):
        jsapi_ticket()
