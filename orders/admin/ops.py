"""Orders, refunds and notices for operators: seen by all, refunded by those who may, money never edited."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import (
    ActingAdmin,
    ReadOnlyAdmin,
    Tab,
    TabbedAdmin,
    act_page,
    fill,
    moment_column,
    operator,
    ops_site,
    person,
    posted,
    yuan_column,
)
from mall.core.admin.columns import chip, link, moment, two_lines
from mall.core.admin.lists import Found, KeptList, LeadingFilter, days_filter, least_filter
from mall.core.labels import labels
from mall.core.money import yuan
from mall.core.previews import refund_effects, sums_of
from orders.commands import ask_refund, retry_refund
from orders.commands.refund_asking import ASK
from orders.models import Notice, Order, OrderState, Refund, RefundRequestState, RefundState
from orders.queries import is_order_refundable, order_by_number, timeline
from orders.queries.refund_sums import rest_of_order
from orders.refusals import OrderRefused
from orders.rules import PAID_STATES

from .exports import ORDER_COLUMNS, REFUND_COLUMNS

TONES = {
    "placed": "warn",
    "paid": "info",
    "shipped": "info",
    "received": "good",
    "completed": "good",
    "cancelled": "",
    "refunded": "bad",
}
REFUND_TONES = {"requested": "warn", "sent": "info", "succeeded": "good", "failed": "bad"}


class RefundForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("退款原因"),
        max_length=80,
        help_text=gettext_lazy("买家在订单里看得到。"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请填写退款原因")},
    )
    seen_fen = forms.IntegerField(widget=forms.HiddenInput, required=False)


def refund_facts(order: Order, amount_fen: int) -> list[tuple[Any, Any]]:
    """Return what a page about a whole refund says of it first."""
    return [
        (_("订单号"), order.number),
        (_("买家"), person(order.member, masked=True)),
        (_("状态"), chip(order.get_state_display(), TONES[order.state])),
        (_("退款金额"), yuan(amount_fen)),
    ]


class NothingToFill(forms.Form):
    pass


class LateFilter(LeadingFilter):
    """Orders that left later than was promised."""

    title = gettext_lazy("发货时限")
    parameter_name = "late"

    def words(self, value: str) -> str:
        return _("超时发货")

    def narrow(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        return queryset.filter(shipped_at__gt=F("due_at"))


@admin.register(Order, site=ops_site)
class OrderAdmin(KeptList, TabbedAdmin, ActingAdmin):
    """Orders by state, newest first."""

    period_field = "placed_at"
    found_by = Found(("number", "purchase__number"), "member")
    export_columns = ORDER_COLUMNS
    list_display = ("number_and_time", "buyer", "supplier_name", "goods", "total_yuan", "state_chip")
    list_filter = (
        *("state", "supplier"),
        days_filter("paid", gettext_lazy("付款日期"), "paid_at"),
        days_filter("shipped", gettext_lazy("发货日期"), "shipped_at"),
        LateFilter,
    )
    list_select_related = ("member", "supplier")
    search_fields = ("number__exact", "purchase__number__exact", "member__phone__endswith", "member__nickname")
    search_help_text = gettext_lazy("订单号、手机尾号、昵称")

    total_yuan = yuan_column("total_fen", gettext_lazy("金额"))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "member__id__exact" or super().lookup_allowed(lookup, value, request)

    def tabs(self, request: HttpRequest) -> list[Tab]:
        return [Tab("", _("全部")), *(Tab(state.value, state.label) for state in OrderState)]

    def prepare(self, request: HttpRequest, rows: list[Order]) -> None:
        titles = labels("member_title", (row.member_id for row in rows))
        fill(rows, "member_title", lambda row: row.member_id, titles, "")

    @admin.display(description=gettext_lazy("订单号"))
    def number_and_time(self, order: Order) -> SafeString:
        return two_lines(order.number, moment(order.placed_at))

    @admin.display(description=gettext_lazy("买家"))
    def buyer(self, order: Any) -> SafeString:
        return person(order.member, order.member_title)

    @admin.display(description=gettext_lazy("供应商"))
    def supplier_name(self, order: Order) -> str:
        return str(order.supplier)

    @admin.display(description=gettext_lazy("内容"))
    def goods(self, order: Order) -> SafeString:
        return chip(_("礼包 × %d") % order.packs, "gold") if order.packs else chip(_("商品"))

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, order: Order) -> SafeString:
        return chip(order.get_state_display(), TONES[order.state])

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:object_id>/refund/", self._page(self.refund), name="orders_order_refund")]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "orders.view_order")
        order = self._found(object_id)
        context = {
            "original": order,
            "order": order,
            "tone": TONES[order.state],
            "steps": timeline(order=order),
            "payments": list(order.purchase.payments.order_by("pk")),
            "refunds": list(order.refunds.order_by("pk")),
            "cases": list(order.after_sales.order_by("-pk")),
            "member_title": labels("member_title", [order.member_id]).get(order.member_id, ""),
            "service_words": labels("order_service", [order.pk]).get(order.pk, ""),
            "why": self._why_not(request, order),
            "asked": order.refund_requests.filter(state=RefundRequestState.WAITING).first(),
        }
        return self.record_page(request, template="ops/order.html", title=order.number, context=context)

    def refund(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Ask for an order to be taken back whole; somebody else confirms it."""
        self.require(request, ASK)
        order = self._found(object_id)
        rest = rest_of_order(order=order)

        def run(data: dict[str, Any]) -> str:
            asked = ask_refund(
                order=order, reason=data["reason"], seen_fen=data["seen_fen"], by=operator(request), at=clock.now()
            )
            self.log_change(request, order, _("申请整单退款：%s") % data["reason"])
            return _("%(number)s 退款 %(amount)s 已申请，请另一位同事确认。") % {
                "number": order.number,
                "amount": yuan(asked.amount_fen),
            }

        record = reverse("ops:orders_order_change", args=[order.pk])
        effects = refund_effects(order.pk)
        return act_page(
            request,
            site=self.admin_site,
            title=_("申请整单退款"),
            form=RefundForm(posted(request), initial={"seen_fen": rest.amount_fen}),
            run=run,
            refusals=(OrderRefused,),
            done=record,
            back=record,
            facts=refund_facts(order, rest.amount_fen),
            button=_("申请退款 %s") % yuan(rest.amount_fen),
            warning=_("须由另一位同事确认后才退款；确认前不动钱。"),
            template="ops/order_refund.html",
            context={"opts": self.opts, "original": order, "effects": effects, "sums": sums_of(effects)},
        )

    def _why_not(self, request: HttpRequest, order: Order) -> str | None:
        """Say why this person cannot ask for a refund of the order now; None where there is no such act."""
        if order.state not in PAID_STATES:
            return None
        if not request.user.has_perm(ASK):
            return _("你没有退款权限。")
        return "" if is_order_refundable(order=order, at=clock.now()) else _("已过退货期，不能退款。")

    def _found(self, object_id: Any) -> Order:
        if str(object_id).isdecimal() and len(str(object_id)) < 19:
            number = Order.objects.filter(pk=int(object_id)).values_list("number", flat=True).first()
            order = order_by_number(number=number) if number else None
            if order is not None:
                return order
        raise Http404


