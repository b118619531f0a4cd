"""Notices of WeChat Pay that are not what they seem: each is refused, and changes nothing."""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.test import Client

from mall.core import clock
from mall.core.ids import SHANGHAI
from orders.commands import cancel_order, refund_order, start_payment
from orders.models import Notice, OrderState, Payment, PaymentState, Refund
from tests.factories import a_placed_order, a_sku, fresh
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

URL = "/api/payments/wechat/notice"
NOTICES = ("orders_notice",)
SERIAL, TIMESTAMP, NONCE, SIGNATURE = (
    "Wechatpay-Serial",
    "Wechatpay-Timestamp",
    "Wechatpay-Nonce",
    "Wechatpay-Signature",
)


@pytest.fixture
def payment() -> Payment:
    at = clock.now()
    order = a_placed_order(sku=a_sku(price_fen=6_800), at=at)
    return start_payment(purchase=order.purchase, provider="wechat", at=at)


def moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def trade(payment: Payment, **changes: Any) -> dict[str, Any]:
    amount = {"total": payment.amount_fen, "payer_total": payment.amount_fen - 500, "currency": "CNY"}
    content = {
        "appid": settings.WECHAT_APP_ID,
        "mchid": settings.WECHAT_PAY_MERCHANT_ID,
        "out_trade_no": payment.number,
        "transaction_id": "4200000000202611220000000001",
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "success_time": moment(clock.now()),
        "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        "amount": amount,
    }
    return content | changes


def envelope(
    content: Any,
    *,
    event: str = "TRANSACTION.SUCCESS",
    notice_id: str = "EV-1",
    nonce: str = "",
    key: str = "",
    **resource: Any,
) -> bytes:
    nonce = nonce or secrets.token_hex(6)
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    sealed = AESGCM((key or settings.WECHAT_PAY_API_KEY).encode()).encrypt(nonce.encode(), plain, b"transaction")
    fields = {
        "original_type": "transaction",
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": b64encode(sealed).decode(),
        "associated_data": "transaction",
        "nonce": nonce,
    }
    return json.dumps(
        {
            "id": notice_id,
            "create_time": moment(clock.now()),
            "resource_type": "encrypt-resource",
            "event_type": event,
            "summary": "支付成功",
            "resource": fields | resource,
        }
    ).encode()


