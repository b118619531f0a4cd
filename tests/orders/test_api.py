"""Notices of the provider: signed raw bytes, every field compared, and what is refused changes nothing."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from mall.core import clock
from mall.core.signature import signed_headers
from orders.commands import cancel_order
from orders.models import Notice, OrderState, Payment, PaymentState, Refund
from tests.factories import a_payment, a_placed_order, a_sku, fresh
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

URL = "/api/payments/sandbox/notice"
NOTICES = ("orders_notice",)


@pytest.fixture
def payment() -> Payment:
    at = clock.now()
    return a_payment(a_placed_order(sku=a_sku(price_fen=6_800), at=at), at=at)


def content(payment: Payment, **changes: Any) -> dict[str, Any]:
    fields = {
        "id": "SN1",
        "app_id": settings.SANDBOX_APP_ID,
        "merchant_id": settings.SANDBOX_MERCHANT_ID,
        "number": payment.number,
        "reference": "SC1",
        "amount_fen": payment.amount_fen,
        "currency": "CNY",
        "state": "paid",
        "paid_at": clock.now().isoformat(),
    }
    return fields | changes


def sign(body: bytes, *, key: str | None = None, at: datetime | None = None) -> dict[str, str]:
    return signed_headers(
        app_id=settings.SANDBOX_APP_ID, key=key or settings.SANDBOX_KEY, body=body, at=at or clock.now()
    )


def post(body: bytes, headers: Mapping[str, str]) -> Any:
    meta = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return Client(raise_request_exception=False).post(URL, body, content_type="application/json", **meta)


def notify(payment: Payment, **changes: Any) -> Any:
    body = json.dumps(content(payment, **changes)).encode()
    return post(body, sign(body))


def test_a_notice_that_fits_pays_the_order_and_is_acknowledged(payment: Payment) -> None:
    answer = notify(payment)
    assert (answer.status_code, answer.json()) == (200, {"code": "SUCCESS"})
    assert fresh(payment.purchase.orders.get()).state == OrderState.PAID
    assert Notice.objects.get().result == "captured"


def test_a_notice_again_is_acknowledged_and_changes_nothing(payment: Payment) -> None:
    notify(payment)
    with nothing_changes():
        assert notify(payment).status_code == 200
        assert notify(payment, id="SN1").status_code == 200
    with nothing_changes(without=NOTICES):
        assert notify(payment, id="SN2").status_code == 200


@pytest.mark.parametrize("header", ["X-Sandbox-App", "X-Sandbox-Timestamp", "X-Sandbox-Nonce", "X-Sandbox-Signature"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_or_empty_header_is_refused(payment: Payment, header: str, value: str | None) -> None:
    body = json.dumps(content(payment)).encode()
    headers = sign(body)
    if value is None:
        del headers[header]
    else:
        headers[header] = value
    with nothing_changes():
        assert post(body, headers).status_code == 400


def test_a_signature_of_another_body_is_refused(payment: Payment) -> None:
    body = json.dumps(content(payment)).encode()
    cheaper = json.dumps(content(payment, amount_fen=1)).encode()
    with nothing_changes():
        assert post(body, sign(cheaper)).status_code == 400


def test_the_same_content_serialised_otherwise_is_refused(payment: Payment) -> None:
    fields = content(payment)
    body = json.dumps(fields).encode()
    again = json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()
    with nothing_changes():
        assert post(again, sign(body)).status_code == 400


def test_another_key_is_refused(payment: Payment) -> None:
    body = json.dumps(content(payment)).encode()
    with nothing_changes():
        assert post(body, sign(body, key="guess")).status_code == 400


def test_without_a_key_of_our_own_nothing_is_believed(payment: Payment, settings: Any) -> None:
    body = json.dumps(content(payment)).encode()
    headers = signed_headers(app_id=settings.SANDBOX_APP_ID, key="", body=body, at=clock.now())
    settings.SANDBOX_KEY = ""
    with nothing_changes():
        assert post(body, headers).status_code == 400


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_timestamp_six_minutes_off_is_refused(payment: Payment, minutes: int) -> None:
    body = json.dumps(content(payment)).encode()
    with nothing_changes():
        assert post(body, sign(body, at=clock.now() + timedelta(minutes=minutes))).status_code == 400


@pytest.mark.parametrize("timestamp", ["yesterday", "1e9", "-1", "٣", "9" * 400])
def test_a_timestamp_that_is_no_number_is_refused(payment: Payment, timestamp: str) -> None:
    body = json.dumps(content(payment)).encode()
    with nothing_changes():
        assert post(body, sign(body) | {"X-Sandbox-Timestamp": timestamp}).status_code == 400


def test_an_unknown_app_in_the_header_is_refused(payment: Payment) -> None:
    body = json.dumps(content(payment)).encode()
    with nothing_changes():
        assert post(body, sign(body) | {"X-Sandbox-App": "other"}).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"app_id": "other"},
        {"app_id": None},
        {"merchant_id": "1900000002"},
        {"amount_fen": 6_799},
        {"amount_fen": 6_801},
        {"amount_fen": 1},
        {"currency": "USD"},
        {"state": "open"},
        {"state": "closed"},
        {"number": "PY26110100000000"},
    ],
)
def test_a_signed_notice_that_does_not_fit_changes_nothing(payment: Payment, changes: dict[str, Any]) -> None:
    with nothing_changes(without=NOTICES):
        assert notify(payment, **changes).status_code == 422
    assert Notice.objects.get().result.startswith("refused")


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_fen": -6_800},
        {"amount_fen": 0},
        {"amount_fen": 6_800.0},
        {"amount_fen": "6800"},
        {"amount_fen": True},
        {"amount_fen": 2**70},
        {"amount_fen": None},
        {"number": ["PY1"]},
        {"number": {"$ne": 1}},
        {"number": "x" * 500},
        {"reference": ""},
        {"reference": "a\x00b"},
        {"id": None},
        {"currency": "RENMINBI"},
        {"paid_at": "yesterday"},
        {"paid_at": "2026-11-01T04:00:00"},
        {"paid_at": 1_700_000_000},
    ],
)
def test_a_signed_notice_that_cannot_be_read_changes_nothing(payment: Payment, changes: dict[str, Any]) -> None:
    with nothing_changes():
        assert notify(payment, **changes).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"amount_fen": NaN}',
        b"[" * 20_000,
        b'{"id": "a", "id": "b"}',
        b'{"amount_fen": 1e-2}',
    ],
)
def test_signed_rubbish_changes_nothing(payment: Payment, body: bytes) -> None:
    with nothing_changes():
        assert post(body, sign(body)).status_code == 400


def test_a_doubled_amount_is_refused(payment: Payment) -> None:
    text = json.dumps(content(payment))
    body = text.replace('"amount_fen": 6800', '"amount_fen": 1, "amount_fen": 6800').encode()
    with nothing_changes():
        assert post(body, sign(body)).status_code == 400


def test_a_notice_from_the_future_changes_nothing(payment: Payment) -> None:
    with nothing_changes(without=NOTICES):
        assert notify(payment, paid_at=(clock.now() + timedelta(minutes=10)).isoformat()).status_code == 422


def test_an_endless_body_is_not_read(payment: Payment) -> None:
    body = b"x" * 70_000
    with nothing_changes():
        assert post(body, sign(body)).status_code == 413


def test_only_a_post_to_a_provider_in_use_is_a_notice(payment: Payment) -> None:
    body = json.dumps(content(payment)).encode()
    with nothing_changes():
        assert Client().get(URL).status_code == 405
        assert Client().post("/api/payments/nobody/notice", body, content_type="application/json").status_code == 404


def test_a_refusal_tells_nothing_of_how_it_came_about(payment: Payment) -> None:
    answer = notify(payment, amount_fen=1)
    assert answer.json() == {"code": "FAIL", "message": "does not fit"}
    assert "Traceback" not in answer.content.decode()


def test_a_notice_for_a_closed_order_is_acknowledged_and_given_back_once(payment: Payment) -> None:
    cancel_order(order=payment.purchase.orders.get(), reason="", at=clock.now())
    assert notify(payment).status_code == 200
    with nothing_changes(without=NOTICES):
        assert notify(payment, id="SN2").status_code == 200
    payment.refresh_from_db()
    assert payment.state == PaymentState.REFUNDING
    assert Refund.objects.get().amount_fen == payment.amount_fen
    assert fresh(payment.purchase.orders.get()).state == OrderState.CANCELLED


def test_a_refused_notice_does_not_stand_in_the_way_of_the_right_one(payment: Payment) -> None:
    notify(payment, amount_fen=1)
    assert notify(payment).status_code == 200
    assert fresh(payment.purchase.orders.get()).state == OrderState.PAID
