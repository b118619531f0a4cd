"""A supplier's quality at `/supplier/`: complaints, replies, shipping in time and papers; each figure leads to the rows
that make it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

import suppliers.queries
from mall.core import clock
from mall.core.admin import supplier_site
from mall.core.admin.columns import chip, moment
from mall.core.ids import SHANGHAI
from mall.core.seats import may
from orders.queries import quality
from orders.queries.quality import Quality
from suppliers.models import Supplier

PER_PAGE = 50
UNANSWERED = "unanswered"
LABELS = {
    "delivered": gettext_lazy("签收的商品"),
    "cases": gettext_lazy("售后申请"),
    "low": gettext_lazy("一星和二星评价"),
    "shipped": gettext_lazy("发出的订单"),
    "late": gettext_lazy("超时发出的订单"),
    UNANSWERED: gettext_lazy("待回复的评价"),
}
NOW, BEFORE = "now", "before"


@supplier_site.page("quality/", name="orders_quality_view")
@require_safe
def quality_page(request: HttpRequest) -> HttpResponse:
    """The figures of the last 30 days against the 30 before, and the papers."""
    supplier = _supplier(request)
    today = clock.now().astimezone(SHANGHAI).date()
    now, before = (quality.quality(supplier=supplier, since=s, until=u) for s, u in quality.periods(today))
    waiting = quality.unanswered_reviews(supplier=supplier).count()
    expiring = suppliers.queries.expiring_counts(supplier=supplier, today=today)
    context = {
        **supplier_site.each_context(request),
        "title": _("质量"),
        "figures": _figures(now, before, waiting, expiring),
        "rows": _rows(now, before),
        "papers": suppliers.queries.paper_lines(supplier=supplier, today=today),
        "may_renew": may(request, "suppliers_qualification", "renew"),
        "lapses": suppliers.queries.lapses_of(supplier=supplier)[:PER_PAGE],
        "gaps": _gaps(supplier, today),
        "may_add": may(request, "suppliers_qualification", "add"),
    }
    return TemplateResponse(request, "supplier/quality.html", context)


@supplier_site.page("quality/rows/", name="orders_quality_rows")
@require_safe
def quality_rows(request: HttpRequest) -> HttpResponse:
    """The rows of one figure."""
    supplier, of = _supplier(request), request.GET.get("of", "")
    if of not in LABELS:
        raise Http404
    period = BEFORE if request.GET.get("period") == BEFORE and of != UNANSWERED else NOW
    today = clock.now().astimezone(SHANGHAI).date()
    since, until = quality.periods(today)[period == BEFORE]
    if of == UNANSWERED:
        found: Any = quality.unanswered_reviews(supplier=supplier)
    else:
        found = quality.ROWS[of](supplier=supplier, since=since, until=until)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    heads, cells = TABLES[of]
    context = {
        **supplier_site.each_context(request),
        "title": str(LABELS[of]),
        "period": "" if of == UNANSWERED else _period_words(since, until),
        "count": page.paginator.count,
        "heads": heads,
        "lines": [cells(row) for row in page],
        "page": page,
        "back": reverse("supplier:orders_quality_view"),
    }
    return TemplateResponse(request, "supplier/quality_rows.html", context)


def _gaps(supplier: Supplier, today: date) -> list[dict[str, Any]]:
    """Goods that lack a permit: which, until when, or since when they are off the shelf."""
    return [
        {
            "name": gap.product.name,
            "permit": gap.get_permit_display(),
            "due": gap.due_date,
            "left": suppliers.queries.expiry_words(valid_until=gap.due_date, today=today),
            "off_at": gap.off_shelf_at,
        }
        for gap in suppliers.queries.gaps_of(supplier=supplier)[:PER_PAGE]
    ]


def _supplier(request: HttpRequest) -> Supplier:
    found = suppliers.queries.supplier_of(member=request.user)
    if found is None:
        raise Http404
    return found


def _figures(now: Quality, before: Quality, waiting: int, expiring: dict[str, int]) -> list[dict[str, Any]]:
    papers = expiring["expired"] + expiring["soon"]
    worse = (now.complaint_tenths or 0) > (before.complaint_tenths or 0) and now.complaints > 0
    return [
        {
            "label": _("每千件投诉数"),
            "value": _tenths(now.complaint_tenths),
            "note": _("前 30 天 %s") % _tenths(before.complaint_tenths),
            "icon": "sentiment_dissatisfied",
            "address": "#complaints",
            "tone": "warn" if worse else "",
        },
        {
            "label": _("准时发货"),
            "value": _rate(now.in_time_bps),
            "note": _("前 30 天 %s") % _rate(before.in_time_bps),
            "icon": "timer",
            "address": _address("late"),
            "tone": "warn" if now.late * 10 > now.shipped else "",
        },
        {
            "label": _("评价待回复"),
            "value": waiting,
            "note": _("一星、二星的排在前面"),
            "icon": "reviews",
            "address": _address(UNANSWERED),
            "tone": "warn" if waiting else "",
        },
        {
            "label": _("待换证照"),
            "value": papers,
            "note": _("另有 %d 份 60 天内到期") % expiring["later"],
            "icon": "workspace_premium",
            "address": "#papers",
            "tone": "bad" if expiring["expired"] else "warn" if papers else "",
        },
    ]


def _rows(now: Quality, before: Quality) -> list[dict[str, Any]]:
    """Return what the rates are made of, both periods beside each other."""
    return [
        {
            "label": LABELS[name],
            "now": getattr(now, name),
            "before": getattr(before, name),
            "now_address": _address(name),
            "before_address": _address(name, BEFORE),
        }
        for name in quality.ROWS
    ]


def _address(of: str, period: str = NOW) -> str:
    return f"{reverse('supplier:orders_quality_rows')}?of={of}&period={period}"


def _period_words(since: Any, until: Any) -> str:
    last = until.fromordinal(until.toordinal() - 1)
    return _("%(first)s 至 %(last)s") % {"first": since.isoformat(), "last": last.isoformat()}


def _line_cells(line: Any) -> list[tuple[Any, str]]:
    number = (line.order.number, reverse("supplier:orders_order_change", args=[line.order_id]))
    return [
        number,
        (line.product_name, ""),
        (f"{line.spec} × {line.quantity}", ""),
        (moment(line.order.received_at), ""),
    ]


def _case_cells(case: Any) -> list[tuple[Any, str]]:
    address = reverse("supplier:orders_aftersale_change", args=[case.pk])
    what = f"{case.get_kind_display()} · {case.get_reason_display()}"
    state = case.get_state_display()
    return [(case.number, address), (case.line.product_name, ""), (what, ""), (moment(case.asked_at), ""), (state, "")]


def _review_cells(review: Any) -> list[tuple[Any, str]]:
    address = "" if review.reply else reverse("supplier:orders_review_answer", args=[review.pk])
    replied = chip(_("已回复"), "good") if review.reply else _("去回复")
    stars = f"{'★' * review.stars}{'☆' * (5 - review.stars)}"
    said = review.text or "、".join(review.tags) or "—"
    goods = review.line.product_name
    return [(goods, ""), (stars, ""), (said, ""), (moment(review.reviewed_at), ""), (replied, address)]


def _order_cells(order: Any) -> list[tuple[Any, str]]:
    number = (order.number, reverse("supplier:orders_order_change", args=[order.pk]))
    is_late = order.due_at is not None and order.shipped_at > order.due_at
    kept = chip(_("超时"), "bad") if is_late else chip(_("准时"), "good")
    return [number, (moment(order.paid_at), ""), (moment(order.due_at), ""), (moment(order.shipped_at), ""), (kept, "")]


def _tenths(value: int | None) -> str:
    return "—" if value is None else f"{value // 10}.{value % 10}"


def _rate(bps: int | None) -> str:
    return "—" if bps is None else f"{bps // 100}.{bps % 100 // 10}%"


_REVIEW = (
    gettext_lazy("商品"),
    gettext_lazy("星级"),
    gettext_lazy("评价"),
    gettext_lazy("评价时间"),
    gettext_lazy("回复"),
)
_ORDER = (
    *(gettext_lazy("订单"), gettext_lazy("付款时间"), gettext_lazy("发货时限")),
    *(gettext_lazy("发货时间"), gettext_lazy("状态")),
)
# Heads and cells of each table; a cell is what it says, and where it leads.
TABLES: dict[str, tuple[tuple[Any, ...], Callable[[Any], list[tuple[Any, str]]]]] = {
    "delivered": (
        (gettext_lazy("订单"), gettext_lazy("商品"), gettext_lazy("规格"), gettext_lazy("收货时间")),
        _line_cells,
    ),
    "cases": (
        (
            *(gettext_lazy("售后单"), gettext_lazy("商品"), gettext_lazy("原因")),
            *(gettext_lazy("申请时间"), gettext_lazy("状态")),
        ),
        _case_cells,
    ),
    "low": (_REVIEW, _review_cells),
    UNANSWERED: (_REVIEW, _review_cells),
    "shipped": (_ORDER, _order_cells),
    "late": (_ORDER, _order_cells),
}
