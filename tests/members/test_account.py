"""Login in the browser: phone, code, in. Bad inputs change nothing and are answered below 500."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client, RequestFactory
from django.urls import reverse

from mall.core import clock
from mall.core.visitor import keep_touch, visitor_hash
from members.commands import create_operator, follow_link
from members.models import Member, SmsMessage
from tests.factories import AT, a_member
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

PHONE = "13800001111"
LOGIN = "/account/login/"
CODE = "/account/login/code/"


def ask(client: Client, phone: str = PHONE, **extra: str) -> Any:
    return client.post(LOGIN, {"phone": phone, "agreed": "1"} | extra)


def last_code() -> str:
    body = SmsMessage.objects.latest("id").body
    return "".join(char for char in body.partition("验证码")[2].partition("，")[0] if char.isdigit())


def log_in(client: Client, phone: str = PHONE, **extra: str) -> Any:
    assert ask(client, phone, **extra).status_code == 302
    return client.post(CODE, {"code": last_code()})


def test_the_addresses_are_named_as_allauth_names_them() -> None:
    assert reverse("account_login") == LOGIN
    assert reverse("account_confirm_login_code") == CODE


def test_a_new_phone_joins_and_a_known_one_comes_back(client: Client) -> None:
    assert log_in(client).status_code == 302
    member = Member.objects.get(phone="+8613800001111")
    assert get_user(client) == member

    client.logout()
    clock.advance(timedelta(minutes=2))
    log_in(client, "＋86 138 0000 1111")
    assert get_user(client) == member
    assert Member.objects.count() == 1


def test_who_comes_by_a_link_is_bound_to_its_owner_for_good(client: Client) -> None:
    owner, other = a_member(), a_member()
    follow(client, owner.referral_code)
    log_in(client)
    member = Member.objects.get(phone="+8613800001111")
    assert member.referrer == owner
    assert member.touched_by.get().owner == owner

    client.logout()
    clock.advance(timedelta(minutes=2))
    follow(client, other.referral_code)
    log_in(client)
    member.refresh_from_db()
    assert member.referrer == owner


@pytest.mark.parametrize("code", ["ZZZZZZZZ", "<script>", "0O1I", "'; --", "A" * 4000])
def test_a_code_of_nobody_is_ignored(client: Client, code: str) -> None:
    with nothing_changes():
        follow(client, code)
    log_in(client)
    assert Member.objects.get(phone="+8613800001111").referrer is None


def test_the_code_of_who_was_switched_off_meanwhile_is_ignored(client: Client) -> None:
    owner = a_member()
    follow(client, owner.referral_code)
    Member.objects.filter(pk=owner.pk).update(is_active=False)
    log_in(client)
    assert Member.objects.get(phone="+8613800001111").referrer is None


def test_ones_own_code_is_ignored(client: Client) -> None:
    log_in(client)
    member = Member.objects.get()
    with nothing_changes():
        follow(client, member.referral_code)
    client.logout()
    clock.advance(timedelta(minutes=2))
    follow(client, member.referral_code)
    log_in(client)
    member.refresh_from_db()
    assert member.referrer is None


def test_the_session_changes_its_key_at_login(client: Client) -> None:
    ask(client)
    before = client.session.session_key
    client.post(CODE, {"code": last_code()})
    assert client.session.session_key != before
    stranger = Client()
    stranger.cookies["sessionid"] = before or ""
    assert not get_user(stranger).is_authenticated


def test_after_login_one_is_back_where_one_wanted_to_go(client: Client) -> None:
    assert log_in(client, next="/orders/").headers["Location"] == "/orders/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_login_leads_to_no_other_site(client: Client, target: str) -> None:
    assert log_in(client, next=target).headers["Location"] == "/"


@pytest.mark.parametrize(
    "phone", ["", " ", "1380000111", "138000011112", "138\x0000001111", "1380000%00", "1" * 100_000, "<b>"]
)
def test_a_malformed_phone_is_refused(client: Client, phone: str) -> None:
    with nothing_changes():
        assert ask(client, phone).status_code == 400


@pytest.mark.parametrize(
    "content", [{}, {"code": ""}, {"code[]": "1"}, {"code": "true"}, {"code": "12345"}, {"code": "１２３４５６"}]
)
def test_a_malformed_code_is_refused_and_counts_as_no_try(client: Client, content: dict[str, str]) -> None:
    ask(client)
    with nothing_changes():
        assert client.post(CODE, content).status_code == 400
    assert not get_user(client).is_authenticated


def test_a_code_of_another_phone_does_not_log_in(client: Client) -> None:
    ask(Client(), "13800002222")
    theirs = last_code()
    ask(client)
    if theirs != last_code():
        assert client.post(CODE, {"code": theirs}).status_code == 400
    assert not get_user(client).is_authenticated
    assert Member.objects.count() == 0


def test_an_expired_code_does_not_log_in(client: Client) -> None:
    ask(client)
    clock.advance(timedelta(minutes=6))
    with nothing_changes():
        assert client.post(CODE, {"code": last_code()}).status_code == 400


def test_a_used_code_does_not_log_in_again(client: Client) -> None:
    log_in(client)
    code, other = last_code(), Client()
    session = other.session
    session["login_phone"] = "+8613800001111"
    session.save()
    with nothing_changes():
        assert other.post(CODE, {"code": code}).status_code == 400
    assert not get_user(other).is_authenticated


def test_after_five_wrong_tries_the_right_code_is_refused(client: Client) -> None:
    ask(client)
    code = last_code()
    for _ in range(5):
        assert client.post(CODE, {"code": f"{(int(code) + 7) % 10**6:06d}"}).status_code == 400
    with nothing_changes():
        assert client.post(CODE, {"code": code}).status_code == 400
    assert not get_user(client).is_authenticated


def test_asking_too_often_is_answered_with_how_long_to_wait(client: Client) -> None:
    ask(client)
    with nothing_changes():
        answer = ask(client)
    assert answer.status_code == 429
    assert "秒" in answer.content.decode()


def test_a_forged_list_of_addresses_dodges_no_limit(client: Client) -> None:
    statuses = [
        client.post(
            LOGIN, {"phone": f"139000000{n:02d}", "agreed": "1"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 172.16.0.{n}"
        ).status_code
        for n in range(12)
    ]
    assert statuses == [302] * 10 + [429] * 2


def test_the_answer_does_not_tell_whether_a_phone_is_known(client: Client) -> None:
    member = a_member()
    known = ask(client, (member.phone or "").removeprefix("+86"))
    unknown = ask(Client(), "13800009999")
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])


def test_the_code_is_in_no_answer_and_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.post(LOGIN, {"phone": PHONE, "agreed": "1"}, follow=True)
        code = last_code()
        client.post(CODE, {"code": code})
    assert code not in answer.content.decode()
    assert code not in str(answer.headers)
    own = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not [record for record in own if code in record.getMessage()]


def test_who_is_switched_off_does_not_get_in(client: Client) -> None:
    log_in(client)
    client.logout()
    Member.objects.update(is_active=False)
    clock.advance(timedelta(minutes=2))
    assert log_in(client).status_code == 403
    assert not get_user(client).is_authenticated


def test_an_operator_needs_the_password(client: Client) -> None:
    create_operator(
        phone="+8613800001111", nickname="运营", password="correct horse battery", is_superuser=False, at=AT
    )
    assert log_in(client).status_code == 403
    assert not get_user(client).is_authenticated


def test_logging_out_takes_a_post(client: Client) -> None:
    log_in(client)
    assert client.get("/account/logout/").status_code == 405
    assert client.post("/account/logout/").status_code == 302
    assert not get_user(client).is_authenticated


def follow(client: Client, code: str) -> None:
    """Follow a referral link as the landing page does."""
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = get_user(client)
    visitor = request.user if isinstance(request.user, Member) else None
    touch = follow_link(
        code=code, visitor=visitor, visitor_hash=visitor_hash(request), channel="link", target_path="/", at=clock.now()
    )
    if touch is not None and visitor is None:
        keep_touch(request, touch.pk)
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key


def test_a_session_ends_with_the_member(client: Client) -> None:
    """The member of a session is found by a query of its own: it must look at what `is_active` says now."""
    member = a_member()
    client.force_login(member, backend="members.backends.MemberBackend")
    assert client.get("/orders/").status_code == 200
    Member.objects.filter(pk=member.pk).update(is_active=False)
    answer = client.get("/orders/")
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]
