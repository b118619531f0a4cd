"""Trades and refunds in WeChat Pay's words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from sandbox.payments.models import Trade, TradeRefund, TradeRefundState, TradeState

SHANGHAI = ZoneInfo("Asia/Shanghai")
TRADE_STATES = {TradeState.OPEN: "NOTPAY", TradeState.PAID: "SUCCESS", TradeState.CLOSED: "CLOSED"}
REFUND_STATES = {
    TradeRefundState.PROCESSING: "PROCESSING",
    TradeRefundState.SUCCEEDED: "SUCCESS",
    TradeRefundState.ABNORMAL: "ABNORMAL",
}
TRADE_TYPES = {"jsapi": "JSAPI", "h5": "MWEB"}


def moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def trade_content(trade: Trade) -> dict[str, Any]:
    """Return a trade as queries and notices tell it."""
    content: dict[str, Any] = {
        "appid": settings.WECHAT_APP_ID,
        "mchid": trade.merchant_id,
        "out_trade_no": trade.number,
        "trade_state": TRADE_STATES[TradeState(trade.state)],
        "trade_state_desc": trade.get_state_display(),
    }
    if trade.state != TradeState.PAID or trade.paid_at is None:
        return content
    if trade.refunds.exists():
        content["trade_state"] = "REFUND"
    return content | {
        "transaction_id": trade.reference,
        "trade_type": TRADE_TYPES[trade.kind],
        "bank_type": "OTHERS",
        "attach": "",
        "success_time": moment(trade.paid_at),
        "payer": {"openid": trade.payer},
        "amount": {
            "total": trade.amount_fen,
            "payer_total": trade.amount_fen,
            "currency": trade.currency,
            "payer_currency": trade.currency,
        },
    }


def refund_content(refund: TradeRefund) -> dict[str, Any]:
    """Return a refund as the API tells it."""
    trade = refund.trade
    content = {
        "refund_id": refund.reference,
        "out_refund_no": refund.number,
        "transaction_id": trade.reference,
        "out_trade_no": trade.number,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": moment(refund.created_at),
        "status": REFUND_STATES[TradeRefundState(refund.state)],
        "funds_account": "AVAILABLE",
        "amount": {
            "total": trade.amount_fen,
            "refund": refund.amount_fen,
            "payer_total": trade.amount_fen,
            "payer_refund": refund.amount_fen,
            "settlement_refund": refund.amount_fen,
            "settlement_total": trade.amount_fen,
            "discount_refund": 0,
            "currency": trade.currency,
        },
    }
    return content | ({"success_time": moment(refund.succeeded_at)} if refund.succeeded_at else {})
