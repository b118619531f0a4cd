"""What WeChat Pay posts to merchants: a signed envelope around content that only the merchant's key opens."""

import json
import secrets
from base64 import b64encode
from datetime import datetime
from typing import Any

import httpx
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from sandbox.payments import keys
from sandbox.payments.models import Trade, TradeNotice, TradeRefund

from .content import moment, trade_content
from .signature import signed_headers

PAID, REFUNDED, TRANSFERRED = "TRANSACTION.SUCCESS", "REFUND.SUCCESS", "MCHTRANSFER.BILL.FINISHED"
# By event: what the sealed content is called, and a summary.
KINDS = {
    PAID: ("transaction", "支付成功"),
    REFUNDED: ("refund", "退款成功"),
    TRANSFERRED: ("mch_payment", "商家转账单据终态通知"),
}
ALGORITHM = "AEAD_AES_256_GCM"


def paid_content(trade: Trade) -> dict[str, Any]:
    """Return what a notice says of a trade that was paid."""
    return trade_content(trade)


def refunded_content(refund: TradeRefund) -> dict[str, Any]:
    """Return what a notice says of a refund that arrived."""
    trade = refund.trade
    return {
        "mchid": trade.merchant_id,
        "transaction_id": trade.reference,
        "out_trade_no": trade.number,
        "refund_id": refund.reference,
        "out_refund_no": refund.number,
        "refund_status": "SUCCESS",
        "success_time": moment(refund.succeeded_at or refund.created_at),
        "user_received_account": "支付用户零钱",
        "amount": {
            "total": trade.amount_fen,
            "refund": refund.amount_fen,
            "payer_total": trade.amount_fen,
            "payer_refund": refund.amount_fen,
        },
    }


def envelope(notice: TradeNotice, content: dict[str, Any], at: datetime) -> bytes:
    """Seal the content of a notice."""
    kind, summary = KINDS[notice.event]
    nonce = secrets.token_hex(6)
    sealed = AESGCM(settings.WECHAT_PAY_API_KEY.encode()).encrypt(
        nonce.encode(), json.dumps(content, ensure_ascii=False).encode(), kind.encode()
    )
    return json.dumps(
        {
            "id": notice.notice_id,
            "create_time": moment(at),
            "resource_type": "encrypt-resource",
            "event_type": notice.event,
            "summary": summary,
            "resource": {
                "original_type": kind,
                "algorithm": ALGORITHM,
                "ciphertext": b64encode(sealed).decode(),
                "associated_data": kind,
                "nonce": nonce,
            },
        },
        ensure_ascii=False,
    ).encode()


def sealed(notice: TradeNotice, at: datetime) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a notice as they are posted."""
    body = envelope(notice, notice.content, at)
    return {"Content-Type": "application/json", **signed_headers(body, at=at)}, body


def forged(notice: TradeNotice, at: datetime) -> list[tuple[dict[str, str], bytes]]:
    """Return the notice as somebody without the key would forge it: signed by another key, and not signed at all."""
    body = envelope(notice, notice.content, at)
    headers = {"Content-Type": "application/json", **signed_headers(body, at=at)}
    message = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode() + body + b"\n"
    return [
        (headers | {"Wechatpay-Signature": keys.sign_as_stranger(message)}, body),
        ({"Content-Type": "application/json"}, body),
    ]


def is_taken(answer: httpx.Response) -> bool:
    """Say whether a merchant took a notice: 200 or 204."""
    return answer.status_code in (200, 204)
