from typing import Any

import pytest
from django.test import Client

from members.commands import rename_member
from members.models import Address, Member, SmsMessage
from tests.factories import AT, a_member, an_address
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return a_member(nickname="周可")


@pytest.fixture
def browser(member: Member) -> Client:
    return signed_in(member)


def fields(**changes: object) -> dict[str, object]:
    typed: dict[str, object] = {
        "name": "周可",
        "phone": "138 0000 6204",
        "province": "广东省",
        "city": "深圳市",
        "district": "南山区",
        "detail": "松坪路 18 号",
    }
    return typed | changes


def own(member: Member) -> Any:
    return Address.objects.filter(member=member, deleted_at=None)


def test_every_page_of_ones_own_sends_a_stranger_to_log_in(client: Client) -> None:
    address = an_address(a_member())
    for path in ["/me/profile/", "/me/addresses/", "/me/addresses/new/", f"/me/addresses/{address.pk}/"]:
        assert client.get(path)["Location"] == f"/account/login/?next={path}"
    assert client.post(f"/me/addresses/{address.pk}/delete/").status_code == 302
    assert Address.objects.get(pk=address.pk).deleted_at is None


def test_the_profile_shows_a_masked_phone_and_changes_the_nickname(browser: Client, member: Member) -> None:
    answer = browser.get("/me/profile/")
    assert set(markup(answer).fields) == {"csrfmiddlewaretoken", "nickname"}
    assert str(member.phone) not in answer.content.decode()
    browser.post("/me/profile/", {"nickname": "可可", "referrer": 1, "phone": "+8613911112222", "is_staff": "on"})
    found = Member.objects.get(pk=member.pk)
    assert (found.nickname, found.phone, found.is_staff) == ("可可", member.phone, False)


@pytest.mark.parametrize("avatar", ["javascript:alert(1)", "http://169.254.169.254/", "data:text/html,x", "x" * 9_000])
def test_an_address_of_a_picture_is_taken_from_nobody(browser: Client, member: Member, avatar: str) -> None:
    with nothing_changes():
        answer = browser.post("/me/profile/", {"nickname": member.nickname, "avatar": avatar, "avatar_url": avatar})
    assert answer.status_code == 302
    assert avatar[:60] not in browser.get("/me/profile/").content.decode()


@pytest.mark.parametrize("nickname", ["", "   ", "长" * 41, "\u202e\u200f", "a\x00b"], ids=repr)
def test_a_nickname_that_cannot_be_shown_changes_nothing(browser: Client, nickname: str) -> None:
    with nothing_changes():
        answer = browser.post("/me/profile/", {"nickname": nickname})
    assert answer.status_code == 400
    markup(answer)


def test_a_nickname_is_text_and_not_markup(browser: Client, member: Member) -> None:
    rename_member(member=member, nickname="<script>alert(1)</script>", at=AT)
    for path in ["/me/", "/me/profile/"]:
        answer = browser.get(path)
        markup(answer)
        assert "<script>alert" not in answer.content.decode()


def test_an_address_is_added_changed_and_taken_away(browser: Client, member: Member) -> None:
    assert "还没有收货地址" in browser.get("/me/addresses/").content.decode()
    assert browser.post("/me/addresses/new/", fields()).status_code == 302
    address = own(member).get()
    assert (address.phone, address.is_default) == ("+8613800006204", True)
    page = browser.get(f"/me/addresses/{address.pk}/")
    markup(page)
    assert "松坪路 18 号" in page.content.decode()
    browser.post(f"/me/addresses/{address.pk}/", fields(detail="松坪路 20 号"))
    assert own(member).get().detail == "松坪路 20 号"
    browser.post(f"/me/addresses/{address.pk}/delete/")
    assert not own(member).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "长" * 41},
        {"phone": "12345"},
        {"phone": "+1 202 555 0100"},
        {"province": "某省"},
        {"province": ""},
        {"city": " "},
        {"detail": ""},
        {"detail": "长" * 121},
        {"detail": "a\x00b"},
    ],
    ids=str,
)
def test_a_malformed_address_changes_nothing(browser: Client, changes: dict[str, object]) -> None:
    with nothing_changes():
        answer = browser.post("/me/addresses/new/", fields(**changes))
    assert answer.status_code == 400
    markup(answer)
    assert "field-error" in answer.content.decode()


def test_another_ones_address_does_not_exist(browser: Client) -> None:
    foreign = an_address(a_member())
    assert browser.get(f"/me/addresses/{foreign.pk}/").status_code == 404
    with nothing_changes():
        assert browser.post(f"/me/addresses/{foreign.pk}/", fields()).status_code == 404
        assert browser.post(f"/me/addresses/{foreign.pk}/delete/").status_code == 404


def test_from_the_checkout_one_comes_back_to_it_and_nowhere_else(browser: Client) -> None:
    back = browser.post("/me/addresses/new/", fields(next="/checkout?sku=1&quantity=2"))
    assert back["Location"] == "/checkout?sku=1&quantity=2"
    for target in ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]:
        assert browser.post("/me/addresses/new/", fields(next=target))["Location"] == "/me/addresses/"


def test_the_list_of_addresses_takes_a_fixed_number_of_queries(
    browser: Client, member: Member, django_assert_num_queries: Any
) -> None:
    an_address(member)
    with django_assert_num_queries(3):
        browser.get("/me/addresses/")
    for _ in range(5):
        an_address(member)
    with django_assert_num_queries(3):
        browser.get("/me/addresses/")


def test_the_login_pages_are_clean_and_keep_the_way_back(client: Client) -> None:
    page = client.get("/account/login/?next=/me/")
    assert set(markup(page).fields) == {"csrfmiddlewaretoken", "next", "phone", "agreed"}
    assert 'name="agreed" value="1" required' in page.content.decode()
    assert "checked" not in page.content.decode()
    answer = client.post("/account/login/?next=/me/", {"phone": "13800006204", "agreed": "1"}, follow=True)
    assert set(markup(answer).fields) == {"csrfmiddlewaretoken", "code", "phone", "agreed"}
    assert "138****6204" in answer.content.decode()
    assert client.post("/account/login/", {"phone": "123"}).status_code == 400


def test_the_outbox_exists_in_the_demo_alone(client: Client, settings: Any) -> None:
    SmsMessage.objects.create(phone="+8613800006204", purpose="login", body="验证码 482913", at=AT)
    answer = client.get("/demo/outbox")
    markup(answer)
    assert "482913" in answer.content.decode()
    part = client.get("/demo/outbox", headers={"HX-Request": "true", "HX-Target": "outbox"})
    assert "<html" not in part.content.decode()
    settings.DEMO = False
    assert client.get("/demo/outbox").status_code == 404
    assert "outbox" not in client.get("/account/login/").content.decode()
