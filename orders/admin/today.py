"""The front page of /supplier/: what waits for this supplier, each figure leading to the list behind it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

import orders.queries
import suppliers.queries
from mall.core import clock
from mall.core.admin.columns import age
from orders.models import OrderState


def supplier_today(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the figures of the own supplier."""
    supplier = suppliers.queries.supplier_of(member=request.user)
    if supplier is None:
        return context
    counts = orders.queries.supplier_counts(supplier=supplier)
    oldest = orders.queries.orders_to_ship(supplier=supplier).first()
    short = suppliers.queries.short_skus(supplier=supplier).count()
    orders_list, skus = reverse("supplier:orders_order_changelist"), reverse("supplier:suppliers_sku_changelist")
    waiting = _("最早 %s付款") % age(oldest.paid_at, clock.now()) if oldest and oldest.paid_at else _("没有积压")
    figures = [
        _figure(_("待发货"), counts[OrderState.PAID], waiting, "local_shipping", f"{orders_list}?state__exact=paid"),
        _figure(
            _("运输中"), counts[OrderState.SHIPPED], _("等买家收货"), "pin_drop", f"{orders_list}?state__exact=shipped"
        ),
        _figure(_("库存紧张"), short, _("可售不足 10 件的规格"), "inventory", skus),
    ]
    figures[1]["waits"] = False
    return {**context, "figures": figures, "title": _("今日")}


def _figure(label: str, count: int, note: str, icon: str, address: str) -> dict[str, Any]:
    return {
        "label": label,
        "value": count,
        "note": note,
        "icon": icon,
        "address": address,
        "waits": count > 0,
    }
