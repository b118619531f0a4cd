"""The trade bill of a day, as WeChat Pay writes it."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from sandbox.payments.models import Provider, Trade, TradeRefund, TradeRefundState, TradeState

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADING = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
TRADE_TYPES = {"jsapi": "JSAPI", "h5": "MWEB"}


def bill_of(day: date) -> str | None:
    """Return the bill of a day, or nothing where nothing happened."""
    lines = sorted([*_payments(day), *_refunds(day)])
    if not lines:
        return None
    text = "\r\n".join([HEADING, *(",".join(f"`{value}" for value in line) for line in lines), SUMMARY])
    return f"\ufeff{text}\r\n`{len(lines)},`0.00,`0.00,`0.00,`0.00,`0.00,`0.00\r\n"


def _payments(day: date) -> Iterator[list[str]]:
    paid = Trade.objects.filter(provider=Provider.WECHAT, state=TradeState.PAID, paid_at__date=day)
    for trade in paid:
        if trade.paid_at:
            yield _line(trade, trade.paid_at, "SUCCESS", "0", "0", "0.00", "")


def _refunds(day: date) -> Iterator[list[str]]:
    found = TradeRefund.objects.filter(
        trade__provider=Provider.WECHAT, state=TradeRefundState.SUCCEEDED, succeeded_at__date=day
    ).select_related("trade")
    for refund in found:
        if refund.succeeded_at:
            amount = _yuan(refund.amount_fen)
            yield _line(refund.trade, refund.succeeded_at, "REFUND", refund.reference, refund.number, amount, "SUCCESS")


def _line(
    trade: Trade, at: datetime, state: str, refund_reference: str, refund_number: str, refunded: str, refund_state: str
) -> list[str]:
    total = _yuan(trade.amount_fen) if state == "SUCCESS" else "0.00"
    return [
        f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
        settings.WECHAT_APP_ID,
        trade.merchant_id,
        "0",
        "",
        trade.reference,
        trade.number,
        trade.payer,
        TRADE_TYPES[trade.kind],
        state,
        "OTHERS",
        trade.currency,
        total,
        "0.00",
        refund_reference,
        refund_number,
        refunded,
        "0.00",
        "ORIGINAL" if refund_state else "",
        refund_state,
        trade.subject.replace(",", " "),
        "",
        "0.00000",
        "0.60%",
        total,
        refunded,
        "",
    ]


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
