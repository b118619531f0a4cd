"""The front page of /supplier/: what waits for this supplier, each figure leading to the list behind it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

import orders.queries
import suppliers.queries
from mall.core import clock
from mall.core.ids import SHANGHAI
from mall.core.money import yuan
from mall.core.seats import may, sees
from orders.queries import fulfilment, supplier_board
from orders.queries.after_sale import waiting_for_supplier
from orders.queries.supplier_board import DayOrders, Left, Promises
from orders.rules.shipping import LATE_RISK_HOURS, city_of, time_left
from suppliers.models import Supplier
from suppliers.queries import StockLine

BAR_DAYS, STRIP_DAYS = 14, 30
ROWS = 5
# The drawing of orders by day: width of a day, height of the tallest bar.
BAR_STEP, BAR_WIDTH, BAR_HEIGHT = 44, 30, 140


def supplier_today(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the figures, lists and drawings of the own supplier."""
    supplier = suppliers.queries.supplier_of(member=request.user)
    if supplier is None:
        return context
    now = clock.now()
    lines = suppliers.queries.stock_lines(supplier=supplier, at=now)
    by_day = supplier_board.orders_by_day(supplier=supplier, days=BAR_DAYS, at=now)
    today = now.astimezone(SHANGHAI).date()
    since = min(_months(today)[0], today - timedelta(days=STRIP_DAYS - 1))
    left = supplier_board.left_by_day(supplier=supplier, since=since, until=today + timedelta(days=1))
    return {
        **context,
        "title": _("今日看板"),
        "papers": _papers(request, supplier, now),
        "figures": _figures(request, supplier, lines, now),
        "bars": _bars(by_day),
        "today_total": by_day[-1].total,
        "kept": _kept(supplier, left, now),
        "strip": _strip(left, today),
        "urgent": _urgent(supplier, now),
        "stock": [(line, _stock_word(line)) for line in lines if line.status != "normal"][:ROWS],
        "sku_count": len(lines),
        "cases": [(case, _left(case.due_at, now)) for case in supplier_board.waiting_cases(supplier=supplier, limit=3)],
        "case_count": waiting_for_supplier(supplier=supplier),
    }


def _papers(request: HttpRequest, supplier: Supplier, at: datetime) -> dict[str, Any] | None:
    """Return what to say of papers that ran out or run out within 30 days, and where they are."""
    counts = suppliers.queries.expiring_counts(supplier=supplier, today=at.astimezone(SHANGHAI).date())
    if not counts["expired"] and not counts["soon"]:
        return None
    said = []
    if counts["expired"]:
        said.append(_("%d 份证照已过期") % counts["expired"])
    if counts["soon"]:
        said.append(_("%d 份证照 30 天内到期") % counts["soon"])
    page = "orders_quality_view" if may(request, "orders_quality") else "suppliers_qualification_changelist"
    return {
        "words": "，".join(said),
        "tone": "bad" if counts["expired"] else "warn",
        "address": reverse(f"supplier:{page}"),
    }


def _figures(request: HttpRequest, supplier: Supplier, lines: list[StockLine], at: datetime) -> list[dict[str, Any]]:
    orders_list, board = reverse("supplier:orders_order_changelist"), reverse("supplier:suppliers_sku_board")
    counts = fulfilment.part_counts(supplier=supplier, at=at)
    to_ship, late, cases = counts[fulfilment.TO_SHIP], counts[fulfilment.LATE], waiting_for_supplier(supplier=supplier)
    short = [line for line in lines if line.status in ("out_soon", "below_safety")]
    today = at.astimezone(SHANGHAI).date()
    month = today.replace(day=1)
    count, supply_fen = orders.queries.supplier_paid_between(
        supplier=supplier, since=datetime.combine(month, datetime.min.time(), SHANGHAI), until=at
    )
    stars = supplier_board.stars_hundredths(supplier=supplier, since=month, until=today + timedelta(days=1))
    before = supplier_board.stars_hundredths(
        supplier=supplier, since=(month - timedelta(days=1)).replace(day=1), until=month
    )
    pieces = fulfilment.pieces_to_ship(supplier=supplier)
    return [
        _figure(_("待发货"), to_ship, _("共 %d 件") % pieces, "local_shipping", f"{orders_list}?part=to_ship"),
        _figure(
            _("快超时"),
            late,
            _("%d 小时内到发货承诺") % LATE_RISK_HOURS,
            "timer",
            f"{orders_list}?part=late",
            tone="bad" if late else "",
        ),
        _figure(
            _("要补货"),
            len(short),
            short[0].sku.product.name if short else _("库存充足"),
            "inventory",
            f"{board}?part=short",
            tone="warn" if short else "",
        ),
        _figure(
            _("售后待处理"),
            cases,
            _("超时系统自动处理"),
            "assignment_return",
            reverse("supplier:orders_aftersale_changelist"),
            tone="warn" if cases else "",
        ),
        _month(request, supply_fen, count, f"{orders_list}?part=all"),
        _figure(
            _("质量分"),
            _stars(stars),
            _("上月 %s") % _stars(before),
            "star",
            reverse("supplier:orders_review_changelist"),
        ),
    ]


def _figure(label: str, value: Any, note: str, icon: str, address: str, *, tone: str = "") -> dict[str, Any]:
    """`tone` marks a figure that somebody has to act on."""
    return {
        "label": label,
        "value": value,
        "note": note,
        "icon": icon,
        "address": address,
        "tone": tone,
        "waits": bool(tone),
    }