@admin.register(Refund, site=ops_site)
class RefundAdmin(KeptList, TabbedAdmin, ActingAdmin):
    """Refunds by how far the money has come back."""

    period_field = "created_at"
    found_by = Found(("number", "order__number", "payment__purchase__number"), "payment__purchase__member")
    export_columns = REFUND_COLUMNS
    list_display = ("number", "order_link", "buyer", "amount_yuan", "asked", "came_back", "state_chip", "again")
    list_filter = ("state", least_filter("least_fen", gettext_lazy("退款金额"), "amount_fen"))
    list_select_related = ("order", "after_sale", "payment__purchase__member")
    search_fields = ("number__exact", "order__number__exact", "payment__purchase__number__exact")
    search_help_text = gettext_lazy("退款单号、订单号")
    fields = ("number", "order_link", "amount_yuan", "reason", "asked", "sent", "came_back", "state_chip")
    readonly_fields: ClassVar = ["order_link", "amount_yuan", "asked", "sent", "came_back", "state_chip"]

    amount_yuan = yuan_column("amount_fen", gettext_lazy("金额"))
    asked = moment_column("created_at", gettext_lazy("申请时间"))
    sent = moment_column("sent_at", gettext_lazy("提交时间"))
    came_back = moment_column("succeeded_at", gettext_lazy("退回时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        return [Tab("", _("全部")), *(Tab(state.value, state.label) for state in RefundState)]

    @admin.display(description=gettext_lazy("订单"))
    def order_link(self, refund: Refund) -> SafeString:
        if refund.after_sale is not None and refund.order is not None:
            case = link(reverse("ops:orders_aftersale_change", args=[refund.after_sale.pk]), refund.after_sale.number)
            return format_html(
                "{} {}", link(reverse("ops:orders_order_change", args=[refund.order.pk]), refund.order.number), case
            )
        if refund.order is None:
            return two_lines(refund.payment.purchase.number, _("多付或迟到的款项"))
        return link(reverse("ops:orders_order_change", args=[refund.order.pk]), refund.order.number)

    @admin.display(description=gettext_lazy("买家"))
    def buyer(self, refund: Refund) -> SafeString:
        return person(refund.payment.purchase.member)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, refund: Refund) -> SafeString:
        return chip(refund.get_state_display(), REFUND_TONES[refund.state])

    @admin.display(description=gettext_lazy("处理"))
    def again(self, refund: Refund) -> SafeString | str:
        if refund.state != RefundState.FAILED:
            return "—"
        return link(reverse("ops:orders_refund_retry", args=[refund.pk]), _("再次提交"))

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:object_id>/retry/", self._page(self.retry), name="orders_refund_retry")]
        return own + super().get_urls()

    def retry(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Have a refund that the provider turned down sent again."""
        self.require(request, ASK)
        refund = Refund.objects.select_related("order", "payment__purchase").filter(pk=object_id).first()
        if refund is None:
            raise Http404

        def run(_data: dict[str, Any]) -> str:
            if not retry_refund(refund=refund, at=clock.now()):
                return _("%s 不在“渠道拒绝”状态，没有再次提交。") % refund.number
            self.log_change(request, refund, _("再次提交渠道"))
            return _("%s 已用同一单号再次提交渠道。") % refund.number

        page = reverse("ops:orders_refund_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("再次提交退款"),
            form=NothingToFill(posted(request)),
            run=run,
            refusals=(),
            done=page,
            back=page,
            facts=[
                (_("退款单号"), refund.number),
                (_("订单"), refund.order.number if refund.order else refund.payment.purchase.number),
                (_("金额"), yuan(refund.amount_fen)),
            ],
            button=_("再次提交"),
            warning=_("用同一单号提交，渠道不会退两次。"),
            context={"opts": self.opts, "original": refund},
        )


@admin.register(Notice, site=ops_site)
class NoticeAdmin(ReadOnlyAdmin):
    """What providers told the mall, and what became of it."""

    list_display = ("notice_id", "provider", "result", "when")
    search_fields = ("notice_id__exact",)
    search_help_text = gettext_lazy("通知号")
    fields = ("notice_id", "provider", "result", "when", "body")
    readonly_fields: ClassVar = ["when"]

    when = moment_column("received_at", gettext_lazy("收到时间"))
