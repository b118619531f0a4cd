"""What a row, a cause and a step are called, and why the books probably differ."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.money import yuan
from orders.queries import provider_names
from reconciliation.models import Item
from reconciliation.rules import Cause, Part

PARTS = {
    Part.PAYMENT: gettext_lazy("收款"),
    Part.REFUND: gettext_lazy("退款"),
    Part.PAYOUT: gettext_lazy("提现打款"),
    Part.REWARD: gettext_lazy("奖励"),
    Part.CLAWBACK: gettext_lazy("奖励扣回"),
    Part.COMMISSION: gettext_lazy("零售佣金"),
    Part.COMMISSION_BACK: gettext_lazy("佣金扣回"),
}
NOTES = {
    Part.PAYMENT: gettext_lazy("含关单后到账、重复付款"),
    Part.REFUND: gettext_lazy("原路退回"),
    Part.PAYOUT: gettext_lazy("实付，已扣服务费和个税"),
    Part.REWARD: gettext_lazy("2+1 奖励，含转入帮扶基金的"),
    Part.CLAWBACK: gettext_lazy("退货扣回"),
    Part.COMMISSION: gettext_lazy("店主零售佣金"),
    Part.COMMISSION_BACK: gettext_lazy("退款扣回"),
}
CAUSES = {
    Cause.NO_BILL: gettext_lazy("账单未到"),
    Cause.NOT_ANSWERED: gettext_lazy("渠道没答复"),
    Cause.DUPLICATE: gettext_lazy("渠道重复"),
    Cause.UNKNOWN_PAYMENT: gettext_lazy("我们没有这笔"),
    Cause.MANUAL_REFUND: gettext_lazy("手工退款"),
    Cause.LATE_NOTICE: gettext_lazy("回调迟到"),
    Cause.AMOUNT: gettext_lazy("金额不同"),
    Cause.MIDNIGHT: gettext_lazy("跨日入账"),
    Cause.MISSING_IN_BILL: gettext_lazy("账单里没有"),
    Cause.NOT_PAID: gettext_lazy("渠道说没打成"),
    Cause.LEDGER_ALONE: gettext_lazy("只在账本里"),
    Cause.MISSING_IN_LEDGER: gettext_lazy("账本里没有"),
    Cause.LEDGER_AMOUNT: gettext_lazy("账本金额不同"),
    Cause.REFERENCE: gettext_lazy("流水号不同"),
}
WHY = {
    Cause.NO_BILL: gettext_lazy("渠道还没有出这一天的账单，通常第二天上午 10 点前后出。到了以后重新核对就会对上。"),
    Cause.NOT_ANSWERED: gettext_lazy("核对时渠道没有给出可信的答复。过一会儿重新核对，系统会再问一次。"),
    Cause.DUPLICATE: gettext_lazy(
        "同一个单号在渠道账单上出现了不止一次，渠道可能扣了两次款。请联系渠道，多扣的要退给买家。"
    ),
    Cause.UNKNOWN_PAYMENT: gettext_lazy(
        "渠道收了这笔钱，系统里没有这个支付单号。可能有人在商户平台手工收款，或别的系统用了同一个商户号。"
    ),
    Cause.MANUAL_REFUND: gettext_lazy(
        "渠道账单上有这笔退款，系统里没有。通常是有人在商户平台手工退的，系统不知道，货款和奖励都没有冲回。"
    ),
    Cause.LATE_NOTICE: gettext_lazy(
        "渠道那边钱已经动了，我们还没记上：通知迟到或丢失。可以先向渠道再查一次，查到就会自动补记。"
    ),
    Cause.AMOUNT: gettext_lazy("两边都有这一笔，金额不一样。先查渠道的优惠、立减和手续费，再看有没有人改过账单。"),
    Cause.MIDNIGHT: gettext_lazy(
        "这笔在零点前几分钟成功，渠道可能记在第二天的账单上。第二天的账单到了重新核对，会自动对上。"
    ),
    Cause.MISSING_IN_BILL: gettext_lazy(
        "我们记了这笔，渠道没有。请到商户平台按单号查：渠道没有收付过，就是我们多记了。"
    ),
    Cause.NOT_PAID: gettext_lazy("我们记为已打款，渠道说这笔转账失败或已退回。会员可能没有收到钱，请尽快查清。"),
    Cause.LEDGER_ALONE: gettext_lazy(
        "账本里有这张凭证，却没有对应的业务单据。凭证不能改，只能用相反的凭证更正；先查是谁写入的。"
    ),
    Cause.MISSING_IN_LEDGER: gettext_lazy(
        "业务单据已经完成，账本里没有凭证。结算还在排队的稍后会自己补上；一直没有的，请让技术同事查结算事件。"
    ),
    Cause.LEDGER_AMOUNT: gettext_lazy(
        "业务单据和账本凭证的金额不一样。两边之中有一边被改过，请让技术同事用账本校验命令查。"
    ),
    Cause.REFERENCE: gettext_lazy("金额一样，渠道流水号不同。请核对是不是同一笔钱。"),
}
TOLD = {
    "placed": gettext_lazy("下单"),
    "started": gettext_lazy("开始支付"),
    "captured": gettext_lazy("系统记为已收款"),
    "cancelled": gettext_lazy("订单关闭"),
    "channel_payment": gettext_lazy("渠道扣款成功"),
    "channel_refund": gettext_lazy("渠道退款成功"),
    "refund_decided": gettext_lazy("决定退款"),
    "refund_sent": gettext_lazy("提交渠道"),
    "refund_done": gettext_lazy("系统记为已退回"),
    "withdrawal_asked": gettext_lazy("会员申请提现"),
    "approved": gettext_lazy("初审通过"),
    "released": gettext_lazy("复核打款"),
    "paid": gettext_lazy("系统记为已打款"),
    "not_paid": gettext_lazy("系统记为没有打成"),
    "answer_paid": gettext_lazy("渠道答复：已打款"),
    "answer_failed": gettext_lazy("渠道答复：没有打成"),
    "answer_returned": gettext_lazy("渠道答复：已退回"),
    "answer_not_found": gettext_lazy("渠道答复：没有这笔转账"),
    "answer_waiting": gettext_lazy("渠道答复：等收款人确认"),
    "answer_confirmed": gettext_lazy("渠道答复：收款人已确认，打款中"),
    "answer_processing": gettext_lazy("渠道答复：处理中"),
}
STEPS = {
    "": gettext_lazy("排队中"),
    "bills": gettext_lazy("下载渠道账单"),
    "transfers": gettext_lazy("向渠道查询打款"),
    "compare": gettext_lazy("逐笔核对"),
    "keep": gettext_lazy("写入结果"),
}
INVARIANTS = {
    "balanced": gettext_lazy("借方合计 = 贷方合计"),
    "replayed": gettext_lazy("每个余额 = 分录重放"),
    "earned": gettext_lazy("会员余额 + 已提现 + 已扣回 + 帮扶基金 − 欠款 = 累计应得"),
    "rows": gettext_lazy("奖励、佣金和人工调整的明细 = 账本支出"),
    "paid": gettext_lazy("已完成的提现 = 账本打款"),
}
EARNED = {
    "pending": gettext_lazy("待结算"),
    "held": gettext_lazy("冻结"),
    "available": gettext_lazy("可提现"),
    "withdrawing": gettext_lazy("提现中"),
    "paid": gettext_lazy("已提现"),
    "clawed_back": gettext_lazy("已扣回"),
    "fund": gettext_lazy("帮扶基金"),
    "debt": gettext_lazy("欠款"),
}


def part_name(part: str, provider: str) -> str:
    """Return what a row is called: the channel goes before its payments and refunds."""
    name = str(PARTS[Part(part)])
    return f"{provider_names().get(provider, provider)}{name}" if provider else name


def heading(item: Item) -> str:
    """Return what is wrong with an item, with the amount in question."""
    amount = yuan(abs(item.gap_fen)) if item.gap_fen else yuan(abs(item.document_fen or item.channel_fen or 0))
    if item.channel_fen is not None and item.document_fen is None:
        return _("渠道多退 %s") % amount if item.part == Part.REFUND else _("渠道多收 %s") % amount
    if item.document_fen is None:
        return _("账本多出 %s") % amount
    if item.cause in (Cause.MISSING_IN_BILL, Cause.MIDNIGHT, Cause.NOT_PAID):
        return _("渠道少了 %s") % amount
    if item.cause == Cause.MISSING_IN_LEDGER:
        return _("账本少了 %s") % amount
    return _("相差 %s") % amount if item.gap_fen else amount


def told(item: Item) -> list[tuple[datetime, Any, str]]:
    """Return how it came about: when, what, and the number or person of it."""
    return [(datetime.fromisoformat(at), TOLD.get(word, word), more) for at, word, more in item.evidence]
