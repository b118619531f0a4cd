"""Shipping many orders at once: tables, pick lists and labels of the own supplier, at `/supplier/`."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import suppliers.queries
from mall.core import clock
from mall.core.admin import posted
from mall.core.admin.columns import moment
from mall.core.admin.reports import report_context
from mall.core.names import masked_name, masked_phone, masked_place
from mall.core.own_supplier import as_the_mall
from mall.core.workbook import CONTENT_TYPE, WorkbookRefused, read_table, written
from orders import commands
from orders.commands import OrderRefused
from orders.commands.batch_shipping import CARRIER, CODE, HEAD, NUMBER, QUANTITY, ROWS_MAX, WAYBILL
from orders.models import Order, RevealWay
from orders.queries import fulfilment
from orders.queries.fulfilment import left_of
from orders.rules.shipping import CARRIERS
from suppliers.commands import DONE, keep_sheet, report_of, rows_of
from suppliers.models import SheetKind, Supplier
from suppliers.queries import sheet_of, sheets_of

from .fulfilment_forms import LabelsForm, SheetDownloadForm, SheetForm

PRINTED_MAX = 200
# Columns that help who fills the table in; they are not read again.
GOODS, PLACE = ("商品", "规格", "待发件数"), ("收货人", "收货电话", "收货地址", "买家备注", "最晚发货")
COLUMNS = (NUMBER, CODE, *GOODS, QUANTITY, CARRIER, WAYBILL, *PLACE)
WIDTHS = (24, 16, 28, 16, 10, 14, 12, 22, 10, 16, 44, 20, 18)


class FulfilmentPages:
    """Pages beside the list of orders. `admin_site` and `opts` are the admin's."""

    admin_site: Any
    opts: Any

    def batch(self, request: HttpRequest) -> HttpResponseBase:
        """Take a filled-in table; it is only looked at."""
        supplier = _supplier(request)
        form = SheetForm(posted(request), request.FILES if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                rows = read_table(form.cleaned_data["file"], head=HEAD, rows_max=ROWS_MAX)
            except WorkbookRefused as refusal:
                form.add_error("file", str(refusal))
            else:
                sheet = keep_sheet(
                    supplier=supplier,
                    kind=SheetKind.SHIPPING,
                    name=form.cleaned_data["file"].name,
                    rows=rows,
                    by=request.user,
                    at=clock.now(),
                )
                return HttpResponseRedirect(reverse("supplier:orders_order_sheet", args=[sheet.pk]))
        context = {
            "form": form,
            "download": SheetDownloadForm(),
            "sheets": sheets_of(supplier=supplier, kind=SheetKind.SHIPPING),
            "carriers": CARRIERS,
            "waiting": fulfilment.part_counts(supplier=supplier, at=clock.now())[fulfilment.TO_SHIP],
            "rows_max": ROWS_MAX,
        }
        return self._shown(request, "supplier/batch.html", _("批量发货"), context)

    def table(self, request: HttpRequest) -> HttpResponseBase:
        """Hand out the table of what waits to be shipped; with a reason it tells where to, and that is written down."""
        if request.method != "POST":
            return HttpResponseRedirect(reverse("supplier:orders_order_batch"))
        supplier, now = _supplier(request), clock.now()
        form = SheetDownloadForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("原因太长，请写短一些"))
            return HttpResponseRedirect(reverse("supplier:orders_order_batch"))
        waiting = fulfilment.shippable(supplier=supplier, at=now, limit=ROWS_MAX)
        reason = form.cleaned_data["reason"]
        if reason:
            commands.reveal_recipients(orders=waiting, by=request.user, way=RevealWay.SHEET, reason=reason, at=now)
        rows = [row for order in waiting for row in _table_rows(order, is_open=bool(reason))]
        content = written(title="待发货", head=COLUMNS, rows=rows[:ROWS_MAX], widths=WIDTHS)
        response = HttpResponse(content, content_type=CONTENT_TYPE)
        response["Content-Disposition"] = f'attachment; filename="to-ship-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"'
        return response

    def sheet(self, request: HttpRequest, sheet_id: int) -> HttpResponseBase:
        """Show what would become of each row, or what became of it; confirmed, ship what is good."""
        supplier = _supplier(request)
        sheet = sheet_of(supplier=supplier, kind=SheetKind.SHIPPING, sheet_id=sheet_id)
        if sheet is None:
            raise Http404
        if request.method == "POST":
            with as_the_mall():
                report = commands.ship_sheet(sheet=sheet, by=request.user, at=clock.now())
            shipped = len({row.subject.split(" ")[0] for row in report if row.status == DONE})
            messages.success(request, _("已处理完，%d 个订单发出了包裹") % shipped)
            return HttpResponseRedirect(reverse("supplier:orders_order_sheet", args=[sheet.pk]))
        report = (
            report_of(sheet) if sheet.applied_at else commands.check_shipping(supplier=supplier, rows=rows_of(sheet))
        )
        context = {
            "sheet": sheet,
            **report_context(report),
            "confirm": _("确认发出"),
            "confirm_note": _("可以发的行会马上发货，有问题的行不动"),
            "back": reverse("supplier:orders_order_batch"),
        }
        return self._shown(request, "supplier/sheet.html", _("核对发货表"), context)

    def pick_list(self, request: HttpRequest) -> HttpResponseBase:
        """A list to fetch goods by, without a word about buyers."""
        supplier, now = _supplier(request), clock.now()
        waiting = fulfilment.shippable(supplier=supplier, at=now, limit=PRINTED_MAX)
        context = {
            "supplier": supplier,
            "lines": fulfilment.pick_list(waiting),
            "orders": [
                (order, [(line, left_of(line)) for line in order.lines.all() if left_of(line)]) for order in waiting
            ],
            "at": now,
        }
        return TemplateResponse(request, "supplier/pick_list.html", context)

    def labels(self, request: HttpRequest) -> HttpResponseBase:
        """Labels to stick on parcels, each look written down."""
        supplier, now = _supplier(request), clock.now()
        waiting = fulfilment.shippable(supplier=supplier, at=now, limit=PRINTED_MAX)
        form = LabelsForm(posted(request), orders=waiting)
        if request.method == "POST" and form.is_valid():
            chosen = [order for order in waiting if order.pk in form.cleaned_data["orders"]]
            reason = form.cleaned_data["reason"]
            try:
                commands.reveal_recipients(orders=chosen, by=request.user, way=RevealWay.LABELS, reason=reason, at=now)
            except OrderRefused as refusal:
                form.add_error("reason", str(refusal))
            else:
                return TemplateResponse(
                    request,
                    "supplier/labels.html",
                    {"labels": [_label(order) for order in chosen], "supplier": supplier, "at": now},
                )
        context = {"form": form, "waiting": waiting, "back": reverse("supplier:orders_order_changelist")}
        return self._shown(request, "supplier/labels_form.html", _("打印面单"), context)

    def _shown(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, template, shown)


def _supplier(request: HttpRequest) -> Supplier:
    """Return the own supplier; behind the site's login there always is one."""
    supplier = suppliers.queries.supplier_of(member=request.user)
    if supplier is None:
        raise Http404
    return supplier


def _table_rows(order: Any, *, is_open: bool) -> list[list[Any]]:
    """Return one row for each line of which pieces are left."""
    name, phone, place = order.recipient_name, order.recipient_phone.removeprefix("+86"), order.recipient_address
    if not is_open:
        name, phone, place = masked_name(name), masked_phone(order.recipient_phone), masked_place(place)
    told = [name, phone, place, order.note, moment(order.due_at)]
    return [
        [order.number, line.sku.code, line.product_name, line.spec, left_of(line), left_of(line), "", "", *told]
        for line in order.lines.all()
        if left_of(line)
    ]


def _label(order: Order) -> dict[str, Any]:
    """Return what stands on a label."""
    return {
        "number": order.number,
        "name": order.recipient_name,
        "telephone": order.recipient_phone.removeprefix("+86"),
        "place": order.recipient_address,
        "note": order.note,
        "goods": [(line.product_name, line.spec, left_of(line)) for line in order.lines.all() if left_of(line)],
    }
