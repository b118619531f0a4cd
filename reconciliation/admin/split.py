"""One order's money as a waterfall: what the buyer paid, and where it went."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.queries import entry_name, reference_words
from mall.core.admin import ops_site
from mall.core.money import MINUS, percent
from orders.models import Order
from orders.queries import order_by_number
from reconciliation.splitting import Split, split_of

WIDTH = 1_000
NAMES = {
    "refunded": (gettext_lazy("已退给买家"), "low"),
    "supplier": (gettext_lazy("供应商货款"), "old"),
    "members": (gettext_lazy("会员奖励和佣金（到手）"), "new"),
    "fund": (gettext_lazy("帮扶基金"), "new"),
    "fee": (gettext_lazy("提现服务费"), "old"),
    "tax": (gettext_lazy("代扣个税"), "old"),
    "platform": (gettext_lazy("平台留下"), "good"),
}


@ops_site.page("orders/<int:order_id>/split/", name="order_split", permission="orders.view_order")
def split(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """The waterfall of one order, with its table and the entries that it comes from."""
    number = Order.objects.filter(pk=order_id).values_list("number", flat=True).first() if order_id < 2**62 else None
    order = order_by_number(number=number) if number else None
    if order is None:
        raise Http404
    found = split_of(order=order)
    words = reference_words((kind, reference) for _entry, kind, reference in found.entries)
    context = {
        **ops_site.each_context(request),
        "title": _("%s 的钱去了哪里") % order.number,
        "order": order,
        "split": found,
        "bars": bars(found),
        "entries": [
            (entry_id, entry_name(kind), words[kind, reference]) for entry_id, kind, reference in found.entries
        ],
    }
    return TemplateResponse(request, "ops/order_split.html", context)


def bars(found: Split) -> list[dict[str, Any]]:
    """Return the bars of the waterfall, each where the one before ended, on a scale of `WIDTH`; a step below zero goes
    back."""
    highest = max([found.paid_fen, 1])
    left = found.paid_fen
    rows = [_bar(_("买家实付"), "main", found.paid_fen, 0, found.paid_fen, highest)]
    for name, fen in found.steps:
        rows.append(_bar(*NAMES[name], fen, left - fen, left, highest))
        left -= fen
    return rows


def _bar(name: Any, tone: str, fen: int, one: int, other: int, highest: int) -> dict[str, Any]:
    low, high = max(0, min(one, other)), min(highest, max(one, other))
    x, end = low * WIDTH // highest, max(low, high) * WIDTH // highest
    return {
        "name": name,
        "tone": tone,
        "fen": fen,
        "x": x,
        "width": max(end - x, 2 if fen else 0),
        "share": f"{MINUS if fen < 0 else ''}{percent(abs(fen) * 10_000 // highest)}",
    }
