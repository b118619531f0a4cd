"""The front page of /ops/: the few figures that somebody has to act on, each leading to the list behind it."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import ledger.queries
import linkage.queries
import orders.queries
from ledger.models import AccountKind
from mall.core import clock
from mall.core.money import yuan
from payouts.models import WithdrawalState
from payouts.queries import queue_totals, standing_stop


def ops_overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the figures that this operator may see."""
    now = clock.now()
    figures = []
    if request.user.has_perm("payouts.view_withdrawal"):
        figures += _payouts()
    if request.user.has_perm("orders.view_order"):
        figures += _orders(now)
    if request.user.has_perm("linkage.view_linkageevent"):
        figures += _linkage(now)
    return {**context, "figures": figures, "now": now, "title": _("总览")}


def _payouts() -> list[dict[str, Any]]:
    found = []
    stop = standing_stop()
    if stop is not None:
        page = reverse("ops:payouts_stop")
        found.append(_figure(_("打款已全部暂停"), _("暂停中"), stop.reason, "emergency_home", page, waits=True))
    for state, label, icon in (
        (WithdrawalState.REQUESTED, _("提现待初审"), "fact_check"),
        (WithdrawalState.APPROVED, _("提现待复核"), "verified_user"),
        (WithdrawalState.SENDING, _("打款中"), "sync"),
    ):
        count, gross, _net = queue_totals(state=state)
        address = f"{reverse('ops:payouts_withdrawal_changelist')}?state__exact={state.value}"
        found.append(_figure(label, _("%d 笔") % count, yuan(gross), icon, address, waits=count > 0))
    return found


def _orders(now: Any) -> list[dict[str, Any]]:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    count, total_fen = orders.queries.paid_between(since=midnight, until=midnight + timedelta(days=1))
    waiting = orders.queries.refunds_under_way()
    paid, refunds = reverse("ops:orders_order_changelist"), reverse("ops:orders_refund_changelist")
    return [
        _figure(_("今日付款订单"), _("%d 单") % count, yuan(total_fen), "receipt_long", paid),
        _figure(_("退款在途"), _("%d 笔") % waiting, _("等渠道退回"), "undo", refunds, waits=waiting > 0),
    ]


def _linkage(now: Any) -> list[dict[str, Any]]:
    waiting = linkage.queries.waiting_events()
    version = linkage.queries.version_in_force(at=now)
    fund_fen = ledger.queries.balance_fen(kind=AccountKind.SUPPORT_FUND)
    if version is None:
        plan, note = _("未启用"), _("没有方案，订单不产生奖励")
    elif version.params is None:
        plan, note = _("已关闭"), _("v%d 起不产生奖励") % version.version
    else:
        plan, note = f"v{version.version}", version.name or _("2+1 方案")
    events = reverse("ops:linkage_linkageevent_changelist")
    return [
        _figure(_("生效方案"), plan, note, "rule_settings", reverse("ops:linkage_planversion_changelist")),
        _figure(
            _("待结算事件"),
            _("%d 条") % waiting,
            _("正常时几秒内归零"),
            "stream",
            f"{events}?settled=waiting",
            waits=waiting > 0,
        ),
        _figure(_("帮扶基金"), yuan(fund_fen), _("可发放余额"), "volunteer_activism", reverse("ops:linkage_fund")),
    ]


def _figure(label: str, value: str, note: str, icon: str, address: str, *, waits: bool = False) -> dict[str, Any]:
    return {"label": label, "value": value, "note": note, "icon": icon, "address": address, "waits": waits}
