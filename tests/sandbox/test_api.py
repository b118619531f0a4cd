"""The provider's API: signed requests only, each number once, and nothing against its book."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from mall.core import clock
from mall.core.signature import signed_headers
from sandbox.models import SandboxCharge, SandboxNonce, SandboxTransfer, SandboxTrouble
from tests.sandbox.provider import ask, post
from tests.snapshots import nothing_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mall_url")]

NONCES = ("sandbox_sandboxnonce",)


def charge_content(**changes: Any) -> dict[str, Any]:
    fields = {
        "number": "PY1",
        "amount_fen": 6_800,
        "currency": "CNY",
        "subject": "龙井",
        "notify_url": "http://127.0.0.1:9/notice",
        "return_url": "http://127.0.0.1:9/back",
        "expires_at": (clock.now() + timedelta(minutes=30)).isoformat(),
    }
    return fields | changes


def transfer_content(**changes: Any) -> dict[str, Any]:
    return {"number": "WD1", "payee": "M1", "amount_fen": 4_900, "currency": "CNY", "memo": "提现"} | changes


def test_a_charge_is_opened_once_a_number() -> None:
    first = ask("charges", **charge_content())
    assert first.status_code == 200
    assert first.json()["state"] == "open"
    with nothing_changes(without=NONCES):
        assert ask("charges", **charge_content()).json() == first.json()
        assert ask("charges", **charge_content(amount_fen=1)).status_code == 409
    assert ask("charges/query", number="PY1").json() == first.json()


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"amount_fen": 1.5},
        {"amount_fen": "6800"},
        {"amount_fen": True},
        {"currency": "USD"},
        {"number": ""},
        {"number": "a\x00"},
        {"number": "x" * 41},
        {"notify_url": "file:///etc/passwd"},
        {"expires_at": "tomorrow"},
        {"expires_at": "2026-11-01T00:00:00"},
        {"app_id": "other"},
        {"merchant_id": "other"},
    ],
)
def test_a_malformed_charge_is_not_opened(changes: dict[str, Any]) -> None:
    with nothing_changes(without=NONCES):
        assert ask("charges", **charge_content(**changes)).status_code == 422


@pytest.mark.parametrize("operation", ["charges/query", "charges/close", "refunds/query", "transfers/query"])
def test_an_unknown_number_is_not_found(operation: str) -> None:
    with nothing_changes(without=NONCES):
        assert ask(operation, number="nobody").status_code == 404


def test_requests_without_a_right_signature_do_nothing() -> None:
    body = json.dumps(charge_content()).encode()
    right = signed_headers(app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=clock.now())
    wrong_key = signed_headers(app_id=settings.SANDBOX_APP_ID, key="guess", body=body, at=clock.now())
    late = signed_headers(
        app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=clock.now() - timedelta(minutes=6)
    )
    missing = [
        {name: value for name, value in right.items() if name != dropped} for dropped in right if "Sandbox" in dropped
    ]
    with nothing_changes():
        for headers in (wrong_key, late, *missing):
            assert post("charges", body, headers).status_code == 401
        assert post("charges", body + b" ", right).status_code == 401


def test_a_request_is_played_once() -> None:
    body = json.dumps(
        {"app_id": settings.SANDBOX_APP_ID, "merchant_id": settings.SANDBOX_MERCHANT_ID} | charge_content()
    )
    headers = signed_headers(
        app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body.encode(), at=clock.now()
    )
    assert post("charges", body.encode(), headers).status_code == 200
    with nothing_changes():
        assert post("charges", body.encode(), headers).status_code == 401
    assert SandboxNonce.objects.count() == 1


def test_a_refund_is_of_a_paid_charge_and_once() -> None:
    ask("charges", **charge_content())
    refund = {"number": "R1", "charge_number": "PY1", "amount_fen": 6_800, "currency": "CNY"}
    with nothing_changes(without=NONCES):
        assert ask("refunds", **refund).status_code == 422
    SandboxCharge.objects.update(state="paid", paid_at=clock.now())
    with nothing_changes(without=NONCES):
        assert ask("refunds", **refund | {"amount_fen": 6_801}).status_code == 422
    first = ask("refunds", **refund)
    assert first.json()["state"] == "succeeded"
    with nothing_changes(without=NONCES):
        assert ask("refunds", **refund).json() == first.json()
        assert ask("refunds", **refund | {"number": "R2"}).status_code == 422


def test_a_transfer_is_made_once_a_number() -> None:
    first = ask("transfers", **transfer_content())
    assert (first.status_code, first.json()["state"]) == (200, "paid")
    with nothing_changes(without=NONCES):
        assert ask("transfers", **transfer_content()).json() == first.json()
        assert ask("transfers", **transfer_content(amount_fen=1)).status_code == 409
        assert ask("transfers", **transfer_content(payee="M2")).status_code == 409
    assert ask("transfers/query", number="WD1").json() == first.json()


def test_a_transfer_whose_answer_is_lost_was_made() -> None:
    SandboxTrouble.objects.create(operation="transfer", kind="lost_answer")
    assert ask("transfers", **transfer_content()).status_code == 504
    assert ask("transfers/query", number="WD1").json()["state"] == "paid"


def test_a_transfer_that_the_provider_could_not_take_was_not_made() -> None:
    SandboxTrouble.objects.create(operation="transfer", kind="unavailable")
    assert ask("transfers", **transfer_content()).status_code == 503
    assert ask("transfers/query", number="WD1").status_code == 404
    assert SandboxTransfer.objects.count() == 0


def test_a_transfer_can_be_rejected_for_good() -> None:
    SandboxTrouble.objects.create(operation="transfer", kind="rejected")
    answer = ask("transfers", **transfer_content()).json()
    assert (answer["state"], bool(answer["reason"])) == ("rejected", True)
    assert ask("transfers", **transfer_content()).json() == answer
    assert ask("transfers/query", number="WD1").json() == answer


def test_a_transfer_in_processing_is_paid_when_it_is_asked_about() -> None:
    SandboxTrouble.objects.create(operation="transfer", kind="pending")
    SandboxTrouble.objects.create(operation="transfer_query", kind="pending")
    assert ask("transfers", **transfer_content()).json()["state"] == "processing"
    assert ask("transfers/query", number="WD1").json()["state"] == "processing"
    assert ask("transfers/query", number="WD1").json()["state"] == "paid"


def test_a_charge_goes_back_in_parts_and_never_more_than_it() -> None:
    ask("charges", **charge_content())
    SandboxCharge.objects.update(state="paid", paid_at=clock.now())

    def refund(number: str, amount_fen: int, charge_number: str = "PY1") -> int:
        content = {"number": number, "charge_number": charge_number, "amount_fen": amount_fen, "currency": "CNY"}
        return ask("refunds", **content).status_code

    assert refund("R1", 2_000) == 200
    assert refund("R2", 4_000) == 200
    with nothing_changes(without=NONCES):
        assert refund("R1", 2_000) == 200
        assert refund("R1", 1_999) == 409
        assert refund("R3", 801) == 422
    assert refund("R3", 800) == 200
    with nothing_changes(without=NONCES):
        assert refund("R4", 1) == 422
