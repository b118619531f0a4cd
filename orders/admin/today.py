"""The front page of /supplier/: what waits for this supplier, each figure leading to the list behind it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import orders.queries
import suppliers.queries
from mall.core import clock
from mall.core.admin.columns import age
from mall.core.money import yuan
from mall.core.seats import sees
from orders.models import OrderState
from orders.queries.after_sale import waiting_for_supplier


def supplier_today(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the figures of the own supplier."""
    supplier = suppliers.queries.supplier_of(member=request.user)
    if supplier is None:
        return context
    counts = orders.queries.supplier_counts(supplier=supplier)
    oldest = orders.queries.orders_to_ship(supplier=supplier).first()
    short = suppliers.queries.short_skus(supplier=supplier).count()
    now = clock.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    cases = waiting_for_supplier(supplier=supplier)
    cases_list = reverse("supplier:orders_aftersale_changelist")
    orders_list, skus = reverse("supplier:orders_order_changelist"), reverse("supplier:suppliers_sku_changelist")
    waiting = _("最早 %s付款") % age(oldest.paid_at, now) if oldest and oldest.paid_at else _("没有积压")
    count, supply_fen = orders.queries.supplier_paid_between(supplier=supplier, since=midnight, until=now)
    month_count, month_fen = orders.queries.supplier_paid_between(
        supplier=supplier, since=midnight.replace(day=1), until=now
    )
    to_ship = f"{orders_list}?state__exact=paid"
    figures: list[dict[str, Any] | None] = [
        _figure(_("待发货"), counts[OrderState.PAID], waiting, "local_shipping", to_ship, waits=True),
        _figure(_("今日付款"), count, yuan(supply_fen), "receipt_long", orders_list),
        _figure(_("售后待处理"), cases, _("超时系统自动处理"), "assignment_return", cases_list, waits=True),
        _figure(_("库存紧张"), short, _("可售不足 10 件的规格"), "inventory", skus, waits=True),
        _figure(_("本月供货额"), yuan(month_fen), _("%d 单，退款除外") % month_count, "payments", orders_list),
    ]
    if not sees(request, "orders_order", "supply_total_yuan"):
        figures[1] = _figure(_("今日付款"), count, _("已付款的订单"), "receipt_long", orders_list)
        figures[4] = None
    return {**context, "figures": [figure for figure in figures if figure], "title": _("今日")}


def _figure(label: str, value: int | str, note: str, icon: str, address: str, *, waits: bool = False) -> dict[str, Any]:
    """`waits` marks a figure that somebody has to act on unless it is zero."""
    return {
        "label": label,
        "value": value,
        "note": note,
        "icon": icon,
        "address": address,
        "waits": waits and bool(value),
    }