def sign(body: bytes, *, at: datetime | None = None, key: Any = None) -> dict[str, str]:
    timestamp, nonce = str(int((at or clock.now()).timestamp())), secrets.token_hex(16)
    signer = key or load_der_private_key(b64decode(settings.WECHAT_STAND_IN_KEY), password=None)
    signed = signer.sign(f"{timestamp}\n{nonce}\n".encode() + body + b"\n", PKCS1v15(), SHA256())
    return {
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: b64encode(signed).decode(),
        SERIAL: settings.WECHAT_PAY_PUBLIC_KEY_ID,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


def post(body: bytes, headers: Mapping[str, str]) -> Any:
    meta = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return Client(raise_request_exception=False).post(URL, body, content_type="application/json", **meta)


def notify(payment: Payment, *, notice_id: str = "EV-1", **changes: Any) -> Any:
    body = envelope(trade(payment, **changes), notice_id=notice_id)
    return post(body, sign(body))


def test_a_notice_that_fits_pays_and_is_answered_as_wechat_wants_it(payment: Payment) -> None:
    answer = notify(payment)
    assert (answer.status_code, answer.json()) == (200, {"code": "SUCCESS", "message": ""})
    payment.refresh_from_db()
    assert (payment.state, payment.provider_ref) == (PaymentState.CAPTURED, "4200000000202611220000000001")


def test_the_total_counts_and_not_what_the_payer_paid_after_coupons_of_wechat(payment: Payment) -> None:
    amount = {"total": payment.amount_fen, "payer_total": 1, "currency": "CNY"}
    assert notify(payment, amount=amount).status_code == 200


def test_a_notice_again_changes_nothing(payment: Payment) -> None:
    body = envelope(trade(payment))
    headers = sign(body)
    assert post(body, headers).status_code == 200
    with nothing_changes():
        assert post(body, headers).status_code == 200
    with nothing_changes(without=NOTICES):
        assert notify(payment, notice_id="EV-2", success_time=trade(payment)["success_time"]).status_code == 200


@pytest.mark.parametrize("header", [TIMESTAMP, NONCE, SIGNATURE, SERIAL])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_or_empty_header_is_refused(payment: Payment, header: str, value: str | None) -> None:
    body = envelope(trade(payment))
    headers = {name: text for name, text in sign(body).items() if name != header or value is not None}
    if value is not None:
        headers[header] = value
    with nothing_changes():
        assert post(body, headers).status_code == 400


def test_a_signature_of_another_body_is_refused(payment: Payment) -> None:
    body, other = envelope(trade(payment)), envelope(trade(payment, out_trade_no="PY0"))
    with nothing_changes():
        assert post(body, sign(other)).status_code == 400


def test_the_same_content_serialised_otherwise_is_refused(payment: Payment) -> None:
    body = envelope(trade(payment))
    again = json.dumps(json.loads(body), separators=(",", ":")).encode()
    assert again != body
    with nothing_changes():
        assert post(again, sign(body)).status_code == 400


def test_another_key_is_refused(payment: Payment) -> None:
    body = envelope(trade(payment))
    with nothing_changes():
        assert post(body, sign(body, key=generate_private_key(65_537, 2048))).status_code == 400


@pytest.mark.parametrize(
    "serial", ["PUB_KEY_ID_0000000000000000000000000000000000", "5157F09EFDC096DE15EBE81A47057A72", "'; --", "0" * 400]
)
def test_an_unknown_serial_is_refused(payment: Payment, serial: str) -> None:
    body = envelope(trade(payment))
    with nothing_changes():
        assert post(body, sign(body) | {SERIAL: serial}).status_code == 400


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_timestamp_six_minutes_off_is_refused(payment: Payment, minutes: int) -> None:
    body = envelope(trade(payment))
    with nothing_changes():
        assert post(body, sign(body, at=clock.now() + timedelta(minutes=minutes))).status_code == 400


@pytest.mark.parametrize("timestamp", ["yesterday", "1e9", "-1", "٣", "9" * 400, "1.5"])
def test_a_timestamp_that_is_no_number_is_refused(payment: Payment, timestamp: str) -> None:
    body = envelope(trade(payment))
    with nothing_changes():
        assert post(body, sign(body) | {TIMESTAMP: timestamp}).status_code == 400


def test_another_kind_of_signature_is_refused(payment: Payment) -> None:
    body = envelope(trade(payment))
    with nothing_changes():
        assert post(body, sign(body) | {"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"}).status_code == 400


@pytest.mark.parametrize("signature", ["x", "!!!", "QUJD", "a" * 5_000])
def test_a_signature_that_is_none_is_refused(payment: Payment, signature: str) -> None:
    body = envelope(trade(payment))
    with nothing_changes():
        assert post(body, sign(body) | {SIGNATURE: signature}).status_code == 400


def test_a_bad_tag_is_refused(payment: Payment) -> None:
    for body in (
        envelope(trade(payment), key="0" * 32),
        envelope(trade(payment), associated_data="refund"),
        envelope(trade(payment), associated_data=None),
        envelope(trade(payment), ciphertext=b64encode(b"0" * 64).decode()),
        envelope(trade(payment), ciphertext="not base64"),
        envelope(trade(payment), nonce="0" * 12, **{"nonce ": ""}).replace(
            b'"nonce": "000000000000"', b'"nonce": "000000000001"'
        ),
    ):
        with nothing_changes():
            assert post(body, sign(body)).status_code == 400


@pytest.mark.parametrize("length", [8, 11, 13, 16])
def test_a_nonce_that_has_not_twelve_bytes_is_refused(payment: Payment, length: int) -> None:
    body = envelope(trade(payment), nonce="0" * length)
    with nothing_changes():
        assert post(body, sign(body)).status_code == 400


@pytest.mark.parametrize(
    "resource", [{"algorithm": "AEAD_AES_128_GCM"}, {"algorithm": None}, {"nonce": 12}, {"associated_data": ["x"]}]
)
def test_another_sealing_is_refused(payment: Payment, resource: dict[str, Any]) -> None:
    sealed = json.loads(envelope(trade(payment)))
    sealed["resource"] |= resource
    body = json.dumps(sealed).encode()
    with nothing_changes():
        assert post(body, sign(body)).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"mchid": "1900000110"},
        {"mchid": None},
        {"appid": "wx0000000000000000"},
        {"appid": None},
        {"amount": {"total": 6_799, "payer_total": 6_800, "currency": "CNY"}},
        {"amount": {"total": 6_801, "payer_total": 6_800, "currency": "CNY"}},
        {"amount": {"total": 6_800, "payer_total": 6_800, "currency": "USD"}},
        {"trade_state": "NOTPAY"},
        {"trade_state": "REFUND"},
        {"out_trade_no": "PY2611010000000000"},
    ],
    ids=["mchid", "no mchid", "appid", "no appid", "a fen less", "a fen more", "USD", "NOTPAY", "REFUND", "unknown"],
)
def test_a_signed_notice_that_does_not_fit_changes_nothing(payment: Payment, changes: dict[str, Any]) -> None:
    with nothing_changes(without=NOTICES):
        answer = notify(payment, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "FAIL")
    assert Notice.objects.get().result.startswith("refused")
    assert notify(payment, notice_id="EV-2").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": None},
        {"amount": 6_800},
        {"amount": {"total": "6800", "currency": "CNY"}},
        {"amount": {"total": 68.0, "currency": "CNY"}},
        {"amount": {"total": True, "currency": "CNY"}},
        {"amount": {"total": 0, "currency": "CNY"}},
        {"amount": {"total": -6_800, "currency": "CNY"}},
        {"amount": {"total": 6_800}},
        {"transaction_id": ""},
        {"transaction_id": "a\x00b"},
        {"out_trade_no": ["PY1"]},
        {"out_trade_no": "x" * 500},
        {"success_time": "yesterday"},
        {"success_time": "2026-11-01T04:00:00"},
        {"success_time": None},
    ],
)
def test_a_signed_notice_that_cannot_be_read_changes_nothing(payment: Payment, changes: dict[str, Any]) -> None:
    with nothing_changes():
        assert notify(payment, **changes).status_code == 400


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"{", b"\xff\xfe", b'{"amount": {"total": 1, "total": 2}}'])
def test_sealed_rubbish_changes_nothing(payment: Payment, content: bytes) -> None:
    body = envelope(content)
    with nothing_changes():
        assert post(body, sign(body)).status_code == 400


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff\xfe", b"[" * 20_000, b'{"id": "a", "id": "b"}'])
def test_signed_rubbish_changes_nothing(payment: Payment, body: bytes) -> None:
    with nothing_changes():
        assert post(body, sign(body)).status_code == 400


def test_a_notice_from_the_future_changes_nothing(payment: Payment) -> None:
    with nothing_changes(without=NOTICES):
        assert notify(payment, success_time=moment(clock.now() + timedelta(minutes=10))).status_code == 422


def test_an_endless_body_is_not_read(payment: Payment) -> None:
    body = b"x" * 70_000
    with nothing_changes():
        assert post(body, sign(body)).status_code == 413


def test_without_keys_of_our_own_nothing_is_believed(payment: Payment, settings: Any) -> None:
    body = envelope(trade(payment))
    headers = sign(body)
    settings.WECHAT_PAY_API_KEY = ""
    with nothing_changes():
        assert post(body, headers).status_code == 400


def test_a_refusal_tells_nothing_of_how_it_came_about(payment: Payment) -> None:
    answer = notify(payment, trade_state="NOTPAY")
    assert answer.json() == {"code": "FAIL", "message": "does not fit"}


def test_a_notice_for_a_closed_order_is_taken_and_given_back_once(payment: Payment) -> None:
    order = payment.purchase.orders.get()
    cancel_order(order=order, reason="", at=clock.now())
    assert notify(payment).status_code == 200
    with nothing_changes(without=NOTICES):
        assert notify(payment, notice_id="EV-2").status_code == 200
    payment.refresh_from_db()
    assert (payment.state, Refund.objects.get().amount_fen) == (PaymentState.REFUNDING, 6_800)
    assert fresh(order).state == OrderState.CANCELLED


def refund_content(refund: Refund, **changes: Any) -> dict[str, Any]:
    content = {
        "mchid": settings.WECHAT_PAY_MERCHANT_ID,
        "out_trade_no": refund.payment.number,
        "transaction_id": refund.payment.provider_ref,
        "out_refund_no": refund.number,
        "refund_id": "50000000000",
        "refund_status": "SUCCESS",
        "success_time": moment(clock.now()),
        "amount": {"total": 6_800, "refund": refund.amount_fen, "payer_total": 1, "payer_refund": 1},
    }
    return content | changes


@pytest.fixture
def refund(payment: Payment) -> Refund:
    notify(payment, notice_id="EV-0")
    return refund_order(order=payment.purchase.orders.get(), reason="", at=clock.now())


def tell_refund(content: dict[str, Any]) -> Any:
    body = envelope(content, event="REFUND.SUCCESS", notice_id="EV-R")
    return post(body, sign(body))


def test_a_notice_of_a_refund_is_taken_and_settles_nothing_by_itself(refund: Refund) -> None:
    with nothing_changes(without=NOTICES):
        assert tell_refund(refund_content(refund)).status_code == 200
    assert Notice.objects.latest("id").result == "refund requested"


@pytest.mark.parametrize(
    "changes",
    [
        {"mchid": "1900000110"},
        {"out_refund_no": "R0"},
        {"out_trade_no": "PY0"},
        {"amount": {"total": 6_800, "refund": 6_799}},
        {"amount": {"total": 6_800, "refund": 6_801}},
    ],
)
def test_a_notice_of_a_refund_that_does_not_fit_changes_nothing(refund: Refund, changes: dict[str, Any]) -> None:
    with nothing_changes(without=NOTICES):
        assert tell_refund(refund_content(refund, **changes)).status_code == 422


def test_a_notice_of_a_refund_is_never_read_as_a_payment(payment: Payment) -> None:
    body = envelope(trade(payment), event="REFUND.SUCCESS")
    with nothing_changes():
        assert post(body, sign(body)).status_code == 400
    body = envelope(trade(payment), event="COUPON.USE")
    with nothing_changes(without=NOTICES):
        assert post(body, sign(body)).status_code == 422
