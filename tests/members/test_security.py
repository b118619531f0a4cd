"""The account and its safety: devices, confirming again, another phone, two accounts that become one."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client

from mall.core import clock
from members.commands import (
    MergeRefused,
    bind_wechat,
    change_phone,
    create_operator,
    finish_phone_changes,
    meet_wechat,
    merge_members,
    register_member,
    save_address,
    sweep_sessions,
)
from members.gateways.wechat import WechatPerson
from members.models import Address, Member, MemberSession, PhoneChange, SmsMessage, WechatIdentity
from members.rules import device_of
from suppliers.commands import add_favourite
from suppliers.models import Favourite
from tests.factories import AT, a_member, a_paid_order, a_phone, a_sku, address_text
from tests.members.wechat import PHONE_UA
from tests.operators import sign_in
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

NEW = "13911112222"


@pytest.fixture
def member() -> Member:
    return a_member(nickname="周可")


@pytest.fixture
def browser(member: Member) -> Client:
    return signed_in(member)


def last_code(phone: str | None) -> str:
    body = SmsMessage.objects.filter(phone=phone, body__contains="验证码").latest("id").body
    return "".join(filter(str.isdigit, body.partition("验证码")[2].partition("，")[0]))


def confirm(browser: Client, member: Member, then: str = "/me/security/") -> Any:
    assert browser.post("/me/security/confirm/", {"step": "send", "next": then}).status_code == 200
    return browser.post("/me/security/confirm/", {"code": last_code(member.phone), "next": then})


def by_wechat(nickname: str = "可可", openid: str = "oSomebody0123") -> Member:
    """A member by WeChat alone."""
    member = register_member(phone=None, nickname=nickname, referrer=None, at=AT)
    bind_wechat(identity=meet_wechat(person=WechatPerson(openid), at=AT), member=member, at=AT)
    return member


# Devices


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (PHONE_UA, ("iphone", "wechat")),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36", ("android", "chrome")),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120 Safari/537.36 Edg/120", ("windows", "edge")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Version/17 Safari/605", ("mac", "safari")),
        ("", ("other", "other")),
        ("<script>" * 1000, ("other", "other")),
    ],
)
def test_a_device_is_told_in_words(agent: str, expected: tuple[str, str]) -> None:
    device = device_of(agent)
    assert (device.system, device.browser) == expected


def test_the_list_names_the_devices_and_one_of_them_is_ended_at_once(browser: Client, member: Member) -> None:
    other = signed_in(member)
    other.get("/me/settings/")
    page = browser.get("/me/security/")
    markup(page)
    assert page.content.decode().count("最近使用") == 2
    theirs = MemberSession.objects.get(session_key=other.session.session_key)
    assert browser.post(f"/me/security/devices/{theirs.pk}/end/").status_code == 302
    assert other.get("/me/security/").status_code == 302
    assert not get_user(other).is_authenticated
    assert get_user(browser) == member


def test_all_other_devices_are_ended_at_once(browser: Client, member: Member) -> None:
    others = [signed_in(member) for _ in range(3)]
    browser.post("/me/security/devices/end/")
    assert [get_user(other).is_authenticated for other in others] == [False] * 3
    assert get_user(browser) == member
    assert MemberSession.objects.filter(member=member).count() == 1


def test_another_ones_device_does_not_exist(browser: Client) -> None:
    theirs = signed_in(a_member())
    foreign = MemberSession.objects.get(session_key=theirs.session.session_key)
    with nothing_changes():
        assert browser.post(f"/me/security/devices/{foreign.pk}/end/").status_code == 404
    assert get_user(theirs).is_authenticated


def test_a_device_that_logged_out_is_not_listed_and_swept_in_time(browser: Client, member: Member) -> None:
    other = signed_in(member)
    other.post("/account/logout/")
    assert browser.get("/me/security/").content.decode().count("最近使用") == 1
    assert sweep_sessions(at=clock.now() + timedelta(days=2)) == 1
    assert MemberSession.objects.count() == 1


def test_a_change_of_the_password_ends_other_sessions(client: Client) -> None:
    operator = create_operator(
        phone="+8613800001111", nickname="运营", password="correct horse battery", is_superuser=True, at=AT
    )
    here, there = Client(), Client()
    for browser in (here, there):
        sign_in(browser, operator)
    answer = here.post(
        "/ops/password_change/",
        {
            "old_password": "correct horse battery",
            "new_password1": "staple battery horse 9",
            "new_password2": "staple battery horse 9",
        },
    )
    assert answer.status_code == 302
    assert here.get("/ops/").status_code == 200
    assert there.get("/ops/").status_code == 302
    assert not get_user(there).is_authenticated


def test_the_page_takes_a_fixed_number_of_queries(
    browser: Client, member: Member, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        signed_in(member)
    with django_assert_max_num_queries(12):
        browser.get("/me/security/")


# Confirming again


def test_confirming_changes_the_key_of_the_session_and_keeps_the_device(browser: Client, member: Member) -> None:
    before = browser.session.session_key
    assert confirm(browser, member)["Location"] == "/me/security/"
    assert browser.session.session_key != before
    assert MemberSession.objects.get(member=member).session_key == browser.session.session_key
    stranger = Client()
    stranger.cookies["sessionid"] = before or ""
    assert not get_user(stranger).is_authenticated


@pytest.mark.parametrize("code", ["", "000000x", "true", "１２３４５６", "12345"])
def test_a_malformed_code_confirms_nothing(browser: Client, code: str) -> None:
    browser.post("/me/security/confirm/", {"step": "send"})
    with nothing_changes():
        assert browser.post("/me/security/confirm/", {"code": code}).status_code == 400
    assert browser.get("/me/security/phone/")["Location"].startswith("/me/security/confirm/")


def test_a_confirmation_holds_for_ten_minutes(browser: Client, member: Member) -> None:
    confirm(browser, member)
    assert browser.get("/me/security/phone/").status_code == 200
    clock.advance(timedelta(minutes=11))
    assert browser.get("/me/security/phone/").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "javascript:alert(1)", "/\\evil"])
def test_confirming_leads_to_no_other_site(browser: Client, member: Member, target: str) -> None:
    assert confirm(browser, member, target)["Location"] == "/"


# Another phone


def test_a_new_phone_takes_a_code_to_the_old_and_one_to_the_new(browser: Client, member: Member) -> None:
    old, other = member.phone, signed_in(member)
    assert browser.post("/me/security/phone/", {"phone": NEW})["Location"].startswith("/me/security/confirm/")
    confirm(browser, member, "/me/security/phone/")
    assert browser.post("/me/security/phone/", {"phone": NEW})["Location"] == "/me/security/phone/code/"
    browser.post("/me/security/phone/code/", {"code": last_code(f"+86{NEW}")})
    member.refresh_from_db()
    assert (member.phone, member.phone_verified) == (f"+86{NEW}", True)
    assert not get_user(other).is_authenticated
    told = SmsMessage.objects.filter(purpose="phone-is-new").values_list("phone", flat=True)
    assert set(told) == {old, f"+86{NEW}"}


def test_a_code_to_the_new_phone_alone_changes_nothing(browser: Client, member: Member) -> None:
    session = browser.session
    session["new_phone"] = f"+86{NEW}"
    session.save()
    with nothing_changes():
        assert browser.post("/me/security/phone/code/", {"code": "123456"}).status_code == 302


def test_a_wrong_code_changes_no_phone(browser: Client, member: Member) -> None:
    confirm(browser, member)
    browser.post("/me/security/phone/", {"phone": NEW})
    wrong = f"{(int(last_code(f'+86{NEW}')) + 1) % 10**6:06d}"
    with nothing_changes(without=("members_coderequest",)):
        assert browser.post("/me/security/phone/code/", {"code": wrong}).status_code == 400


def test_a_phone_of_somebody_else_is_not_taken(browser: Client, member: Member) -> None:
    other = a_member()
    confirm(browser, member)
    browser.post("/me/security/phone/", {"phone": other.phone})
    with nothing_changes(without=("members_coderequest",)):
        browser.post("/me/security/phone/code/", {"code": last_code(other.phone)})
    assert "已经是另一个账号的" in browser.get("/me/security/").content.decode()


def test_with_wechat_alone_the_change_rests_and_can_be_stopped(browser: Client, member: Member) -> None:
    session = browser.session
    session["confirmed"] = ["wechat", int(clock.now().timestamp())]
    session.save()
    assert "72 小时后生效" in browser.get("/me/security/phone/").content.decode()
    browser.post("/me/security/phone/", {"phone": NEW})
    browser.post("/me/security/phone/code/", {"code": last_code(f"+86{NEW}")})
    old = member.phone
    member.refresh_from_db()
    assert member.phone == old
    assert SmsMessage.objects.filter(purpose="phone-waits", phone=old).count() == 1
    assert finish_phone_changes(at=clock.now() + timedelta(hours=71)) == 0
    markup(browser.get("/me/security/"))
    browser.post("/me/security/phone/stop/")
    assert finish_phone_changes(at=clock.now() + timedelta(hours=73)) == 0
    member.refresh_from_db()
    assert member.phone == old


def test_a_change_whose_rest_is_over_happens_once(member: Member) -> None:
    change = PhoneChange.objects.create(member=member, phone=f"+86{NEW}", requested_at=AT, due_at=AT)
    assert finish_phone_changes(at=AT) == 1
    assert finish_phone_changes(at=AT) == 0
    member.refresh_from_db()
    change.refresh_from_db()
    assert (member.phone, change.was_done) == (f"+86{NEW}", True)


def test_a_change_to_a_phone_that_was_taken_meanwhile_ends_undone(member: Member) -> None:
    change = PhoneChange.objects.create(member=member, phone=str(a_member().phone), requested_at=AT, due_at=AT)
    assert finish_phone_changes(at=AT) == 0
    change.refresh_from_db()
    assert (change.was_done, change.ended_at) == (False, AT)


def test_a_code_that_was_under_way_to_the_old_phone_logs_nobody_in(member: Member) -> None:
    old = str(member.phone)
    client = Client()
    client.post("/account/login/", {"phone": old, "agreed": "1"})
    code = last_code(old)
    change_phone(member=member, phone=f"+86{NEW}", at=clock.now())
    assert client.post("/account/login/code/", {"code": code}).status_code == 400
    assert Member.objects.count() == 1


# Two accounts that become one


def merging(source: Member, target: Member) -> Client:
    """A browser of `source` in which the phone of `target` was just confirmed by a code."""
    browser = signed_in(source)
    assert browser.get("/me/security/phone/").status_code == 200
    browser.post("/me/security/phone/", {"phone": target.phone})
    answer = browser.post("/me/security/phone/code/", {"code": last_code(target.phone)})
    assert answer["Location"] == "/me/security/merge/"
    return browser


def test_an_account_without_ties_moves_over_whole(member: Member) -> None:
    source, sku, both = by_wechat(), a_sku(), a_sku()
    save_address(member=source, text=address_text(detail="灵隐路 2 号"), at=AT)
    save_address(member=member, text=address_text(), at=AT)
    for owner, kept in ((source, sku), (source, both), (member, both)):
        add_favourite(member=owner, product=kept.product, at=AT)
    browser = merging(source, member)
    page = browser.get("/me/security/merge/")
    markup(page)
    assert "收货地址" in page.content.decode()
    browser.post("/me/security/merge/")
    source.refresh_from_db()
    assert (source.is_active, source.nickname, source.closed_at is not None) == (False, "", True)
    assert WechatIdentity.objects.get().member == member
    assert Address.objects.filter(member=member, deleted_at=None).count() == 2
    assert Address.objects.filter(member=member, is_default=True).count() == 1
    assert Favourite.objects.filter(member=member).count() == 2
    assert not Favourite.objects.filter(member=source).exists()
    assert get_user(browser) == member


def test_an_account_with_orders_keeps_them_and_only_wechat_moves(member: Member) -> None:
    source = by_wechat()
    order = a_paid_order(member=source)
    browser = merging(source, member)
    text = browser.get("/me/security/merge/").content.decode()
    assert "订单" in text
    assert "不能搬走" in text
    browser.post("/me/security/merge/")
    source.refresh_from_db()
    order.refresh_from_db()
    assert (source.is_active, order.member) == (True, source)
    assert WechatIdentity.objects.get().member == member
    assert Address.objects.filter(member=source).exists()


def test_who_brought_others_in_keeps_them(member: Member) -> None:
    source = by_wechat()
    recruit = a_member(referrer=source)
    assert not merge_members(source=source, target=member, at=AT).is_whole
    recruit.refresh_from_db()
    assert recruit.referrer == source


def test_an_account_whose_wechat_is_another_one_is_not_merged(member: Member) -> None:
    source = by_wechat()
    bind_wechat(identity=meet_wechat(person=WechatPerson("oAnother01234"), at=AT), member=member, at=AT)
    browser = merging(source, member)
    with nothing_changes():
        browser.post("/me/security/merge/")
    assert "已经绑定另一个微信" in browser.get("/me/security/").content.decode()


@pytest.mark.parametrize("case", ["itself", "with a phone", "operator", "switched off"])
def test_what_must_not_be_merged_is_not(member: Member, case: str) -> None:
    source = member if case == "itself" else a_member() if case == "with a phone" else by_wechat()
    if case == "operator":
        Member.objects.filter(pk=member.pk).update(is_staff=True)
    if case == "switched off":
        Member.objects.filter(pk=member.pk).update(is_active=False)
    with nothing_changes(), pytest.raises(MergeRefused):
        merge_members(source=source, target=member, at=AT)


def test_nobody_merges_into_an_account_whose_phone_was_not_confirmed(member: Member) -> None:
    browser = signed_in(by_wechat())
    with nothing_changes():
        assert browser.post("/me/security/merge/")["Location"] == "/me/security/"


def test_a_phone_that_nobody_has_is_simply_added() -> None:
    source, phone = by_wechat(), a_phone()
    browser = signed_in(source)
    browser.post("/me/security/phone/", {"phone": phone})
    browser.post("/me/security/phone/code/", {"code": last_code(phone)})
    source.refresh_from_db()
    assert source.phone == phone
