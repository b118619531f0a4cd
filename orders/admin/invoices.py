"""A supplier's invoices to issue, at `/supplier/`, and all of them for operators to see."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from mall.core import clock
from mall.core.admin import act_page, moment_column, posted, supplier_site, yuan_column
from mall.core.admin.columns import chip, two_lines
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from orders import commands
from orders.commands import OrderRefused
from orders.models import Invoice, InvoiceState

TONES: dict[str, str] = {InvoiceState.REQUESTED: "warn", InvoiceState.ISSUED: "good", InvoiceState.VOID: ""}


class IssueForm(forms.Form):
    """The number of an invoice, and where the buyer fetches it."""

    number = forms.CharField(
        label=_("发票号码"),
        max_length=30,
        error_messages={"required": _("请填写发票号码")},
        widget=UnfoldAdminTextInputWidget,
    )
    file_url = forms.URLField(
        label=_("下载地址"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("请填写 https 开头的网址")},
        help_text=_("税务平台给出的版式文件链接，选填"),
        widget=UnfoldAdminTextInputWidget,
    )


class NothingToFill(forms.Form):
    pass


@admin.register(Invoice, site=supplier_site)
class InvoiceDesk(OwnReadOnlyAdmin):
    """Invoices that buyers asked for, the waiting ones first."""

    own_path = "order__supplier"
    list_display = ("order_number", "state_shown", "title_shown", "order_yuan", "email", "requested", "issued")
    list_filter = ("state",)
    list_select_related = ("order",)
    search_fields = ("order__number", "title", "number")
    search_help_text = _("订单号、抬头或发票号码")
    ordering = ("-state", "-requested_at")
    fields = (
        "order_number",
        "state_shown",
        "kind",
        "title",
        "tax_number",
        "email",
        "order_yuan",
        "number",
        "file_url",
        "requested",
        "issued",
    )
    readonly_fields = fields
    actions_row = ("issue", "void")
    actions_detail = ("issue", "void")

    order_yuan = yuan_column("order__total_fen", _("订单金额"))
    requested = moment_column("requested_at", _("申请时间"))
    issued = moment_column("issued_at", _("开票时间"))

    @admin.display(description=_("订单号"))
    def order_number(self, invoice: Invoice) -> str:
        return invoice.order.number

    @admin.display(description=_("状态"))
    def state_shown(self, invoice: Invoice) -> str:
        return chip(invoice.get_state_display(), TONES[invoice.state])

    @admin.display(description=_("抬头"))
    def title_shown(self, invoice: Invoice) -> str:
        return two_lines(invoice.title, invoice.tax_number or invoice.get_kind_display())

    @action(description=_("开票"), url_path="issue")
    def issue(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Write down the invoice that was issued on the tax platform."""
        invoice = self.own_row(request, object_id)

        def run(given: dict[str, Any]) -> str:
            commands.issue_invoice(invoice=invoice, by=request.user, at=clock.now(), **given)
            return gettext("订单 %s 已开票") % invoice.order.number

        return self._act(request, invoice, IssueForm(posted(request)), run, gettext("开票"), gettext("确认开票"))

    @action(description=_("作废"), url_path="void")
    def void(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Void an invoice; the buyer can ask for another one."""
        invoice = self.own_row(request, object_id)

        def run(_given: dict[str, Any]) -> str:
            commands.void_invoice(invoice=invoice, by=request.user, at=clock.now())
            return gettext("订单 %s 的发票已作废") % invoice.order.number

        return self._act(
            request, invoice, NothingToFill(posted(request)), run, gettext("作废发票"), gettext("确认作废")
        )

    def _act(
        self, request: HttpRequest, invoice: Invoice, form: forms.Form, run: Any, title: str, button: str
    ) -> HttpResponseBase:
        back = reverse("supplier:orders_invoice_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=run,
            refusals=(OrderRefused,),
            done=back,
            back=back,
            button=button,
            facts=(
                (_("订单号"), invoice.order.number),
                (_("类型"), invoice.get_kind_display()),
                (_("抬头"), invoice.title),
                (_("税号"), invoice.tax_number or "—"),
                (_("收票邮箱"), invoice.email or "—"),
            ),
        )
