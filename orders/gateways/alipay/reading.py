"""Reading what Alipay says of charges, and its notices: forms, each field once, signed over all but two of them."""

from typing import Any
from urllib.parse import parse_qsl

from alipay.exceptions import AliPayException
from django.conf import settings

from mall.core.providers.reading import fen, local_moment, text
from orders.gateways import BadNotice, Charge, ChargeState, GatewayError, NoticeMessage, RefundNotice

from .merchant import merchant

FIELDS_MAX = 100
CURRENCY = "CNY"
SIGN_TYPE = "RSA2"
PAID = ("TRADE_SUCCESS", "TRADE_FINISHED")
# What only a notice about a refund carries.
REFUND_FIELDS = ("out_biz_no", "refund_fee", "gmt_refund")


def charge_from(answer: dict[str, Any], *, number: str) -> Charge:
    """Return the charge in an answer. Raises GatewayError where it cannot be read or is not the one asked about."""
    if answer.get("out_trade_no") != number:
        raise GatewayError("an answer about another charge")
    state, paid_at = answer.get("trade_status"), answer.get("send_pay_date")
    if state == "WAIT_BUYER_PAY":
        return Charge(ChargeState.OPEN)
    # A trade that was given back whole is closed, too: its money came all the same.
    if state == "TRADE_CLOSED" and not paid_at:
        return Charge(ChargeState.CLOSED)
    if state not in (*PAID, "TRADE_CLOSED"):
        raise GatewayError("a charge in an unknown state")
    try:
        return Charge(
            ChargeState.PAID,
            amount_fen=fen(answer.get("total_amount")),
            currency=str(answer.get("trans_currency") or CURRENCY),
            provider_ref=text(answer, "trade_no", 64),
            paid_at=local_moment(paid_at),
        )
    except ValueError as error:
        raise GatewayError(f"an answer about a charge that cannot be read: {error}") from error


def notice_from(body: bytes) -> NoticeMessage | RefundNotice:
    """Verify the signature of a notice and read it. Raises BadNotice."""
    try:
        fields = _form(body)
        _check_signature(fields)
        notice_id, number = text(fields, "notify_id", 128), text(fields, "out_trade_no", 64)
        is_for_us = (
            fields.get("app_id") == settings.ALIPAY_APP_ID and fields.get("seller_id") == settings.ALIPAY_SELLER_ID
        )
        if any(fields.get(field) for field in REFUND_FIELDS):
            return RefundNotice(
                notice_id=notice_id,
                is_for_us=is_for_us,
                number=text(fields, "out_biz_no", 64),
                payment_number=number,
                # `refund_fee` is the sum of all refunds of the trade.
                amount_fen=None,
            )
        return NoticeMessage(
            notice_id=notice_id,
            is_for_us=is_for_us,
            is_paid=text(fields, "trade_status", 32) in PAID,
            number=number,
            provider_ref=text(fields, "trade_no", 64),
            amount_fen=fen(fields.get("total_amount")),
            currency=fields.get("trans_currency") or CURRENCY,
            paid_at=local_moment(fields.get("gmt_payment")),
        )
    except ValueError as error:
        raise BadNotice(str(error)) from error


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except UnicodeError as error:
        raise ValueError("not a form in UTF-8") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a doubled field")
    return fields


def _check_signature(fields: dict[str, str]) -> None:
    sign = text(fields, "sign", 1024)
    if fields.get("sign_type") != SIGN_TYPE:
        raise ValueError("sign_type is missing or another")
    signed = {name: value for name, value in fields.items() if name != "sign"}
    try:
        is_right = merchant().verify(signed, sign)
    except AliPayException as error:
        raise ValueError("a signature of another kind") from error
    if not is_right:
        raise ValueError("the signature is of other fields or by another key")
