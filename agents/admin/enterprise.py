"""Requests of enterprises at `/supplier/`: read, quoted or declined; whom to call is masked until a look is written
down."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, moment_column, posted, supplier_site
from mall.core.admin.columns import chip, link, moment, two_lines
from mall.core.admin.fields import HundredthsField
from mall.core.admin.lists import OwnKeptList
from mall.core.admin.own_rows import OwnReadOnlyAdmin, OwnReadOnlyInline
from mall.core.ids import SHANGHAI
from mall.core.money import yuan
from mall.core.names import masked_name, masked_phone
from mall.core.seats import may
from orders.commands import enterprise as commands
from orders.commands.enterprise import EnterpriseRefused
from orders.models import ContactReveal, EnterpriseLine, EnterpriseRequest, RequestState
from orders.queries import enterprise as queries
from orders.queries.fulfilment import REVEAL_MINUTES
from remittance.queries import terms_on
from suppliers.queries import supplier_of

from .exports import REQUEST_COLUMNS

TONES = {
    RequestState.ASKED: "warn",
    RequestState.QUOTED: "info",
    RequestState.ACCEPTED: "good",
    RequestState.REFUSED: "bad",
}
OPEN = (RequestState.ASKED, RequestState.QUOTED)


class QuoteForm(forms.Form):
    """A price for each line, until when it holds, and what else is to be said."""

    valid_date = forms.DateField(
        label=_("报价有效至"),
        help_text=_("当天也有效，最长 60 天"),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        error_messages={"required": _("请选报价的有效期")},
    )
    note = forms.CharField(
        label=_("报价说明"),
        max_length=200,
        required=False,
        help_text=_("买家看得到，例如交货安排、定制周期"),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, data: QueryDict | None, *, row: EnterpriseRequest, fee_bps: int) -> None:
        super().__init__(data, initial={"valid_date": row.valid_date, "note": row.quote_note})
        prices = {}
        for line in row.lines.all():
            limits = gettext("标价 %s，报价不能更高") % yuan(line.sku.list_price_fen)
            prices[f"price_{line.pk}"] = HundredthsField(
                label=gettext("%(goods)s × %(count)d，单价（元）")
                % {"goods": f"{line.product_name} {line.spec}", "count": line.quantity},
                unit="¥",
                initial=line.unit_price_fen,
                help_text=f"{queries.floor_words(sku=line.sku, fee_bps=fee_bps)}；{limits}",
                error_messages={"required": gettext("请填写单价")},
            )
        self.fields = {**prices, **self.fields}

    def prices(self) -> dict[int, int]:
        """The prices in fen by the line's id."""
        return {
            int(name.removeprefix("price_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("price_")
        }


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=120,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": _("请写明原因，买家看得到")},
    )


class LookForm(forms.Form):
    """Why somebody looks at a phone."""

    reason = forms.CharField(
        label=_("查看原因"),
        max_length=80,
        help_text=_("会留下记录，买家和平台都能查到"),
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": _("请写明查看的原因")},
    )


class LineInline(OwnReadOnlyInline):
    """What is asked for, and at what price it was quoted."""

    model = EnterpriseLine
    own_path = "request__supplier"
    fields = ("product_name", "spec", "quantity", "sale_price_yuan", "quoted_yuan")
    readonly_fields = fields

    @admin.display(description=_("询价时售价"))
    def sale_price_yuan(self, line: EnterpriseLine) -> str:
        return yuan(line.sale_price_fen)

    @admin.display(description=_("报价"))
    def quoted_yuan(self, line: EnterpriseLine) -> str:
        return yuan(line.unit_price_fen) if line.unit_price_fen else "—"


class RevealInline(OwnReadOnlyInline):
    """Who looked at the phone."""

    model = ContactReveal
    own_path = "request__supplier"
    fields = ("seen_by", "reason", "at")
    ordering: ClassVar = ["-at"]


@admin.register(EnterpriseRequest, site=supplier_site)
class EnterpriseDesk(OwnKeptList, OwnReadOnlyAdmin, TabbedAdmin, ActingAdmin):
    """What enterprises ask for, in tabs by what waits."""

    period_field = "asked_at"
    export_columns = REQUEST_COLUMNS
    list_display = ("number_shown", "company", "goods", "wanted_date", "quoted_yuan", "state_chip", "act")
    list_display_links = ("number_shown",)
    list_filter = ("state",)
    search_fields = ("number", "company_name", "lines__product_name")
    search_help_text = _("询价单号、公司或商品")
    ordering: ClassVar[tuple[str, ...]] = ("-asked_at", "-pk")
    inlines = (LineInline, RevealInline)
    fields = (
        *("number", "state_chip", "company", "contact_name_shown", "contact_phone_shown", "invoice_title"),
        *("wanted_date", "note", "asked", "quoted_yuan", "quoted", "quoted_by", "valid_date", "quote_note", "order"),
        "reason",
    )
    readonly_fields = fields
    actions_row = ()
    actions_detail = ("quote", "decline", "reveal")

    asked = moment_column("asked_at", _("询价时间"))
    quoted = moment_column("quoted_at", _("报价时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        supplier = supplier_of(member=request.user)
        counts = queries.request_counts(supplier=supplier) if supplier else {}
        own = [Tab(state.value, state.label, str(counts.get(state) or "")) for state in RequestState]
        return [Tab("", gettext("全部")), *own]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EnterpriseRequest]:
        return super().get_queryset(request).prefetch_related("lines__sku__product")

    def prepare(self, request: HttpRequest, rows: list[Any]) -> None:
        for row in rows:
            row.may_quote = row.state in OPEN and may(request, self.page, "quote")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a record, which knows whether this person may see whom to call just now."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.is_shown = queries.is_contact_revealed(request=row, to=request.user, at=clock.now())
        return row

    @admin.display(description=_("询价单"))
    def number_shown(self, row: EnterpriseRequest) -> SafeString:
        return two_lines(row.number, moment(row.asked_at))

    @admin.display(description=_("公司"))
    def company(self, row: EnterpriseRequest) -> SafeString:
        return two_lines(row.company_name, row.credit_code)

    @admin.display(description=_("商品"))
    def goods(self, row: EnterpriseRequest) -> SafeString:
        return goods_in_two_lines(row)

    @admin.display(description=_("报价合计"))
    def quoted_yuan(self, row: EnterpriseRequest) -> str:
        return yuan(row.goods_fen) if row.quoted_at else "—"

    @admin.display(description=_("状态"))
    def state_chip(self, row: EnterpriseRequest) -> SafeString:
        return chip(row.get_state_display(), TONES.get(RequestState(row.state), ""))

    @admin.display(description=_("联系人"))
    def contact_name_shown(self, row: Any) -> str:
        if not row.contact_name:
            return "—"
        return str(row.contact_name) if getattr(row, "is_shown", False) else masked_name(row.contact_name)

    @admin.display(description=_("联系电话"))
    def contact_phone_shown(self, row: Any) -> str:
        if not row.contact_phone:
            return "—"
        phone = str(row.contact_phone)
        return phone.removeprefix("+86") if getattr(row, "is_shown", False) else masked_phone(phone)

    @admin.display(description=_("订单"))
    def order(self, row: EnterpriseRequest) -> SafeString | str:
        placed = queries.order_at(number=row.number)
        if placed is None:
            return "—"
        if placed.paid_at is None:
            return gettext("%s，待付款") % placed.number
        return link(reverse("supplier:orders_order_change", args=[placed.pk]), placed.number)

    @admin.display(description=_("处理"))
    def act(self, row: Any) -> SafeString | str:
        if not row.may_quote:
            return "—"
        words = gettext("报价") if row.state == RequestState.ASKED else gettext("改报价")
        return link(reverse("supplier:orders_enterpriserequest_quote", args=[row.pk]), words)

    @action(description=_("报价"), url_path="quote")
    def quote(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Quote a price for each line, or others than before."""
        row = self.own_row(request, object_id)
        now = clock.now()
        fee_bps = terms_on(supplier=row.supplier, day=now.astimezone(SHANGHAI).date()).fee_bps

        def run(given: dict[str, Any]) -> str:
            commands.quote_request(
                request=row,
                prices=form.prices(),
                valid_date=given["valid_date"],
                note=given["note"],
                fee_bps=fee_bps,
                by=request.user,
                at=now,
            )
            return gettext("已报价，买家会收到消息")

        form = QuoteForm(posted(request), row=row, fee_bps=fee_bps)
        stock = [(f"{line.product_name} {line.spec}", self._stock_words(line)) for line in row.lines.all()]
        warning = gettext(
            "报价只对这一家有效。买家接受后按报价下单，货款、佣金和服务费照常结算；超过可售数量下不了单。"
        )
        return self._act(request, row, form, run, title=gettext("报价"), facts=stock, warning=warning)

    @action(description=_("不报价"), url_path="decline")
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Say that there will be no quote, and why."""
        row = self.own_row(request, object_id)

        def run(given: dict[str, Any]) -> str:
            commands.decline_request(request=row, reason=given["reason"], by=request.user, at=clock.now())
            return gettext("已答复买家")

        return self._act(request, row, ReasonForm(posted(request)), run, title=gettext("不报价"), dangerous=True)

    @action(description=_("查看联系方式"), url_path="reveal")
    def reveal(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Show whom to call, for a reason that is written down."""
        row = self.own_row(request, object_id)

        def run(given: dict[str, Any]) -> str:
            commands.reveal_contact(request=row, reason=given["reason"], by=request.user, at=clock.now())
            return gettext("已记录，%d 分钟内可以看到完整的联系方式") % REVEAL_MINUTES

        return self._act(request, row, LookForm(posted(request)), run, title=gettext("查看联系方式"))

    def _stock_words(self, line: EnterpriseLine) -> str:
        return gettext("要 %(count)d，可售 %(left)d，售价 %(price)s") % {
            "count": line.quantity,
            "left": line.sku.available,
            "price": yuan(line.sku.sale_price_fen or line.sale_price_fen),
        }

    def _act(
        self,
        request: HttpRequest,
        row: EnterpriseRequest,
        form: forms.Form,
        run: Any,
        *,
        facts: list[tuple[Any, Any]] | None = None,
        **words: Any,
    ) -> HttpResponseBase:
        back = reverse("supplier:orders_enterpriserequest_change", args=[row.pk])
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(EnterpriseRefused,),
            done=back,
            back=back,
            button=words["title"],
            facts=[
                (_("公司"), two_lines(row.company_name, row.credit_code)),
                (_("最晚到货"), row.wanted_date.isoformat()),
                *([(_("采购说明"), row.note)] if row.note else []),
                *(facts or []),
            ],
            context={"opts": self.opts, "original": row},
            **words,
        )


def goods_in_two_lines(row: Any) -> SafeString:
    """The goods of a request, its lines loaded: names over specs with counts."""
    lines = list(row.lines.all())
    names = "、".join(dict.fromkeys(line.product_name for line in lines))
    return two_lines(names, "、".join(f"{line.spec} × {line.quantity}" for line in lines))
