"""What members are told, in words. A message keeps the name of its text and what fills it, so each reads it in their
own language, and a better wording reaches old messages too. Words that end in `_fen` are shown in yuan without it,
those that end in `_at` as days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mall.core.days import day_words
from mall.core.money import yuan

from .models import Kind


@dataclass(frozen=True, slots=True)
class Wording:
    """A text for one kind of news. What `is_needed` is told even to those who switched its kind off."""

    kind: Kind
    icon: str
    title: Any
    body: Any
    is_needed: bool = False


WORDINGS: dict[str, Wording] = {
    "paid": Wording(Kind.TRADE, "wallet", _("付款成功"), _("订单 %(number)s 已付款 %(total)s，商家会尽快发货。")),
    "shipped": Wording(Kind.TRADE, "truck", _("已发货"), _("订单 %(number)s 已交给快递，可以看物流了。")),
    "refunded": Wording(
        Kind.TRADE, "undo-2", _("退款已受理"), _("订单 %(number)s 已全部退款，款项原路退回。"), is_needed=True
    ),
    "lines_refunded": Wording(
        Kind.TRADE,
        "undo-2",
        _("退款已受理"),
        _("订单 %(number)s 退款 %(amount)s，款项原路退回。"),
        is_needed=True,
    ),
    "case_agreed": Wording(
        Kind.TRADE, "undo-2", _("商家同意退货"), _("售后 %(number)s：请在期限内寄回，并填写快递单号。"), is_needed=True
    ),
    "case_refused": Wording(
        Kind.TRADE, "undo-2", _("商家没有同意"), _("售后 %(number)s：看看原因，可以请平台介入。"), is_needed=True
    ),
    "case_resent": Wording(
        Kind.TRADE, "truck", _("换货已发出"), _("售后 %(number)s：新的商品在路上了。"), is_needed=True
    ),
    "case_done": Wording(Kind.TRADE, "circle-check", _("售后已完成"), _("售后 %(number)s 已处理完。"), is_needed=True),
    "case_closed": Wording(
        Kind.TRADE, "circle-x", _("售后已关闭"), _("售后 %(number)s 已关闭，点开看原因。"), is_needed=True
    ),
    "delivering": Wording(Kind.TRADE, "truck", _("正在派送"), _("订单 %(number)s 的包裹今天会送到，请留意电话。")),
    "delivered": Wording(
        Kind.TRADE, "package-check", _("包裹已签收"), _("订单 %(number)s 的包裹已签收，没问题就确认收货。")
    ),
    "trouble": Wording(
        Kind.TRADE, "circle-alert", _("包裹有异常"), _("订单 %(number)s 的包裹：%(text)s"), is_needed=True
    ),
    "review_replied": Wording(
        Kind.TRADE, "message-circle", _("商家回复了你的评价"), _("关于“%(product)s”，去看看商家怎么说。")
    ),
    "review_shown": Wording(Kind.TRADE, "message-circle", _("评价已展示"), _("“%(product)s”的评价大家都能看到了。")),
    "review_hidden": Wording(
        Kind.TRADE, "message-circle", _("评价没有通过"), _("“%(product)s”的评价未展示：%(reason)s"), is_needed=True
    ),
    "enterprise_asked": Wording(
        Kind.TRADE,
        "receipt-text",
        _("有企业询价"),
        _("%(company)s 询价“%(goods)s”等 %(count)s 种商品，请尽快报价。"),
        is_needed=True,
    ),
    "enterprise_quoted": Wording(
        Kind.TRADE,
        "receipt-text",
        _("供应商报价了"),
        _("询价单 %(number)s：%(supplier)s 已报价，看看价格和有效期。"),
        is_needed=True,
    ),
    "enterprise_declined": Wording(
        Kind.TRADE,
        "receipt-text",
        _("供应商没有报价"),
        _("询价单 %(number)s：%(supplier)s 没有报价：%(reason)s"),
        is_needed=True,
    ),
    "enterprise_expired": Wording(
        Kind.TRADE, "clock", _("询价单已过期"), _("询价单 %(number)s（%(supplier)s）已过期，还需要可以重新询价。")
    ),
    "arrived": Wording(Kind.GOODS, "package", _("到货了"), _("你等的“%(product)s”又可以买了。")),
    "price_drop": Wording(
        Kind.GOODS, "heart", _("收藏的商品降价了"), _("“%(product)s”现在 %(now)s，比收藏时便宜 %(less)s。")
    ),
    "shop_price_ahead": Wording(
        Kind.GOODS,
        "store",
        _("小店商品就要调价"),
        _("“%(product)s”（%(spec)s）%(effective)s 起从 %(before)s 调到 %(now)s，可以先告诉顾客。"),
    ),
    "shop_dearer": Wording(
        Kind.GOODS, "store", _("小店商品涨价了"), _("“%(product)s”从 %(before)s 调到 %(now)s，海报会按新价格重画。")
    ),
    "shop_cheaper": Wording(
        Kind.GOODS, "store", _("小店商品降价了"), _("“%(product)s”从 %(before)s 降到 %(now)s，海报会按新价格重画。")
    ),
    "shop_low": Wording(Kind.GOODS, "store", _("小店商品快卖完了"), _("“%(product)s”库存不多了，答应顾客前先看一眼。")),
    "shop_out": Wording(Kind.GOODS, "store", _("小店商品缺货了"), _("“%(product)s”暂时缺货，先别推荐，到货会告诉你。")),
    "shop_off": Wording(
        Kind.GOODS, "store", _("小店商品已下架"), _("商城下架了“%(product)s”，你的小店里顾客看不到它了。")
    ),
    "shop_back": Wording(Kind.GOODS, "store", _("小店商品到货了"), _("“%(product)s”又可以买了。")),
    "sample_agreed": Wording(
        Kind.GOODS, "gift", _("供应商同意寄样品"), _("“%(product)s”的样品准备寄出，寄出后再通知你。")
    ),
    "sample_sent": Wording(
        Kind.GOODS, "package-check", _("样品已寄出"), _("“%(product)s”的样品已寄出，点开看快递单号。")
    ),
    "sample_declined": Wording(
        Kind.GOODS, "gift", _("供应商没有同意寄样品"), _("“%(product)s”的样品申请没有通过：%(reason)s")
    ),
    "withdrawal_paid": Wording(
        Kind.EARNINGS, "coins", _("提现已到账"), _("提现 %(number)s 已打款，请留意收款账户。"), is_needed=True
    ),
    "withdrawal_rejected": Wording(
        Kind.EARNINGS, "coins", _("提现没有通过"), _("提现 %(number)s 已退回可提现余额，点开看原因。"), is_needed=True
    ),
    "withdrawal_returned": Wording(
        Kind.EARNINGS,
        "coins",
        _("提现已退回"),
        _("提现 %(number)s 没有在 24 小时内确认收款，已退回可提现余额。"),
        is_needed=True,
    ),
    "withdrawal_waits": Wording(
        Kind.EARNINGS,
        "coins",
        _("请确认收款"),
        _("提现 %(number)s 的款项已就绪，请在 24 小时内到提现进度页确认收款。"),
        is_needed=True,
    ),
    "adviser_bound": Wording(
        Kind.SYSTEM,
        "user-round",
        _("你有了专属顾问"),
        _("你通过分享链接来到店里，对方成为你的专属顾问。可以随时更换或解除。"),
    ),
    "contest_upheld": Wording(
        Kind.SYSTEM, "scale", _("异议成立"), _("专属顾问已按你的异议处理：%(answer)s"), is_needed=True
    ),
    "contest_refused": Wording(
        Kind.SYSTEM, "scale", _("异议没有成立"), _("专属顾问维持不变：%(answer)s"), is_needed=True
    ),
    "shopkeeper_approved": Wording(
        Kind.EARNINGS,
        "store",
        _("店主已开通"),
        _("从现在起，客户通过你的链接买带佣金的商品，你就有零售佣金。"),
        is_needed=True,
    ),
    "shopkeeper_refused": Wording(
        Kind.EARNINGS, "store", _("店主申请没有通过"), _("原因：%(reason)s。改好后可以再次申请。"), is_needed=True
    ),
    "shopkeeper_suspended": Wording(
        Kind.EARNINGS,
        "store",
        _("店主资格已暂停"),
        _("原因：%(reason)s。已产生的佣金照常结算。"),
        is_needed=True,
    ),
    "reward_earned": Wording(
        Kind.EARNINGS, "hand-coins", _("新增奖励"), _("%(count)s 单带来奖励 %(amount)s，收货并过冷静期后可提现。")
    ),
    "reward_earned_held": Wording(
        Kind.EARNINGS,
        "hand-coins",
        _("新增奖励"),
        _("%(count)s 单带来奖励 %(amount)s，其中 %(held)s 先冻结，点开看怎么解冻。"),
    ),
    "commission_earned": Wording(
        Kind.EARNINGS,
        "shopping-bag",
        _("新增零售佣金"),
        _("%(count)s 件商品带来佣金 %(amount)s，收货并过冷静期后可提现。"),
    ),
    "earning_available": Wording(Kind.EARNINGS, "coins", _("收益可提现了"), _("冷静期已满，%(amount)s 转为可提现。")),
    "hold_released": Wording(Kind.EARNINGS, "snowflake", _("冻结已解除"), _("%(amount)s 已解冻。")),
    "hold_forfeited": Wording(
        Kind.EARNINGS,
        "heart-handshake",
        _("冻结到期"),
        _("任务到期未完成，%(amount)s 转入帮扶基金，点开看明细。"),
        is_needed=True,
    ),
    "hold_due": Wording(
        Kind.EARNINGS,
        "hourglass",
        _("冻结快到期了"),
        _("%(amount)s 等种子用户 %(seed)s 完成任务，%(day)s 前未完成将转入帮扶基金。"),
        is_needed=True,
    ),
    "task_due": Wording(
        Kind.EARNINGS, "list-checks", _("新手任务快到期了"), _("还差 %(count)s 项任务，%(day)s 截止，点开看怎么完成。")
    ),
    "earning_taken_back": Wording(
        Kind.EARNINGS, "rotate-ccw", _("收益扣回"), _("买家退货，扣回 %(amount)s，点开看原因。"), is_needed=True
    ),
    "grant_received": Wording(
        Kind.EARNINGS, "heart-handshake", _("帮扶到账"), _("帮扶基金发放 %(amount)s，已可提现。")
    ),
    "adjusted_up": Wording(
        Kind.EARNINGS, "scale", _("平台补发"), _("平台补发 %(amount)s，点开看原因。"), is_needed=True
    ),
    "adjusted_down": Wording(
        Kind.EARNINGS, "scale", _("平台扣减"), _("平台扣减 %(amount)s，点开看原因。"), is_needed=True
    ),
    "debt_forgiven": Wording(Kind.EARNINGS, "scale", _("欠款已免除"), _("平台免除了 %(amount)s 欠款。")),
    "rules_changed": Wording(
        Kind.EARNINGS,
        "scale",
        _("规则有新版本"),
        _("规则 v%(version)s 将于 %(day)s 生效，请阅读。已产生的收益按原规则计。"),
        is_needed=True,
    ),
    "appeal_answered": Wording(
        Kind.EARNINGS, "message-circle", _("申诉有回复"), _("申诉 %(number)s：同事有话要问或要说。"), is_needed=True
    ),
    "appeal_decided": Wording(
        Kind.EARNINGS, "scale", _("申诉有结果"), _("申诉 %(number)s 已答复，点开看结论和理由。"), is_needed=True
    ),
    "application_approved": Wording(
        Kind.SYSTEM,
        "badge-check",
        _("供应商入驻已通过"),
        _("“%(name)s”已开通，你是店长。去后台填第一件商品吧。"),
        is_needed=True,
    ),
    "application_returned": Wording(
        Kind.SYSTEM, "circle-alert", _("入驻申请要修改"), _("请修改后重新提交。%(reason)s"), is_needed=True
    ),
    "application_rejected": Wording(
        Kind.SYSTEM, "circle-x", _("入驻申请没有通过"), _("原因：%(reason)s"), is_needed=True
    ),
    "paper_approved": Wording(Kind.SYSTEM, "circle-check", _("证照已通过"), _("“%(title)s”已通过审核，马上生效。")),
    "paper_rejected": Wording(
        Kind.SYSTEM,
        "circle-alert",
        _("证照没有通过"),
        _("“%(title)s”没有通过：%(reason)s（改好再传一次）"),
        is_needed=True,
    ),
    "paper_soon": Wording(
        Kind.SYSTEM,
        "calendar",
        _("证照快到期了"),
        _("“%(title)s”有效期到 %(until)s，请尽早上传新证，留出审核的时间。"),
        is_needed=True,
    ),
    "paper_expired": Wording(
        Kind.SYSTEM, "circle-alert", _("证照已过期"), _("“%(title)s”有效期到 %(until)s，已不再生效。"), is_needed=True
    ),
    "permit_lapsed": Wording(
        Kind.SYSTEM,
        "circle-alert",
        _("商品因许可证到期下架"),
        _("“%(title)s”过期，%(count)s 件商品已下架：%(goods)s。新证通过后可以重新上架。"),
        is_needed=True,
    ),
    "permit_missing": Wording(
        Kind.SYSTEM,
        "circle-alert",
        _("在架商品缺许可证"),
        _("%(count)s 件商品现在要有%(permit)s：%(goods)s。请在 %(until)s 前上传，通过审核就不受影响，没有就下架。"),
        is_needed=True,
    ),
    "permit_missing_off": Wording(
        Kind.SYSTEM,
        "circle-alert",
        _("商品因没有许可证下架"),
        _("一直没有有效的%(permit)s，%(count)s 件商品已下架：%(goods)s。证通过后可以重新上架。"),
        is_needed=True,
    ),
    "ticket_answered": Wording(
        Kind.SYSTEM, "headset", _("客服回复了你"), _("工单 %(number)s 有新回复。"), is_needed=True
    ),
    "ticket_merged": Wording(
        Kind.SYSTEM,
        "headset",
        _("两个工单合在一起了"),
        _("工单 %(other)s 和 %(number)s 说的是同一件事，请在 %(number)s 里继续。"),
        is_needed=True,
    ),
    "ticket_closed": Wording(Kind.SYSTEM, "headset", _("工单已结束"), _("工单 %(number)s 已处理完，给我们打个分吧。")),
}


def title_of(wording: str) -> str:
    known = WORDINGS.get(wording)
    return str(known.title) if known else ""


def body_of(wording: str, words: Mapping[str, Any]) -> str:
    """Return the text with its words filled in; nothing for a text that is no longer known."""
    known = WORDINGS.get(wording)
    if known is None:
        return ""
    return str(known.body) % dict(_shown(name, value) for name, value in words.items())


def _shown(name: str, value: Any) -> tuple[str, Any]:
    if name.endswith("_fen"):
        return name.removesuffix("_fen"), yuan(value)
    if name.endswith("_at"):
        return name.removesuffix("_at"), day_words(datetime.fromisoformat(value))
    return name, value
