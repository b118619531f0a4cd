"""What changed since yesterday's midnight, and what waits now; everybody sees what they may open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

import ledger.queries
import linkage.queries
import orders.queries
from insights.models import Target
from insights.queries import Known, latest
from insights.queries.days import midnight
from insights.rules import BIG_REFUND, BIG_REFUND_FEN
from ledger.models import AccountKind
from mall.core.admin.columns import moment
from mall.core.admin.lists import days_value
from mall.core.money import yuan
from payouts.models import WithdrawalState
from payouts.queries import queue_counts, standing_stop
from reconciliation.queries import items_waiting
from suppliers.queries import sold_out_count

NAMED_MAX = 4
TONES = ("bad", "warn", "info", "good")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: how grave, what, more words, and the page that tells all."""

    tone: str
    title: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits, or stands: where to act, and how much there is. `tone` marks what should not wait."""

    icon: str
    label: str
    value: str
    address: str
    tone: str = ""


def changes(request: HttpRequest, days: Known, targets: dict[str, Target]) -> list[Change]:
    """Return what changed, the gravest first, in a fixed number of questions."""
    since = midnight(days.today - timedelta(days=1))
    found: list[Change] = []
    for right, source in (
        ("payouts.view_withdrawal", _stops),
        ("linkage.view_planversion", _plans),
        ("payouts.view_payoutpolicy", _payout_policies),
        ("members.view_relationpolicy", _relation_policies),
        ("risk.view_hit", _risk_rules),
        ("risk.view_hit", _hits),
        ("reconciliation.view_day", _differences),
        ("suppliers.view_supplier", _suppliers),
        ("insights.view_target", _aims),
    ):
        if request.user.has_perm(right):
            found += source(since, days)
    if request.user.has_perm("orders.view_refund"):
        found += _refunds(since, days, targets.get(BIG_REFUND))
    if request.user.has_perm("suppliers.view_sku"):
        found += _stock(days)
    return sorted(found, key=lambda one: TONES.index(one.tone))


def waiting(request: HttpRequest, at: datetime) -> list[Waiting]:
    """Return what somebody has to act on, and what the mall runs by, in a fixed number of questions."""
    found: list[Waiting] = []
    if request.user.has_perm("payouts.view_withdrawal"):
        found += _payouts()
    if request.user.has_perm("reconciliation.view_day"):
        open_items = items_waiting()
        tone = "bad" if open_items else ""
        found.append(Waiting("balance", _("对账未平"), open_items or "0", reverse("ops:reconciliation"), tone))
    if request.user.has_perm("orders.view_refund"):
        under_way = orders.queries.refunds_under_way()
        page = reverse("ops:orders_refund_changelist")
        found.append(Waiting("undo", _("退款在途"), str(under_way), page, "warn" if under_way else ""))
    if request.user.has_perm("linkage.view_linkageevent"):
        found += _linkage(at)
    return found


def _payouts() -> Iterator[Waiting]:
    page = reverse("ops:payouts_withdrawal_changelist")
    stop = standing_stop()
    if stop is not None:
        yield Waiting("emergency_home", _("打款已全部暂停"), stop.reason, reverse("ops:payouts_stop"), "bad")
    counts = queue_counts(states=(WithdrawalState.REQUESTED, WithdrawalState.APPROVED, WithdrawalState.SENDING))
    for state, icon, label, tone in (
        (WithdrawalState.REQUESTED, "fact_check", _("提现待初审"), "warn"),
        (WithdrawalState.APPROVED, "verified_user", _("提现待复核"), "warn"),
        (WithdrawalState.SENDING, "sync", _("打款中"), ""),
    ):
        count = counts[state]
        yield Waiting(icon, label, count, f"{page}?state__exact={state.value}", tone if count != "0" else "")


def _linkage(at: datetime) -> Iterator[Waiting]:
    events = linkage.queries.waiting_events()
    page = f"{reverse('ops:linkage_linkageevent_changelist')}?settled=waiting"
    yield Waiting("stream", _("待结算事件"), str(events), page, "warn" if events else "")
    version = linkage.queries.version_in_force(at=at)
    if version is None:
        plan = _("没有方案，订单不产生奖励")
    elif version.params is None:
        plan = _("v%d 起不产生奖励") % version.version
    else:
        plan = f"v{version.version} {version.name}".strip()
    yield Waiting("rule_settings", _("生效方案"), plan, reverse("ops:linkage_planversion_changelist"))
    fund = yuan(ledger.queries.balance_fen(kind=AccountKind.SUPPORT_FUND))
    yield Waiting("volunteer_activism", _("帮扶基金"), fund, reverse("ops:linkage_fund"))


def _stops(since: datetime, days: Known) -> Iterator[Change]:
    page = reverse("ops:payouts_stop")
    for stop in latest.stops(since=since):
        if stop.lifted_at is None:
            yield Change("bad", _("打款已全部暂停"), f"{moment(stop.stopped_at)} · {stop.reason}", page)
        else:
            yield Change("good", _("打款已恢复"), f"{moment(stop.lifted_at)} · {stop.lift_reason}", page)


def _plans(since: datetime, days: Known) -> Iterator[Change]:
    for one in latest.plans_published(since=since):
        title = _("发布了规则方案 v%d") % one.version if one.params else _("2+1 奖励关闭（v%d）") % one.version
        note = _("%s 生效") % moment(one.starts_at)
        yield Change("info", title, note, reverse("ops:linkage_planversion_change", args=[one.pk]))


def _payout_policies(since: datetime, days: Known) -> Iterator[Change]:
    for one in latest.payout_policies(since=since):
        note = _("%s 生效") % moment(one.starts_at)
        page = reverse("ops:payouts_payoutpolicy_changelist")
        yield Change("info", _("新的付款政策 v%d") % one.version, note, page)


def _relation_policies(since: datetime, days: Known) -> Iterator[Change]:
    for one in latest.relation_policies(since=since):
        note = _("%s 生效") % moment(one.starts_at)
        page = reverse("ops:members_relationpolicy_changelist")
        yield Change("info", _("新的客户关系规则 v%d") % one.version, note, page)


def _risk_rules(since: datetime, days: Known) -> Iterator[Change]:
    for one in latest.risk_rules(since=since):
        title = _("风险规则改了：%s") % one.get_kind_display()
        yield Change("info", title, one.reason, reverse("ops:risk"))


def _hits(since: datetime, days: Known) -> Iterator[Change]:
    count = latest.new_hits(since=since)
    if count:
        span = days_value(days.today - timedelta(days=1), days.today)
        page = f"{reverse('ops:risk_hit_changelist')}?state__exact=open&found={span}"
        said = f"{latest.COUNTED_MAX}+" if count >= latest.COUNTED_MAX else str(count)
        yield Change("bad", _("新的风险预警 %s 条") % said, _("等人核对证据，给出结论"), page)


def _differences(since: datetime, days: Known) -> Iterator[Change]:
    count, gap = latest.new_differences(since=since)
    if count:
        note = _("相差 %s") % yuan(gap)
        yield Change("bad", _("对账新增未平 %d 笔") % count, note, reverse("ops:reconciliation"))


def _suppliers(since: datetime, days: Known) -> Iterator[Change]:
    for one in latest.new_suppliers(since=since):
        page = reverse("ops:suppliers_supplier_change", args=[one.pk])
        yield Change("good", _("新供应商：%s") % one.name, moment(one.created_at), page)


def _aims(since: datetime, days: Known) -> Iterator[Change]:
    found = latest.aims_set(since=since)
    names = [str(one.get_kind_display()) for one in found]
    if found:
        title = _("目标或承诺改了：%s") % "、".join(dict.fromkeys(names[:NAMED_MAX]))
        yield Change("info", title, found[0].reason if len(found) == 1 else "", reverse("ops:aims"))


def _refunds(since: datetime, days: Known, line: Target | None) -> Iterator[Change]:
    least = BIG_REFUND_FEN if line is None or line.value is None else line.value
    found = latest.big_refunds(since=since, least_fen=least)
    if found:
        yesterday = days.today - timedelta(days=1)
        page = f"{reverse('ops:orders_refund_changelist')}?since={yesterday}&least_fen={least}"
        largest = found[0]
        note = _("最大一笔 %(amount)s，%(reason)s") % {
            "amount": yuan(largest.amount_fen),
            "reason": largest.reason or _("没有写原因"),
        }
        yield Change("warn", _("大额退款 %d 笔") % len(found), note, page)


def _stock(days: Known) -> Iterator[Change]:
    before = days.days.get(days.today - timedelta(days=1))
    was = before.skus_out if before is not None else None
    out = sold_out_count()
    if was is None or out == was:
        return
    page = f"{reverse('ops:suppliers_sku_changelist')}?sold_out=1"
    title = _("卖空的规格 %(was)d → %(out)d") % {"was": was, "out": out}
    yield Change("warn" if out > was else "good", title, _("昨天最后一次盘点 → 现在"), page)
