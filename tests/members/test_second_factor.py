"""Operators with rights over money show a second factor at sign-in, and again before money acts."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from mall.core import clock
from mall.core.rights import MONEY_ACTS, PLANS, REVIEW, SERVICE, STAFF
from mall.core.totp import code_of, new_secret, step_at
from members.commands.staff import LOCKED_FOR, StaffRefused, check_code, enrol_device, keep_device, reset_device
from members.models import Member, MemberSession, RecoveryCode, StaffDevice
from members.queries.staff import demo_codes
from members.second_factor import SESSION_KEY
from tests.factories import a_member
from tests.operators import as_, operator, text

pytestmark = pytest.mark.django_db


def signed_in(member: Member) -> Client:
    """A browser after phone and password alone."""
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


def hired(member: Member) -> None:
    """Operators have a password; members do not."""
    member.set_password("correct horse battery")
    member.save(update_fields=["password"])


def code_now(member: Member) -> str:
    device = StaffDevice.objects.get(member=member)
    return code_of(device.secret, step_at(clock.device_now()))


def wrong_code(member: Member) -> str:
    device = StaffDevice.objects.get(member=member)
    near = {code_of(device.secret, step_at(clock.device_now()) + off) for off in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in near
    )


def test_with_the_password_alone_no_page_opens_and_nothing_is_done() -> None:
    client = signed_in(operator("苏敏", REVIEW))
    for address in ("/ops/", "/ops/payouts/withdrawal/", "/ops/payouts/stop/place/", "/ops/second-factor/enrol/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/ops/second-factor/?next=")
    assert client.post("/ops/payouts/stop/place/", {"reason": "x"}).status_code == 302
    assert client.session.get(SESSION_KEY) is None


def test_a_code_opens_the_pages_and_leads_back_and_counts_once() -> None:
    member = operator("苏敏", REVIEW)
    client = signed_in(member)
    before, code = client.session.session_key, code_now(member)
    data = {"code": f"{code[:3]} {code[3:]}", "next": "/ops/payouts/withdrawal/"}
    answer = client.post("/ops/second-factor/", data)
    assert (answer.status_code, answer["Location"]) == (302, "/ops/payouts/withdrawal/")
    assert client.session.session_key != before
    assert client.get("/ops/").status_code == 200
    other = signed_in(member)
    assert "已经用过" in text(other.post("/ops/second-factor/", {"code": code}))
    assert other.get("/ops/").status_code == 302


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/me/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(target: str) -> None:
    member = operator("苏敏", REVIEW)
    answer = signed_in(member).post("/ops/second-factor/", {"code": code_now(member), "next": target})
    assert answer["Location"] == "/ops/"


def test_five_wrong_codes_lock_and_the_right_one_is_refused_meanwhile() -> None:
    member, at = operator("苏敏", REVIEW), clock.now()
    for _n in range(5):
        with pytest.raises(StaffRefused):
            check_code(member=member, code=wrong_code(member), device_at=clock.device_now(), at=at)
    with pytest.raises(StaffRefused, match="15 分钟"):
        check_code(member=member, code=code_now(member), device_at=clock.device_now(), at=at)
    later = at + LOCKED_FOR + timedelta(seconds=1)
    check_code(member=member, code=code_now(member), device_at=clock.device_now(), at=later)


def test_a_recovery_code_opens_once_and_is_kept_as_a_hash() -> None:
    member = operator("苏敏", REVIEW)
    codes = keep_device(member=member, secret=new_secret(), at=clock.now())
    assert len(set(codes)) == 10
    assert not set(codes) & set(RecoveryCode.objects.values_list("code_hash", flat=True))
    client = signed_in(member)
    assert client.post("/ops/second-factor/", {"code": codes[0].upper()}).status_code == 302
    assert client.get("/ops/").status_code == 200
    assert signed_in(member).post("/ops/second-factor/", {"code": codes[0]}).status_code == 200
    assert RecoveryCode.objects.exclude(used_at=None).count() == 1


def test_who_has_none_enrols_first_and_gets_recovery_codes_once() -> None:
    member = operator("苏敏", REVIEW)
    StaffDevice.objects.all().delete()
    client = signed_in(member)
    assert client.get("/ops/")["Location"].startswith("/ops/second-factor/enrol/")
    page = text(client.get("/ops/second-factor/enrol/"))
    assert "<svg" in page
    secret = re.search(r'ops-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    assert "动态口令不对" in text(client.post("/ops/second-factor/enrol/", {"code": "12345"}))
    assert not StaffDevice.objects.exists()
    done = client.post("/ops/second-factor/enrol/", {"code": code_of(secret, step_at(clock.device_now()))})
    assert len(re.findall(r">[2-9a-z]{5}-[2-9a-z]{5}</li>", text(done))) == 10
    device = StaffDevice.objects.get(member=member)
    assert device.secret == secret
    assert secret not in device.secret_sealed
    assert client.get("/ops/").status_code == 200
    assert "no-store" in done["Cache-Control"]


def test_staff_without_rights_over_money_need_none() -> None:
    member = operator("新同事")
    StaffDevice.objects.all().delete()
    assert signed_in(member).get("/ops/").status_code == 200


def test_money_acts_ask_again_after_ten_minutes_and_other_pages_do_not() -> None:
    client = as_(operator("林岚", PLANS))
    act = "/ops/linkage/fund/grant/"
    assert client.get(act).status_code == 200
    session = client.session
    session[SESSION_KEY] -= 601
    session.save()
    for answer in (client.get(act), client.post(act, {"amount": "1"})):
        assert answer["Location"] == "/ops/second-factor/?next=%2Fops%2Flinkage%2Ffund%2Fgrant%2F"
    assert client.get("/ops/linkage/fund/").status_code == 200


def test_every_money_act_is_a_page_that_exists() -> None:
    names = get_resolver().namespace_dict["ops"][1].reverse_dict
    assert {name for name in names if isinstance(name, str)} >= MONEY_ACTS


def test_another_phone_is_tied_to_the_account_only_with_a_fresh_code_of_the_old_one() -> None:
    client = as_(operator("苏敏", REVIEW))
    assert client.get("/ops/second-factor/enrol/").status_code == 200
    session = client.session
    session[SESSION_KEY] -= 601
    session.save()
    assert client.get("/ops/second-factor/enrol/")["Location"].startswith("/ops/second-factor/?next=")


def test_a_lost_authenticator_is_reset_by_somebody_else_and_ends_the_sessions() -> None:
    lost, boss = operator("苏敏", REVIEW, STAFF), operator("总管", STAFF)
    hired(lost), hired(boss)
    client = as_(lost)
    client.get("/ops/")
    assert MemberSession.objects.filter(member=lost).exists()
    for reason, by in (("手机丢了", lost), (" ", boss)):
        with pytest.raises(StaffRefused):
            reset_device(member_id=lost.pk, reason=reason, by=by)
    assert StaffDevice.objects.filter(member=lost).exists()
    assert as_(boss).post(f"/ops/staff/{lost.pk}/reset/", {"reason": "手机丢了，电话核实"}).status_code == 302
    assert not StaffDevice.objects.filter(member=lost).exists()
    assert client.get("/ops/")["Location"].startswith("/ops/login/")


def test_only_staff_enrol() -> None:
    secret = new_secret()
    code = code_of(secret, step_at(clock.device_now()))
    with pytest.raises(StaffRefused):
        enrol_device(member=a_member(), secret=secret, code=code, device_at=clock.device_now(), at=clock.now())


def test_the_demos_outbox_shows_a_code_that_opens_and_production_has_no_such_page(settings) -> None:
    member = operator("苏敏", REVIEW)
    ((shown_for, code),) = demo_codes(device_at=clock.device_now())
    assert shown_for == member
    assert code in text(Client().get("/demo/outbox"))
    assert signed_in(member).post("/ops/second-factor/", {"code": code}).status_code == 302
    ((_member, following),) = demo_codes(device_at=clock.device_now())
    assert following != code
    settings.DEMO = False
    assert Client().get("/demo/outbox").status_code == 404


def test_an_operator_of_goods_is_asked_too(client: Client) -> None:
    assert signed_in(operator("小林", SERVICE)).get("/ops/orders/order/").status_code == 302
