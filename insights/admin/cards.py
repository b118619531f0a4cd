"""The cards of the cockpit: a figure, its target and trend, how it is worked out, and the list that makes it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights import rules
from insights.models import Target
from insights.queries import Known, Period
from insights.queries.figures import MONTH, TODAY, value_of
from insights.rules import TARGETS, ratio_bps, reaches
from mall.core.admin.lists import days_value
from payouts.models import WithdrawalState
from payouts.queries import queue_counts
from risk.queries import hits_waiting
from suppliers.queries import sold_out_count

from .drawing import Spark, spark
from .words import DEFINITIONS, LABELS, change, figure

SPARK_DAYS = 30

# Which right shows a figure.
RIGHTS: dict[str, tuple[str, ...]] = {
    rules.GMV: ("orders.view_order",),
    rules.ORDERS: ("orders.view_order",),
    rules.AOV: ("orders.view_order",),
    rules.MEMBERS: ("members.view_member",),
    rules.AGENTS: ("linkage.view_position",),
    rules.PARTNERS: ("linkage.view_position",),
    rules.REPEAT: ("orders.view_order", "members.view_member"),
    rules.STOCK_OUT: ("suppliers.view_sku",),
    rules.IN_TIME: ("orders.view_order",),
    rules.EARNINGS: ("orders.view_order", "linkage.view_reward", "linkage.view_commission"),
    rules.PAYOUTS: ("payouts.view_withdrawal",),
    rules.RISKS: ("risk.view_hit",),
}
# With what a period is compared; today, which is not over, only shows what yesterday came to.
BEFORE = {
    "today": "",
    "yesterday": gettext_lazy("变化是和前一天比"),
    "week": gettext_lazy("变化是和之前 7 天比"),
    "month": gettext_lazy("变化是和之前 30 天比"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A link to the list that makes a figure, with how many rows it shows."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Card:
    """What one card says. `tone` of the change: good or bad; of the target, whether it is reached."""

    kind: str
    label: str
    definition: str
    value: str
    change: str
    note: str
    tone: str
    target: str
    is_reached: bool
    spark: Spark | None
    ways: list[Way]


def may_see(request: HttpRequest, kind: str) -> bool:
    """Say whether somebody has every right that a figure is made of."""
    return all(request.user.has_perm(right) for right in RIGHTS[kind])


def cards(request: HttpRequest, days: Known, period: Period, targets: dict[str, Target]) -> list[Card]:
    """Return the cards that this person may see, in their order."""
    found = []
    for kind in RIGHTS:
        if not may_see(request, kind):
            continue
        now = _NOW.get(kind)
        found.append(now(days, targets.get(kind)) if now else _of_period(kind, days, period, targets.get(kind)))
    return found


def _of_period(kind: str, days: Known, period: Period, target: Target | None) -> Card:
    measure = TARGETS[kind]
    value, before = days.value(kind, period), days.value(kind, period.before)
    words, moved = change(measure.unit, value, before)
    note = ""
    if period.name == TODAY:
        words, moved, note = "", 0, _("昨天 %s") % figure(measure.unit, before)
    wanted = None if target is None else target.value
    if wanted is not None and measure.adds_up:
        wanted *= period.days
    return Card(
        kind,
        str(LABELS[kind]),
        str(DEFINITIONS[kind]),
        figure(measure.unit, value),
        words,
        note,
        _tone(moved, less=measure.less),
        _("目标 %s") % figure(measure.unit, wanted) if wanted is not None else "",
        wanted is not None and value is not None and reaches(value, wanted, less=measure.less),
        _spark(kind, days, period),
        _WAYS[kind](days, period),
    )


def _of_now(
    kind: str, value: int | None, shown: str, target: Target | None, ways: list[Way], line: Spark | None, note: str = ""
) -> Card:
    measure = TARGETS[kind]
    wanted = None if target is None else target.value
    return Card(
        kind,
        str(LABELS[kind]),
        str(DEFINITIONS[kind]),
        shown,
        "",
        note or _("现在"),
        "",
        _("目标 %s") % figure(measure.unit, wanted) if wanted is not None else "",
        wanted is not None and value is not None and reaches(value, wanted, less=measure.less),
        line,
        ways,
    )


def _stock_out(days: Known, target: Target | None) -> Card:
    out, row = sold_out_count(), days.days.get(days.today)
    skus = max(out, (row.skus or 0) if row else 0)
    value = ratio_bps(out, skus)
    month = Period(MONTH, days.today - timedelta(days=SPARK_DAYS), days.today - timedelta(days=1))
    usual = days.value(rules.STOCK_OUT, month)
    note = _("30 天平均 %s") % figure(rules.BPS, usual) if usual is not None else ""
    way = Way(_("卖空 %(out)d / 在售 %(skus)d") % {"out": out, "skus": skus}, _page("suppliers_sku", "sold_out=1"))
    shown = figure(rules.BPS, value)
    return _of_now(rules.STOCK_OUT, value, shown, target, [way], _spark(rules.STOCK_OUT, days, month), note)


def _payouts(days: Known, target: Target | None) -> Card:
    states = (WithdrawalState.REQUESTED, WithdrawalState.APPROVED)
    counts = queue_counts(states=states)
    ways = [
        Way(f"{state.label} {counts[state]}", _page("payouts_withdrawal", f"state__exact={state.value}"))
        for state in states
    ]
    value = sum(int(count.rstrip("+")) for count in counts.values())
    more = "+" if any(count.endswith("+") for count in counts.values()) else ""
    return _of_now(rules.PAYOUTS, value, f"{value}{more}", target, ways, None)


def _risks(days: Known, target: Target | None) -> Card:
    value = hits_waiting()[:100].count()
    way = Way(_("待处理"), _page("risk_hit", "state__exact=open"))
    return _of_now(rules.RISKS, value, "99+" if value > 99 else str(value), target, [way], None)


def _paid(days: Known, period: Period) -> list[Way]:
    count = days.value(rules.ORDERS, period) or 0
    return [Way(_("%s 个订单") % f"{count:,}", _page("orders_order", f"paid={_days(period)}"))]


def _joined(days: Known, period: Period) -> list[Way]:
    span = f"since={period.first}&until={period.last}"
    return [Way(_("会员名单"), _page("members_member", span))]


def _titled(name: str) -> Any:
    def ways(days: Known, period: Period) -> list[Way]:
        return [Way(_("链动身份"), _page("linkage_position", f"{name}={_days(period)}"))]

    return ways


def _returning(days: Known, period: Period) -> list[Way]:
    rows = days.rows(period.first, period.last)
    again, buyers = (rows[-1].repeat_buyers, rows[-1].buyers) if rows else (0, 0)
    address = f"{reverse('ops:repeat_buyers')}?until={rows[-1].date if rows else period.last}"
    return [Way(_("%(again)d / %(buyers)d 人") % {"again": again, "buyers": buyers}, address)]


def _late(days: Known, period: Period) -> list[Way]:
    rows = days.rows(period.first, period.last)
    shipped, kept = sum(row.shipped for row in rows), sum(row.in_time for row in rows)
    page = f"shipped={_days(period)}"
    return [
        Way(_("发出 %d 单") % shipped, _page("orders_order", page)),
        Way(_("超时 %d 单") % (shipped - kept), _page("orders_order", f"{page}&late=1")),
    ]


def _earned(days: Known, period: Period) -> list[Way]:
    rows = days.rows(period.first, period.last)
    span = f"since={period.first}&until={period.last}"
    return [
        Way(_("奖励 %d 笔") % sum(row.rewards for row in rows), _page("linkage_reward", span)),
        Way(
            _("佣金 %d 笔") % sum(row.commissions for row in rows),
            _page("linkage_commission", f"paid={_days(period)}"),
        ),
    ]


_NOW: dict[str, Any] = {rules.STOCK_OUT: _stock_out, rules.PAYOUTS: _payouts, rules.RISKS: _risks}
_WAYS: dict[str, Any] = {
    rules.GMV: _paid,
    rules.ORDERS: _paid,
    rules.AOV: _paid,
    rules.MEMBERS: _joined,
    rules.AGENTS: _titled("agent"),
    rules.PARTNERS: _titled("partner"),
    rules.REPEAT: _returning,
    rules.IN_TIME: _late,
    rules.EARNINGS: _earned,
}


def _spark(kind: str, days: Known, period: Period) -> Spark | None:
    rows = days.rows(period.last - timedelta(days=SPARK_DAYS - 1), period.last)
    return spark([value_of(kind, [row]) for row in rows])


def _tone(moved: int, *, less: bool) -> str:
    if not moved:
        return ""
    return "good" if rules.is_better(moved, less=less) else "bad"


def _days(period: Period) -> str:
    return days_value(period.first, period.last)


def _page(name: str, query: str) -> str:
    return f"{reverse(f'ops:{name}_changelist')}?{query}"
