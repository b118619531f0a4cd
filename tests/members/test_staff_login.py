"""Operators and suppliers' users sign in by phone and password; guessing locks them out."""

from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client

from members.commands import create_operator
from members.models import Member
from suppliers.models import Supplier
from tests.factories import AT, a_seat, a_supplier
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def operator() -> Member:
    return create_operator(phone="+8613800001111", nickname="运营", password=PASSWORD, is_superuser=True, at=AT)


@pytest.fixture
def shopkeeper() -> Member:
    member = a_seat(a_supplier())
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    return member


def sign_in(client: Client, site: str, phone: str | None, password: str = PASSWORD) -> Any:
    return client.post(f"/{site}/login/?next=/{site}/", {"username": phone or "", "password": password})


@pytest.mark.parametrize("typed", ["13800001111", "+86 138 0000 1111", "１３８００００１１１１"])
def test_an_operator_signs_in_however_the_phone_is_typed(client: Client, operator: Member, typed: str) -> None:
    assert sign_in(client, "ops", typed).status_code == 302
    assert get_user(client) == operator


def test_a_suppliers_user_signs_in_to_its_own_site_only(client: Client, shopkeeper: Member) -> None:
    with nothing_changes():
        assert sign_in(client, "ops", shopkeeper.phone).status_code == 200
    assert not get_user(client).is_authenticated
    assert sign_in(client, "supplier", shopkeeper.phone).status_code == 302
    assert get_user(client) == shopkeeper


def test_an_operator_does_not_sign_in_to_a_suppliers_site(client: Client, operator: Member) -> None:
    with nothing_changes():
        assert sign_in(client, "supplier", operator.phone).status_code == 200
    assert not get_user(client).is_authenticated


def test_the_user_of_a_paused_supplier_does_not_get_in(client: Client, shopkeeper: Member) -> None:
    Supplier.objects.update(is_active=False)
    with nothing_changes():
        assert sign_in(client, "supplier", shopkeeper.phone).status_code == 200
    assert not get_user(client).is_authenticated


def test_after_five_wrong_passwords_the_right_one_is_refused(client: Client, operator: Member) -> None:
    statuses = [sign_in(client, "ops", "13800001111", f"wrong {n}").status_code for n in range(6)]
    assert statuses[-1] == 429
    with nothing_changes():
        assert sign_in(client, "ops", "+8613800001111").status_code == 429
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize(
    ("phone", "password"),
    [
        ("13800001111", "x" * 1_000_000),
        ("", PASSWORD),
        ("13800001111", ""),
        ("1380000\x001111", PASSWORD),
        ("13800001111", "a\x00b"),
        ("1" * 5000, PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ],
)
def test_odd_credentials_are_refused(client: Client, operator: Member, phone: str, password: str) -> None:
    with nothing_changes():
        assert sign_in(client, "ops", phone, password).status_code == 200
    assert not get_user(client).is_authenticated


def test_a_body_of_several_megabytes_is_refused(operator: Member) -> None:
    client = Client(raise_request_exception=False)
    with nothing_changes():
        assert sign_in(client, "ops", "13800001111", "x" * 3_000_000).status_code == 400


def test_the_session_changes_its_key_at_sign_in(client: Client, operator: Member) -> None:
    client.get("/account/login/?next=/orders/")
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    before = session.session_key
    sign_in(client, "ops", "13800001111")
    assert client.session.session_key != before


def test_typing_the_phone_otherwise_or_forging_an_address_gives_no_further_tries(
    client: Client, operator: Member
) -> None:
    typings = ["13800001111", "+8613800001111", "138 0000 1111", "１３８００００１１１１", "86-13800001111"]
    for n, typed in enumerate(typings):
        client.post("/ops/login/", {"username": typed, "password": f"wrong {n}"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
    assert sign_in(client, "ops", "(138) 0000 1111").status_code == 429
    assert not get_user(client).is_authenticated


def test_a_locked_account_locks_nobody_else(client: Client, operator: Member, shopkeeper: Member) -> None:
    for n in range(6):
        sign_in(client, "ops", "13800001111", f"wrong {n}")
    assert sign_in(client, "supplier", shopkeeper.phone).status_code == 302
