"""Notices of Alipay that are not what they seem: each is refused, and changes nothing."""

from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
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

URL = "/api/payments/alipay/notice"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
NOTICES = ("orders_notice",)


@pytest.fixture
def payment() -> Payment:
    at = clock.now()
    order = a_placed_order(sku=a_sku(price_fen=6_800), at=at)
    return start_payment(purchase=order.purchase, provider="alipay", at=at)


def moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def fields(payment: Payment, **changes: str | None) -> dict[str, str]:
    content: dict[str, str | None] = {
        "notify_id": "2026112200222120000000000000000001",
        "notify_type": "trade_status_sync",
        "notify_time": moment(clock.now()),
        "charset": "utf-8",
        "version": "1.0",
        "sign_type": "RSA2",
        "app_id": settings.ALIPAY_APP_ID,
        "seller_id": settings.ALIPAY_SELLER_ID,
        "trade_no": "2026112222001400000000000001",
        "out_trade_no": payment.number,
        "trade_status": "TRADE_SUCCESS",
        "subject": "禾集 & 龙井 = 茶",
        "total_amount": "68.00",
        "buyer_pay_amount": "63.00",
        "gmt_payment": moment(clock.now()),
        **changes,
    }
    return {name: value for name, value in content.items() if value is not None}


def signed(content: dict[str, str], *, key: Any = None, algorithm: Any = None) -> dict[str, str]:
    text = "&".join(f"{name}={value}" for name, value in sorted(content.items()) if name not in ("sign", "sign_type"))
    signer = key or load_der_private_key(b64decode(settings.ALIPAY_STAND_IN_KEY), password=None)
    return {**content, "sign": b64encode(signer.sign(text.encode(), PKCS1v15(), algorithm or SHA256())).decode()}


def post(body: bytes | str, content_type: str = FORM) -> Any:
    return Client(raise_request_exception=False).post(URL, body, content_type=content_type)


def notify(payment: Payment, **changes: str | None) -> Any:
    return post(urlencode(signed(fields(payment, **changes))))


def test_a_notice_that_fits_pays_and_is_answered_with_the_one_word(payment: Payment) -> None:
    answer = notify(payment)
    assert (answer.status_code, answer.content) == (200, b"success")
    payment.refresh_from_db()
    assert (payment.state, payment.provider_ref) == (PaymentState.CAPTURED, "2026112222001400000000000001")


def test_a_finished_trade_counts_as_paid(payment: Payment) -> None:
    assert notify(payment, trade_status="TRADE_FINISHED").content == b"success"


def test_a_notice_again_changes_nothing(payment: Payment) -> None:
    body = urlencode(signed(fields(payment)))
    assert post(body).content == b"success"
    with nothing_changes():
        assert post(body).content == b"success"
    with nothing_changes(without=NOTICES):
        assert notify(payment, notify_id="another").content == b"success"


@pytest.mark.parametrize("missing", ["sign", "sign_type"])
@pytest.mark.parametrize("value", [None, ""])
def test_without_a_signature_or_its_type_it_is_refused(payment: Payment, missing: str, value: str | None) -> None:
    content = signed(fields(payment))
    content.pop(missing)
    if value is not None:
        content[missing] = value
    with nothing_changes():
        answer = post(urlencode(content))
    assert (answer.status_code, answer.content) == (400, b"fail")


def test_a_weaker_signature_is_refused(payment: Payment) -> None:
    weak = signed(fields(payment, sign_type="RSA"), algorithm=SHA1())
    with nothing_changes():
        assert post(urlencode(weak)).status_code == 400
        assert post(urlencode(weak | {"sign_type": "RSA2"})).status_code == 400


def test_a_signature_of_other_fields_is_refused(payment: Payment) -> None:
    for changes in (
        {"total_amount": "0.01"},
        {"out_trade_no": "PY0"},
        {"added": "1"},
        {"trade_status": "TRADE_FINISHED"},
    ):
        with nothing_changes():
            assert post(urlencode(signed(fields(payment)) | changes)).status_code == 400


def test_another_key_is_refused(payment: Payment) -> None:
    with nothing_changes():
        answer = post(urlencode(signed(fields(payment), key=generate_private_key(65_537, 2048))))
    assert answer.status_code == 400


@pytest.mark.parametrize("sign", ["x", "!!!", "QUJD", "a" * 5_000, "你好"])
def test_a_signature_that_is_none_is_refused(payment: Payment, sign: str) -> None:
    with nothing_changes():
        assert post(urlencode(fields(payment) | {"sign": sign})).status_code == 400


