"""What Alipay posts to merchants: forms about a trade; `success` stops them."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx
from django.conf import settings

from sandbox.payments import keys
from sandbox.payments.models import Trade, TradeNotice, TradeRefund

from .signature import signed_notice, signed_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENT = "trade_status_sync"
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def paid_content(trade: Trade) -> dict[str, Any]:
    """Return what a notice says of a trade that was paid."""
    paid_at = trade.paid_at or trade.created_at
    return {
        "app_id": settings.ALIPAY_APP_ID,
        "seller_id": trade.merchant_id,
        "buyer_id": "2088102000000000",
        "trade_no": trade.reference,
        "out_trade_no": trade.number,
        "trade_status": "TRADE_SUCCESS",
        "subject": trade.subject,
        "total_amount": yuan(trade.amount_fen),
        "receipt_amount": yuan(trade.amount_fen),
        "buyer_pay_amount": yuan(trade.amount_fen),
        "gmt_create": local(trade.created_at),
        "gmt_payment": local(paid_at),
    }


def refunded_content(refund: TradeRefund) -> dict[str, Any]:
    """Return what a notice says after a refund: the trade again, with the sum of all its refunds."""
    trade = refund.trade
    refunded = sum(trade.refunds.values_list("amount_fen", flat=True))
    return {
        **paid_content(trade),
        "trade_status": "TRADE_CLOSED" if refunded == trade.amount_fen else "TRADE_SUCCESS",
        "out_biz_no": refund.number,
        "refund_fee": yuan(refunded),
        "gmt_refund": local(refund.succeeded_at or refund.created_at),
    }


def fields_of(notice: TradeNotice, at: datetime) -> dict[str, str]:
    """Return the fields of a notice, not signed yet."""
    return {
        **notice.content,
        "notify_id": notice.notice_id,
        "notify_type": EVENT,
        "notify_time": local(at),
        "charset": "utf-8",
        "version": "1.0",
        "sign_type": "RSA2",
    }


def sealed(notice: TradeNotice, at: datetime) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a notice as they are posted."""
    return FORM, urlencode(signed_notice(fields_of(notice, at))).encode()


def forged(notice: TradeNotice, at: datetime) -> list[tuple[dict[str, str], bytes]]:
    """Return the notice as somebody without the key would forge it: signed by another key, and not signed at all."""
    fields = fields_of(notice, at)
    sign = keys.sign_as_stranger(signed_text(fields, without=("sign", "sign_type")))
    return [(FORM, urlencode({**fields, "sign": sign}).encode()), (FORM, urlencode(fields).encode())]


def is_taken(answer: httpx.Response) -> bool:
    """Say whether a merchant took a notice: the word and nothing else."""
    return answer.content == b"success"
