"""How the cockpit writes figures, changes and definitions."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights import rules
from insights.rules import BPS, FEN
from mall.core.money import MINUS, yuan

# What is less than this reads as nothing.
SEEN_BPS = 5

LABELS: dict[str, Any] = {
    rules.GMV: gettext_lazy("销售额"),
    rules.ORDERS: gettext_lazy("付款订单"),
    rules.AOV: gettext_lazy("客单价"),
    rules.MEMBERS: gettext_lazy("新会员"),
    rules.AGENTS: gettext_lazy("新代理"),
    rules.PARTNERS: gettext_lazy("新合伙人"),
    rules.REPEAT: gettext_lazy("30 天复购率"),
    rules.STOCK_OUT: gettext_lazy("缺货率"),
    rules.IN_TIME: gettext_lazy("准时发货率"),
    rules.EARNINGS: gettext_lazy("奖励佣金占比"),
    rules.PAYOUTS: gettext_lazy("待审提现"),
    rules.RISKS: gettext_lazy("风险预警"),
}
DEFINITIONS: dict[str, Any] = {
    rules.GMV: gettext_lazy("销售额 = 这些天付款的订单金额之和，含运费；之后退款的不减。"),
    rules.ORDERS: gettext_lazy("这些天付款的订单数；一次付款买了几家的货，算几单。之后退款的不减。"),
    rules.AOV: gettext_lazy("客单价 = 销售额 ÷ 付款订单数。"),
    rules.MEMBERS: gettext_lazy("这些天加入的会员数，不管有没有下单。"),
    rules.AGENTS: gettext_lazy("这些天第一次买礼包、成为代理的会员数。"),
    rules.PARTNERS: gettext_lazy("这些天从代理升级为合伙人的会员数。"),
    rules.REPEAT: gettext_lazy("复购率 = 最近 30 天付过款的人里，之前已经付过款的占多少。算到所选时间的最后一天。"),
    rules.STOCK_OUT: gettext_lazy("缺货率 = 已卖空的规格 ÷ 在售的规格，是现在的情况；走势用每天最后一次盘点。"),
    rules.IN_TIME: gettext_lazy("准时发货率 = 在承诺时限内发出的订单 ÷ 这些天发出的订单；时限按订单里最慢的商品算。"),
    rules.EARNINGS: gettext_lazy("（2+1 奖励 + 零售佣金）÷ 销售额，都按付款时的金额；之后扣回的不减。"),
    rules.PAYOUTS: gettext_lazy("等待初审和等待复核的提现，是现在的笔数。"),
    rules.RISKS: gettext_lazy("还没有给出结论的风险预警，是现在的条数。"),
}


def figure(unit: str, value: int | None) -> str:
    """Return a figure as people read it: `¥1,234.50`, `25.1%`, `1,234`."""
    if value is None:
        return "—"
    if unit == FEN:
        return yuan(value)
    return rate(value) if unit == BPS else f"{value:,}"


def rate(bps: int) -> str:
    """Return basis points with one place: `25.1%`."""
    return f"{_tenths(bps)}%"


def change(unit: str, now: int | None, before: int | None) -> tuple[str, int]:
    """Return by how much a figure changed, in words, and whether up or down: rates in points, all else in percent."""
    if now is None or before is None:
        return "", 0
    if unit == BPS:
        moved = now - before
        return _("%s 点") % signed(moved), moved if abs(moved) >= SEEN_BPS else 0
    moved_bps = rules.change_bps(now, before)
    if moved_bps is None:
        return (_("之前没有"), 1) if now else ("", 0)
    return f"{signed(moved_bps)}%", moved_bps if abs(moved_bps) >= SEEN_BPS else 0


def signed(bps: int) -> str:
    """Return `+8.4` or `−0.3` of basis points."""
    return f"{MINUS if bps < 0 else '+'}{_tenths(abs(bps))}"


def _tenths(bps: int) -> str:
    tenths = (bps + 5) // 10
    return f"{tenths // 10:,}.{tenths % 10}"