@pytest.mark.parametrize(
    "doubled", ["total_amount=68.00", "total_amount=0.01", "out_trade_no=PY0", "sign=x", "extra=1&extra=1"]
)
def test_a_doubled_parameter_is_refused(payment: Payment, doubled: str) -> None:
    body = urlencode(signed(fields(payment)))
    with nothing_changes():
        assert post(f"{body}&{doubled}").status_code == 400
        assert post(f"{doubled}&{body}").status_code == 400


@pytest.mark.parametrize(
    "amount",
    [
        "1e-2",
        "68",
        "68.0",
        "68.000",
        "+68.00",
        "-68.00",
        " 68.00",
        "６８.00",
        "068.00",
        "6,800.00",
        "NaN",
        "0.00",
        "",
        "9" * 400,
    ],
)
def test_an_amount_that_is_not_two_decimals_is_refused(payment: Payment, amount: str) -> None:
    with nothing_changes():
        assert notify(payment, total_amount=amount).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"app_id": "2021000000000002"},
        {"app_id": None},
        {"seller_id": "2088000000000002"},
        {"seller_id": None},
        {"total_amount": "67.99"},
        {"total_amount": "68.01"},
        {"trans_currency": "USD"},
        {"trade_status": "WAIT_BUYER_PAY"},
        {"trade_status": "TRADE_CLOSED"},
        {"out_trade_no": "PY2611010000000000"},
    ],
)
def test_a_signed_notice_that_does_not_fit_changes_nothing(payment: Payment, changes: dict[str, str | None]) -> None:
    with nothing_changes(without=NOTICES):
        answer = notify(payment, **changes)
    assert (answer.status_code, answer.content) == (422, b"fail")
    assert Notice.objects.get().result.startswith("refused")
    assert notify(payment, notify_id="the right one").content == b"success"


@pytest.mark.parametrize(
    "changes",
    [
        {"notify_id": None},
        {"notify_id": "x" * 500},
        {"trade_no": ""},
        {"trade_no": "a\x00b"},
        {"out_trade_no": None},
        {"out_trade_no": "x" * 500},
        {"trade_status": None},
        {"total_amount": None},
        {"gmt_payment": None},
        {"gmt_payment": "yesterday"},
        {"gmt_payment": "2026-13-41 25:61:61"},
    ],
)
def test_a_signed_notice_that_cannot_be_read_changes_nothing(payment: Payment, changes: dict[str, str | None]) -> None:
    with nothing_changes():
        assert notify(payment, **changes).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"a", b"a=%ff", b"&".join(b"f%d=1" % n for n in range(200))])
def test_rubbish_changes_nothing(payment: Payment, body: bytes) -> None:
    with nothing_changes():
        assert post(body).status_code == 400


def test_a_notice_from_the_future_changes_nothing(payment: Payment) -> None:
    with nothing_changes(without=NOTICES):
        assert notify(payment, gmt_payment=moment(clock.now() + timedelta(minutes=10))).status_code == 422


def test_an_endless_body_is_not_read(payment: Payment) -> None:
    with nothing_changes():
        assert post(b"x" * 70_000).status_code == 413


@pytest.mark.parametrize(
    "told",
    [
        {"out_biz_no": "R0", "refund_fee": "68.00", "gmt_refund": "2026-11-22 20:00:00"},
        {"out_biz_no": "R0"},
        {"out_biz_no": "R0", "refund_fee": "0.01", "trade_status": "TRADE_SUCCESS"},
    ],
)
def test_a_notice_of_a_refund_is_never_read_as_a_payment(payment: Payment, told: dict[str, str]) -> None:
    with nothing_changes(without=NOTICES):
        assert notify(payment, **told).status_code == 422
    payment.refresh_from_db()
    assert payment.state == PaymentState.CREATED


def test_a_notice_of_a_refund_that_names_none_is_refused(payment: Payment) -> None:
    with nothing_changes():
        assert notify(payment, refund_fee="68.00", gmt_refund="2026-11-22 20:00:00").status_code == 400


def test_a_notice_of_our_refund_is_taken_and_settles_nothing_by_itself(payment: Payment) -> None:
    notify(payment)
    refund = refund_order(order=payment.purchase.orders.get(), reason="", at=clock.now())
    with nothing_changes(without=NOTICES):
        answer = notify(
            payment, notify_id="r", out_biz_no=refund.number, refund_fee="68.00", trade_status="TRADE_CLOSED"
        )
    assert answer.content == b"success"
    assert Notice.objects.latest("id").result == "refund requested"


def test_a_notice_for_a_closed_order_is_taken_and_given_back_once(payment: Payment) -> None:
    order = payment.purchase.orders.get()
    cancel_order(order=order, reason="", at=clock.now())
    assert notify(payment).content == b"success"
    with nothing_changes(without=NOTICES):
        assert notify(payment, notify_id="again").content == b"success"
    assert Refund.objects.get().amount_fen == 6_800
    assert fresh(order).state == OrderState.CANCELLED
