"""Reading what WeChat Pay says of charges and refunds. Amounts are compared by `total`, never by `payer_total`."""

from typing import Any

from django.conf import settings

from mall.core.providers.reading import instant, strict_json, text, whole
from mall.core.providers.wechatpay import opened
from orders.gateways import BadNotice, Charge, ChargeState, GatewayError, NoticeMessage, RefundNotice, RefundOutcome

PAID, REFUND_PREFIX = "TRANSACTION.SUCCESS", "REFUND."
# Money that went back was paid first.
CHARGE_STATES = {
    "SUCCESS": ChargeState.PAID,
    "REFUND": ChargeState.PAID,
    "NOTPAY": ChargeState.OPEN,
    "USERPAYING": ChargeState.OPEN,
    "ACCEPT": ChargeState.OPEN,
    "PAYERROR": ChargeState.OPEN,
    "CLOSED": ChargeState.CLOSED,
    "REVOKED": ChargeState.CLOSED,
}
REFUND_OUTCOMES = {
    "SUCCESS": RefundOutcome.SUCCEEDED,
    "PROCESSING": RefundOutcome.PENDING,
    "CLOSED": RefundOutcome.REFUSED,
    "ABNORMAL": RefundOutcome.REFUSED,
}


def charge_from(body: bytes, *, number: str) -> Charge:
    """Return the charge in an answer. Raises GatewayError where it cannot be read or is not the one asked about."""
    try:
        answer = strict_json(body)
        state = CHARGE_STATES[text(answer, "trade_state", 32)]
        if not _is_ours(answer) or answer.get("out_trade_no") != number:
            raise GatewayError("an answer about another charge")
        if state != ChargeState.PAID:
            return Charge(state)
        amount = answer.get("amount")
        return Charge(
            state,
            amount_fen=whole(amount, "total"),
            currency=text(amount, "currency", 16),
            provider_ref=text(answer, "transaction_id", 32),
            paid_at=instant(answer.get("success_time")),
        )
    except (ValueError, KeyError) as error:
        raise GatewayError(f"an answer about a charge that cannot be read: {error}") from error


def refund_from(body: bytes, *, number: str, payment_number: str, amount_fen: int | None = None) -> RefundOutcome:
    """Return what became of a refund. Raises GatewayError where the answer is about another one, or another amount."""
    try:
        answer = strict_json(body)
        outcome = REFUND_OUTCOMES[text(answer, "status", 32)]
        refunded = whole(answer.get("amount"), "refund")
    except (ValueError, KeyError) as error:
        raise GatewayError(f"an answer about a refund that cannot be read: {error}") from error
    if answer.get("out_refund_no") != number or answer.get("out_trade_no") != payment_number:
        raise GatewayError("an answer about another refund")
    if amount_fen is not None and refunded != amount_fen:
        raise GatewayError("an answer about a refund of another amount")
    return outcome


def notice_from(body: bytes) -> NoticeMessage | RefundNotice:
    """Return the notice in a body whose signature was verified. Raises BadNotice."""
    try:
        envelope = strict_json(body)
        notice_id, event = text(envelope, "id", 64), text(envelope, "event_type", 64)
        if envelope.get("resource_type") != "encrypt-resource":
            raise ValueError("not an encrypted resource")
        resource = strict_json(opened(envelope.get("resource")))
        if event.startswith(REFUND_PREFIX):
            return RefundNotice(
                notice_id=notice_id,
                is_for_us=resource.get("mchid") == settings.WECHAT_PAY_MERCHANT_ID,
                number=text(resource, "out_refund_no", 64),
                payment_number=text(resource, "out_trade_no", 32),
                amount_fen=whole(resource.get("amount"), "refund"),
            )
        amount = resource.get("amount")
        return NoticeMessage(
            notice_id=notice_id,
            is_for_us=_is_ours(resource),
            is_paid=event == PAID and text(resource, "trade_state", 32) == "SUCCESS",
            number=text(resource, "out_trade_no", 32),
            provider_ref=text(resource, "transaction_id", 32),
            amount_fen=whole(amount, "total"),
            currency=text(amount, "currency", 3),
            paid_at=instant(resource.get("success_time")),
        )
    except ValueError as error:
        raise BadNotice(str(error)) from error


def _is_ours(content: dict[str, Any]) -> bool:
    return content.get("appid") == settings.WECHAT_APP_ID and content.get("mchid") == settings.WECHAT_PAY_MERCHANT_ID
