"""Prices and stock of a supplier's goods by a table, and prices that are to change, at `/supplier/`."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import posted
from mall.core.admin.reports import report_context
from mall.core.own_supplier import as_the_mall
from mall.core.workbook import CONTENT_TYPE, WorkbookRefused, read_table, written
from suppliers import commands, queries
from suppliers.commands import SheetRefused, keep_sheet, report_of, rows_of
from suppliers.commands.goods_sheet import CODE, HEAD, LIST, ROWS_MAX, SALE, STOCK, STOCK_WAS, SUPPLY
from suppliers.models import PriceChange, SheetKind, Supplier
from suppliers.rules import PRICE_REST_HOURS

COLUMNS = (CODE, "商品", "规格", SUPPLY, LIST, SALE, STOCK_WAS, STOCK)
WIDTHS = (24, 30, 18, 12, 12, 12, 12, 12)


class SheetForm(forms.Form):
    """A filled-in table."""

    file = forms.FileField(
        label=gettext_lazy("填好的表（xlsx）"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": gettext_lazy("请选择文件"), "empty": gettext_lazy("这是一个空文件")},
    )


class GoodsPages:
    """Pages beside the list of products. `admin_site` and `opts` are the admin's."""

    admin_site: Any
    opts: Any

    def goods(self, request: HttpRequest) -> HttpResponseBase:
        """Take a filled-in table; it is only looked at."""
        supplier = own_supplier(request)
        form = SheetForm(posted(request), request.FILES if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                rows = read_table(file, head=HEAD, rows_max=ROWS_MAX)
            except WorkbookRefused as refusal:
                form.add_error("file", str(refusal))
            else:
                sheet = keep_sheet(
                    supplier=supplier,
                    kind=SheetKind.GOODS,
                    name=file.name,
                    rows=rows,
                    by=request.user,
                    at=clock.now(),
                )
                return HttpResponseRedirect(reverse("supplier:suppliers_product_goods_sheet", args=[sheet.pk]))
        context = {
            "form": form,
            "sheets": queries.sheets_of(supplier=supplier, kind=SheetKind.GOODS),
            "rows_max": ROWS_MAX,
            "hours": PRICE_REST_HOURS,
        }
        return self._shown(request, "supplier/goods.html", _("批量改价和库存"), context)

    def goods_table(self, request: HttpRequest) -> HttpResponseBase:
        """Hand out the table of the own SKUs."""
        if request.method != "POST":
            return HttpResponseRedirect(reverse("supplier:suppliers_product_goods"))
        rows = queries.goods_rows(supplier=own_supplier(request), limit=ROWS_MAX)
        content = written(title="商品", head=COLUMNS, rows=rows, widths=WIDTHS)
        response = HttpResponse(content, content_type=CONTENT_TYPE)
        day = f"{timezone.localtime(clock.now()):%Y%m%d-%H%M}"
        response["Content-Disposition"] = f'attachment; filename="goods-{day}.xlsx"'
        return response

    def goods_sheet(self, request: HttpRequest, sheet_id: int) -> HttpResponseBase:
        """Show what would become of each row, or what became of it; confirmed, do all of it or nothing."""
        supplier = own_supplier(request)
        sheet = queries.sheet_of(supplier=supplier, kind=SheetKind.GOODS, sheet_id=sheet_id)
        if sheet is None:
            raise Http404
        if request.method == "POST":
            try:
                with as_the_mall():
                    commands.change_goods(sheet=sheet, by=request.user, at=clock.now())
            except SheetRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("已全部执行"))
            return HttpResponseRedirect(reverse("supplier:suppliers_product_goods_sheet", args=[sheet.pk]))
        report = report_of(sheet) if sheet.applied_at else commands.check_goods(supplier=supplier, rows=rows_of(sheet))
        context = {
            "sheet": sheet,
            **report_context(report, needs_all=True),
            "confirm": _("确认改动"),
            "confirm_note": _("所有行一起生效；有一行有问题就都不改"),
            "back": reverse("supplier:suppliers_product_goods"),
        }
        return self._shown(request, "supplier/sheet.html", _("核对商品表"), context)

    def prices(self, request: HttpRequest) -> HttpResponseBase:
        """Prices that are to change; one can be withdrawn while it waits."""
        supplier = own_supplier(request)
        waiting = queries.waiting_prices(supplier=supplier)
        if request.method == "POST":
            given = request.POST.get("change", "")
            known = given.isascii() and given.isdecimal() and len(given) < 19
            change: PriceChange | None = waiting.filter(pk=int(given)).first() if known else None
            if change is None:
                raise Http404
            with as_the_mall():
                commands.withdraw_price(change=change, at=clock.now())
            messages.success(request, _("已撤回，价格不变"))
            return HttpResponseRedirect(reverse("supplier:suppliers_product_prices"))
        context = {"changes": waiting[:500], "hours": PRICE_REST_HOURS}
        return self._shown(request, "supplier/prices.html", _("待生效的调价"), context)

    def _shown(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, template, shown)


def own_supplier(request: HttpRequest) -> Supplier:
    """Return the own supplier; behind the site's login there always is one."""
    supplier = queries.supplier_of(member=request.user)
    if supplier is None:
        raise Http404
    return supplier
