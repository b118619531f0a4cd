"""The trade bill of a day, as Alipay writes it: two files in GB 18030 within a zip."""

import io
import zipfile
from datetime import date

from django.conf import settings

from sandbox.payments.models import Provider, Trade, TradeRefund, TradeRefundState, TradeState

from .notices import local, yuan

HEADING = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
RULE = "#-----------------------------------------业务明细列表"


def bill_of(day: date) -> bytes | None:
    """Return the zipped bill of a day, or nothing where nothing happened."""
    lines = [*_payments(day), *_refunds(day)]
    if not lines:
        return None
    details = "\r\n".join(
        [
            "#支付宝业务明细查询",
            f"#账号：[{settings.ALIPAY_SELLER_ID}0156]",
            f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]",
            f"{RULE}----",
            HEADING,
            *lines,
            f"{RULE}结束----",
            f"#合计：{len(lines)} 笔",
            "",
        ]
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{day:%Y%m%d}_业务明细(汇总).csv", "#支付宝业务汇总查询\r\n".encode("gb18030"))
        archive.writestr(f"{day:%Y%m%d}_业务明细.csv", details.encode("gb18030"))
    return packed.getvalue()


def _payments(day: date) -> list[str]:
    paid = Trade.objects.filter(provider=Provider.ALIPAY, state=TradeState.PAID, paid_at__date=day).order_by("paid_at")
    return [_line(trade, "交易", local(trade.paid_at), yuan(trade.amount_fen), "") for trade in paid if trade.paid_at]


def _refunds(day: date) -> list[str]:
    found = (
        TradeRefund.objects.filter(
            trade__provider=Provider.ALIPAY, state=TradeRefundState.SUCCEEDED, succeeded_at__date=day
        )
        .select_related("trade")
        .order_by("succeeded_at")
    )
    return [
        _line(refund.trade, "退款", local(refund.succeeded_at), f"-{yuan(refund.amount_fen)}", refund.number)
        for refund in found
        if refund.succeeded_at
    ]


def _line(trade: Trade, kind: str, at: str, amount: str, refund_number: str) -> str:
    values = [trade.reference, trade.number, kind, trade.subject.replace(",", " "), local(trade.created_at), at]
    values += ["", "", "", "", "buy***@example.com", amount, amount]
    values += ["0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00", refund_number, "0.00", "0.00", ""]
    return ",".join(f"{value}\t" for value in values)
