"""Keys: made and shown once, kept as a hash, refused by default and as soon as anything behind them is over."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from redis.exceptions import RedisError

from integration import rules
from integration.api.urls import endpoints
from integration.commands import IntegrationRefused, make_key, revoke_key
from integration.models import ActKind, ApiAct, ApiKey
from mall.core import clock
from mall.core.seats import Role
from suppliers.commands import change_role, remove_seat, seat_member, suspend_seat
from suppliers.models import Supplier, SupplierUser
from tests.factories import a_member, a_paid_order, a_seat, a_sku, a_supplier
from tests.snapshots import nothing_changes
from tests.suppliers.firms import Firm

from .callers import BASE, Caller, is_problem

pytestmark = pytest.mark.django_db
NEW = reverse("supplier:integration_apikey_new")
LIST = reverse("supplier:integration_apikey_changelist")
FORM = {"name": "仓库 ERP", "scopes": ["orders:read", "stock:read"], "days": "90"}


def confirmed(client: Client) -> Client:
    """A session whose member has just shown who it is."""
    session = client.session
    session["confirmed"] = ["phone", int(clock.now().timestamp())]
    session.save()
    return client


def test_an_owner_makes_a_key_that_is_shown_once_and_kept_as_a_hash() -> None:
    firm = Firm("甲家", whole=False)
    answer = confirmed(firm.client).post(NEW, FORM)
    text = re.search(r"hj_[0-9A-Z]{8}_[\w-]{43}", answer.content.decode())
    assert text
    assert "no-store" in answer.headers["Cache-Control"]
    key = ApiKey.objects.get()
    assert (key.prefix, key.made_by, key.scopes) == (text[0][:11], firm.owner, ["orders:read", "stock:read"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT key::text FROM integration_apikey AS key")
        assert text[0][12:] not in cursor.fetchone()[0]
    page = firm.client.get(LIST).content.decode()
    assert key.prefix in page
    assert text[0] not in page
    assert "创建密钥" in page
    assert Client().get(BASE + "key", headers={"Authorization": f"Bearer {text[0]}"}).json()["name"] == "仓库 ERP"
    # The form sent again, as by reloading the page, makes no second one.
    with nothing_changes():
        assert "已有同名的密钥" in firm.client.post(NEW, FORM).content.decode()


def test_a_key_is_made_only_by_who_has_just_confirmed_who_it_is() -> None:
    firm = Firm("甲家", whole=False)
    with nothing_changes():
        for answer in (firm.client.get(NEW), firm.client.post(NEW, FORM)):
            assert answer.url == f"{reverse('members:confirm')}?next=%2Fsupplier%2Fintegration%2Fapikey%2Fnew%2F"


@pytest.mark.parametrize("changes", [{"scopes": []}, {"scopes": ["money:take"]}, {"name": " "}, {"days": "9999"}])
def test_a_key_without_name_scope_or_end_is_not_made(changes: dict[str, Any]) -> None:
    firm = Firm("甲家", whole=False)
    with nothing_changes():
        assert confirmed(firm.client).post(NEW, FORM | changes).status_code == 200


def test_only_owners_see_the_page() -> None:
    firm = Firm("甲家", whole=False)
    for role in (Role.WAREHOUSE, Role.SERVICE, Role.FINANCE):
        client = confirmed(firm.seat(role))
        assert client.get(LIST).status_code == 403
        assert client.post(NEW, FORM).status_code == 403
        assert "接口" not in client.get("/supplier/").content.decode()
    assert not ApiKey.objects.exists()
    assert LIST in firm.client.get("/supplier/").content.decode()


def test_the_page_asks_a_fixed_number_of_questions(django_assert_max_num_queries: Any) -> None:
    firm = Firm("甲家", whole=False)
    for number in range(5):
        make_key(supplier=firm.supplier, name=f"{number}", scopes=["stock:read"], days=1, by=firm.owner, at=clock.now())
    with django_assert_max_num_queries(20):
        assert firm.client.get(LIST).content.decode().count("hj_") >= 10


ADDRESSES = [str(entry.pattern).replace("<str:number>", "N").replace("<path:code>", "C") for entry in endpoints]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_asks_for_a_key_and_a_scope(address: str) -> None:
    view = next(entry.callback.cls for entry, one in zip(endpoints, ADDRESSES, strict=True) if one == address)
    owner = a_seat(a_supplier())
    signed_in = Client()
    signed_in.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    for client in (Client(), signed_in):
        assert is_problem(client.get(BASE + address), 401, "key_missing")
        assert is_problem(client.post(BASE + address), 401, "key_missing")
    for method in ("GET", "POST"):
        needed = view.scopes.get(method)
        for scope in rules.SCOPES:
            caller = Caller(scopes=[scope])
            answer = caller.get(address) if method == "GET" else caller.post(address, {})
            if needed is None:
                assert is_problem(answer, 405, "method_not_allowed")
            elif set(needed) <= {scope}:
                assert answer.status_code not in (401, 403, 405)
            else:
                assert is_problem(answer, 403, "scope_missing")
    assert is_problem(Caller().client.delete(BASE + address, headers=Caller()._headers()), 405, "method_not_allowed")


def test_whatever_stands_nowhere_is_a_problem_too() -> None:
    assert is_problem(Client().get(BASE + "secrets"), 404, "not_found")
    assert is_problem(Client().post(BASE), 404, "not_found")


def test_a_wrong_revoked_or_expired_key_opens_nothing() -> None:
    caller = Caller()
    for text in ("", "x", caller.text[:-1], caller.text + "x", caller.key.prefix, "hj_密钥", "hj_AAAAAAAA_" + "a" * 43):
        headers = {"Authorization": f"Bearer {text}".encode().decode("latin-1")}
        assert is_problem(Client().get(BASE + "key", headers=headers), 401, "key_unknown")
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert is_problem(caller.get("key"), 401, "key_expired")
    revoke_key(key=caller.key, by=caller.owner, at=clock.now())
    answer = caller.get("key")
    assert is_problem(answer, 401, "key_revoked")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    with pytest.raises(IntegrationRefused), transaction.atomic():
        revoke_key(key=caller.key, by=caller.owner, at=clock.now())


def test_a_key_ends_with_its_supplier_its_makers_seat_and_what_that_may() -> None:
    caller = Caller()
    other = a_member()
    seat_member(supplier=caller.supplier, member=other)
    seat = SupplierUser.objects.get(member=caller.owner)
    assert caller.get("orders").status_code == 200

    Supplier.objects.filter(pk=caller.supplier.pk).update(is_active=False)
    assert is_problem(caller.get("orders"), 401, "key_suspended")
    Supplier.objects.filter(pk=caller.supplier.pk).update(is_active=True)

    change_role(seat=seat, role=Role.FINANCE, by=other)
    sku = a_sku(supplier=caller.supplier)
    with nothing_changes(without=("integration_apikey",)):
        assert is_problem(caller.post(f"stock/{sku.code}", {"adjust": 1, "reason": "x"}), 403, "scope_missing")
        assert is_problem(caller.post("orders/N/parcels", {}), 403, "scope_missing")
    assert caller.get("orders").status_code == 200

    suspend_seat(seat=seat, by=other)
    assert is_problem(caller.get("orders"), 401, "key_suspended")
    remove_seat(seat=seat, by=other)
    assert is_problem(caller.get("orders"), 401, "key_suspended")
    seat_member(supplier=a_supplier(), member=caller.owner)
    assert is_problem(caller.get("orders"), 401, "key_suspended")


def test_a_key_that_asks_too_often_waits_and_others_do_not(settings: Any) -> None:
    settings.API_KEY_PER_MINUTE = 3
    caller, other = Caller(), Caller()
    with time_machine.travel("2026-11-30T08:00:20Z", tick=False):
        fresh = Caller(caller.supplier, owner=caller.owner)
        assert [fresh.get("key").status_code for _ in range(3)] == [200] * 3
        answer = fresh.get("key")
        assert is_problem(answer, 429, "too_many_requests")
        assert answer.headers["Retry-After"] == "40"
        assert answer.json()["retry_after"] == 40
    with time_machine.travel("2026-11-30T08:01:00Z", tick=False):
        assert fresh.get("key").status_code == 200
    assert other.get("key").status_code == 200


def test_where_requests_cannot_be_counted_nobody_waits(monkeypatch: Any) -> None:
    caller = Caller()

    def away(*_given: Any) -> None:
        raise RedisError("away")

    monkeypatch.setattr("integration.api.keys.cache.add", away)
    assert caller.get("key").status_code == 200


def test_the_last_use_is_kept_to_the_minute() -> None:
    caller = Caller()
    first = clock.now()
    for after in (0, 30, 90):
        with time_machine.travel(first + timedelta(seconds=after), tick=False):
            caller.get("key")
    caller.key.refresh_from_db()
    assert caller.key.last_used_at == first + timedelta(seconds=90)
    assert "还没用过" not in page_of(caller)


def page_of(caller: Caller) -> str:
    client = Client()
    client.force_login(caller.owner, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(LIST).content.decode()


def test_what_keys_and_people_do_stands_in_the_trail_for_good() -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier)
    order = a_paid_order(sku=sku)
    caller.post(f"stock/{sku.code}", {"set": 60, "expected": 50, "reason": "盘点"})
    caller.post("recipients", {"orders": [order.number], "reason": "打印面单"})
    caller.post(f"orders/{order.number}/parcels", {"carrier": "顺丰速运", "tracking_number": "SF1234567"})
    revoke_key(key=caller.key, by=caller.owner, at=clock.now())
    acts = ApiAct.objects.filter(supplier=caller.supplier).order_by("id")
    assert [(act.kind, act.by_key, act.api_key) for act in acts] == [
        (ActKind.KEY_MADE, False, caller.key),
        (ActKind.STOCK_CHANGED, True, caller.key),
        (ActKind.RECIPIENTS_SEEN, True, caller.key),
        (ActKind.SHIPPED, True, caller.key),
        (ActKind.KEY_REVOKED, False, caller.key),
    ]
    assert acts[1].detail == "50 → 60 盘点"
    page = page_of(caller)
    assert "顺丰速运 SF1234567" in page
    for change in (acts.delete, lambda: acts.update(subject="x")):
        with pytest.raises(IntegrityError, match=r"only added|before three years"), transaction.atomic():
            change()


def test_too_many_keys_are_refused(monkeypatch: Any) -> None:
    caller = Caller()
    monkeypatch.setattr(rules, "KEYS_MAX", 1)
    with nothing_changes(), pytest.raises(IntegrationRefused):
        make_key(supplier=caller.supplier, name="n", scopes=["stock:read"], days=1, by=caller.owner, at=clock.now())