def _month(request: HttpRequest, supply_fen: int, count: int, address: str) -> dict[str, Any]:
    """Return what the month brought: the amount for those who see amounts, else how many orders."""
    if sees(request, "orders_order", "supply_total_yuan"):
        return _figure(_("本月供货额"), yuan(supply_fen), _("%d 单，退款除外") % count, "payments", address)
    return _figure(_("本月订单"), count, _("退款除外"), "receipt_long", address)


def _bars(by_day: list[DayOrders]) -> list[dict[str, Any]]:
    """Return each day with the place and heights of its bar in the drawing."""
    most = max((day.total for day in by_day), default=0) or 1
    bars = []
    for place, day in enumerate(by_day):
        packs, retail = day.packs * BAR_HEIGHT // most, day.retail * BAR_HEIGHT // most
        bars.append(
            {
                "day": day,
                "x": place * BAR_STEP + 7,
                "middle": place * BAR_STEP + 22,
                "retail_y": BAR_HEIGHT + 20 - retail,
                "retail_height": retail,
                "packs_y": BAR_HEIGHT + 20 - retail - packs,
                "packs_height": packs,
                "label_y": BAR_HEIGHT + 14 - retail - packs,
                "is_today": place == len(by_day) - 1,
            }
        )
    return bars


def _months(today: date) -> tuple[date, date]:
    """Return the first days of the last month and of this one."""
    month = today.replace(day=1)
    return (month - timedelta(days=1)).replace(day=1), month


def _kept(supplier: Supplier, left: Mapping[date, Left], at: datetime) -> list[dict[str, str]]:
    """Return what was promised, this month against the last."""
    today = at.astimezone(SHANGHAI).date()
    (before, month), tomorrow = _months(today), today + timedelta(days=1)
    now = supplier_board.promises(left, since=month, until=tomorrow)
    then = supplier_board.promises(left, since=before, until=month)
    out_now = suppliers.queries.stock_out_bps(supplier=supplier, since=month, until=tomorrow, at=at)
    out_then = suppliers.queries.stock_out_bps(supplier=supplier, since=before, until=month, at=at)
    return [
        {
            "label": _("准时发货"),
            "note": _("按承诺时限出库"),
            "value": _rate(now.in_time_bps),
            "before": _rate(then.in_time_bps),
        },
        {"label": _("缺货率"), "note": _("规格一天结束时卖空"), "value": _rate(out_now), "before": _rate(out_then)},
        {"label": _("付款到出库"), "note": _("平均用时"), "value": _hours(now), "before": _hours(then)},
    ]


def _strip(left: Mapping[date, Left], today: date) -> list[dict[str, Any]]:
    """Return a cell for each of the last days: green, amber with one late order in ten at most, red with more."""
    cells = []
    for day in (today - timedelta(days=number) for number in reversed(range(STRIP_DAYS))):
        found = left.get(day)
        shipped, late = (found.shipped, found.late) if found is not None else (0, 0)
        tone = "none" if not shipped else "good" if not late else "warn" if late * 10 <= shipped else "bad"
        said = {"day": f"{day:%m-%d}", "shipped": shipped, "late": late}
        cells.append({"tone": tone, "words": _("%(day)s 发出 %(shipped)d 单，超时 %(late)d 单") % said})
    return cells


def _urgent(supplier: Supplier, at: datetime) -> list[dict[str, Any]]:
    found = []
    for order in fulfilment.shippable(supplier=supplier, at=at, limit=ROWS):
        lines = list(order.lines.all())
        left, tone = _left(order.due_at, at)
        found.append(
            {
                "order": order,
                "goods": "、".join(line.product_name for line in lines),
                "pieces": sum(fulfilment.left_of(line) for line in lines),
                "place": city_of(order.recipient_address),
                "left": left,
                "tone": tone,
            }
        )
    return found


def _left(due_at: datetime | None, at: datetime) -> tuple[str, str]:
    """Return in words how long there is until a deadline, and its tone."""
    if due_at is None:
        return "—", ""
    hours, minutes = time_left(due_at, at)
    if due_at <= at:
        return _("已超时 %(hours)d 小时 %(minutes)02d 分") % {"hours": -hours, "minutes": -minutes}, "bad"
    words = _("剩 %(hours)d 小时 %(minutes)02d 分") % {"hours": hours, "minutes": minutes}
    return words, "warn" if hours < LATE_RISK_HOURS else ""


def _stock_word(line: StockLine) -> tuple[str, str]:
    if line.status == "out_soon":
        day = f"{line.stock_out:%m-%d}" if line.stock_out else ""
        return (_("%s 断货") % day if line.available > 0 else _("已卖空")), "bad"
    if line.status == "below_safety":
        return _("低于安全库存"), "warn"
    return (_("在途能接上"), "info") if line.status == "bridged" else (_("动销慢"), "")


def _rate(bps: int | None) -> str:
    return "—" if bps is None else f"{bps // 100}.{bps % 100 // 10}%"


def _hours(kept: Promises) -> str:
    if kept.minutes is None:
        return "—"
    tenths = kept.minutes * 10 // 60
    return _("%(whole)d.%(tenth)d 小时") % {"whole": tenths // 10, "tenth": tenths % 10}


def _stars(hundredths: int | None) -> str:
    return "—" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"
