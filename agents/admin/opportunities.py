"""A supplier's opportunities at `/supplier/`: who sells what, who waits for it, offers to shopkeepers, samples."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from agents import commands
from agents.commands import BudgetRefused, OfferRefused, SampleRefused
from agents.models import SampleRequest, SampleState, SellingOffer
from agents.queries import opportunities as queries
from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, moment_column, posted, row_or_404, supplier_site
from mall.core.admin.columns import chip, link, moment, two_lines
from mall.core.admin.fields import HundredthsField
from mall.core.admin.lists import OwnKeptList
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from mall.core.money import percent, yuan
from mall.core.names import masked_name, masked_phone, masked_place
from mall.core.seats import may
from orders.queries import CARRIERS
from suppliers.models import Product, Sku
from suppliers.queries import supplier_of

from .exports import SAMPLE_COLUMNS

TONES = {
    SampleState.ASKED: "warn",
    SampleState.AGREED: "warn",
    SampleState.SENT: "good",
    SampleState.DECLINED: "",
    SampleState.WITHDRAWN: "",
}


@supplier_site.page("opportunities/", name="agents_opportunity_changelist")
def opportunities(request: HttpRequest) -> HttpResponse:
    """What shopkeepers sell of each product, and who waits for it; of one product, which shops."""
    at = clock.now()
    found = queries.chances(supplier=supplier_of(member=request.user), at=at)  # type: ignore[arg-type]
    chosen = next((one for one in found if str(one.product.pk) == request.GET.get("product")), None)
    context = {
        **supplier_site.each_context(request),
        "title": _("机会"),
        "chances": found,
        "chosen": chosen,
        "shops": queries.selling_shops(product=chosen.product, at=at) if chosen else [],
        "figures": _figures(found),
        "may_offer": may(request, "agents_sellingoffer", "offer"),
        "may_budget": may(request, "agents_opportunity", "budget"),
    }
    return TemplateResponse(request, "supplier/opportunities.html", context)


class BudgetForm(forms.Form):
    """How much a month, in yuan; empty for no bound."""

    month_fen = HundredthsField(
        label=gettext_lazy("每月佣金预算（元）"),
        unit="¥",
        required=False,
        help_text=gettext_lazy("留空就不限；每分钟核对一次"),
    )


@supplier_site.page("opportunities/<int:product_id>/budget/", name="agents_opportunity_budget")
def budget(request: HttpRequest, product_id: int) -> HttpResponseBase:
    """Say what the commission of a product may cost in a month."""
    own = Product.objects.filter(supplier=supplier_of(member=request.user))
    product = row_or_404(own, product_id)
    known = queries.budgets_for(product_ids=[product.pk]).get(product.pk)

    def run(given: dict[str, Any]) -> str:
        commands.set_budget(product=product, month_fen=given["month_fen"], by=request.user, at=clock.now())
        return _("佣金预算已保存") if given["month_fen"] else _("佣金不再限预算")

    back = reverse("supplier:agents_opportunity_changelist")
    facts: list[tuple[Any, Any]] = [(_("商品"), product.name), (_("零售佣金"), percent(product.commission_bps))]
    if known is not None:
        facts += [(_("本月已用"), yuan(known.used_fen)), (_("本月预算"), yuan(known.month_fen))]
        facts += [(_("已暂停的佣金"), percent(known.paused_bps))] if known.paused_bps else []
        facts += [(_("没有恢复的原因"), known.trouble)] if known.trouble else []
    return act_page(
        request,
        site=supplier_site,
        title=_("佣金预算"),
        form=BudgetForm(posted(request), initial={"month_fen": known.month_fen if known else None}),
        run=run,
        refusals=(BudgetRefused,),
        done=back,
        back=back,
        button=_("保存"),
        facts=facts,
        warning=_("本月订单带的佣金达到预算后，新订单没有佣金，店主在选品页看得到；已下的订单照付。下个月自动恢复。"),
    )


def _figures(found: list[queries.Chance]) -> list[dict[str, Any]]:
    sold = [one for one in found if one.sales.orders_30]
    wanted = [one for one in found if one.waiting]
    page = reverse("supplier:agents_opportunity_changelist")
    return [
        {
            "label": _("有店主在卖的商品"),
            "value": sum(bool(one.shopkeepers) for one in found),
            "note": _("在架 %d 件") % len(found),
            "address": page,
        },
        {
            "label": _("店主近 30 天净销售额"),
            "value": yuan(sum(one.sales.net_30_fen for one in found)),
            "note": _("%d 件商品有成交") % len(sold),
            "address": page,
        },
        {
            "label": _("等到货"),
            "value": sum(one.waiting for one in found),
            "note": "、".join(one.product.name for one in wanted[:2]) or _("没有"),
            "address": page,
            "tone": "warn" if wanted else "",
        },
        {
            "label": _("待处理样品"),
            "value": sum(one.samples for one in found),
            "note": _("答复后店主会收到消息"),
            "address": reverse("supplier:agents_samplerequest_changelist"),
            "tone": "warn" if any(one.samples for one in found) else "",
        },
    ]


class NothingToFill(forms.Form):
    """An act that needs no more than a yes."""


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=120,
        help_text=gettext_lazy("店主看得到"),
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": gettext_lazy("请写明原因，店主看得到")},
    )


class SendForm(forms.Form):
    """Which piece goes, and by which waybill."""

    sku = forms.TypedChoiceField(label=gettext_lazy("规格"), coerce=int, widget=UnfoldAdminSelectWidget)
    carrier = forms.ChoiceField(
        label=gettext_lazy("快递公司"), choices=[(name, name) for name in CARRIERS], widget=UnfoldAdminSelectWidget
    )
    tracking_number = forms.RegexField(
        r"^[0-9A-Za-z-]{6,40}\Z",
        label=gettext_lazy("快递单号"),
        error_messages={"invalid": gettext_lazy("请填写 6 到 40 位字母或数字")},
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, data: Any, *, skus: list[Sku]) -> None:
        super().__init__(data)
        chosen: Any = self.fields["sku"]
        chosen.choices = [
            (sku.pk, _("%(spec)s（可售 %(left)d）") % {"spec": sku.spec, "left": sku.available}) for sku in skus
        ]


@admin.register(SampleRequest, site=supplier_site)
class SampleDesk(OwnKeptList, OwnReadOnlyAdmin, TabbedAdmin, ActingAdmin):
    """Shopkeepers who want to hold a product before they sell it, in tabs by what waits."""

    period_field = "asked_at"
    export_columns = SAMPLE_COLUMNS
    list_display = ("number_shown", "goods", "shop_name", "words", "state_chip", "act")
    list_display_links = ("number_shown",)
    list_filter = ("state",)
    list_select_related = ("product",)
    search_fields = ("number", "shop_name", "product__name")
    search_help_text = gettext_lazy("申请编号、小店或商品")
    ordering: ClassVar[tuple[str, ...]] = ("-asked_at", "-pk")
    fields = ("number", "state_chip", "goods", "shop_name", "words", "where", "reason", "asked", "answered", "parcel")
    readonly_fields = fields
    actions_row = ()

    asked = moment_column("asked_at", gettext_lazy("申请时间"))
    answered = moment_column("answered_at", gettext_lazy("答复时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        found = self.get_queryset(request).order_by().values("state").annotate(rows=Count("pk"))
        counts = {row["state"]: row["rows"] for row in found}
        own = [Tab(state.value, state.label, str(counts.get(state) or "")) for state in SampleState]
        return [Tab("", _("全部")), *own]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:object_id>/{act}/", self._page(getattr(self, act)), name=f"agents_samplerequest_{act}")
            for act in ("agree", "decline", "send")
        ]
        return own + super().get_urls()

    @admin.display(description=gettext_lazy("申请"))
    def number_shown(self, sample: SampleRequest) -> SafeString:
        return two_lines(sample.number, moment(sample.asked_at))

    @admin.display(description=gettext_lazy("商品"))
    def goods(self, sample: SampleRequest) -> str:
        return sample.product.name

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, sample: SampleRequest) -> SafeString:
        return chip(sample.get_state_display(), TONES[SampleState(sample.state)])

    @admin.display(description=gettext_lazy("收货人"))
    def where(self, sample: SampleRequest) -> SafeString | str:
        if not sample.recipient_phone:
            return "—"
        place = masked_place(sample.recipient_address)
        return two_lines(masked_name(sample.recipient_name), f"{masked_phone(sample.recipient_phone)} {place}")

    @admin.display(description=gettext_lazy("快递"))
    def parcel(self, sample: SampleRequest) -> str:
        return f"{sample.carrier} {sample.tracking_number}" if sample.tracking_number else "—"

    @admin.display(description=gettext_lazy("处理"))
    def act(self, sample: SampleRequest) -> SafeString | str:
        acts = {
            SampleState.ASKED: (("agree", _("同意")), ("decline", _("不同意"))),
            SampleState.AGREED: (("send", _("寄出")), ("decline", _("不寄了"))),
        }.get(SampleState(sample.state), ())
        links = [(reverse(f"supplier:agents_samplerequest_{name}", args=[sample.pk]), words) for name, words in acts]
        return format_html_join("\u3000", '<a class="ops-link" href="{}">{}</a>', links) if links else "—"

    def agree(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Promise one piece."""
        sample = self.own_row(request, str(object_id))

        def run(_given: dict[str, Any]) -> str:
            commands.agree_sample(request=sample, by=request.user, at=clock.now())
            return _("已同意，寄出时填快递单号")

        warning = _("样品由你承担：店主不付款，没有货款，从库存扣一件，不算销量。")
        form = NothingToFill(posted(request))
        return self._act(request, sample, form, run, title=_("同意寄样品"), warning=warning)

    def decline(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Say no, and why."""
        sample = self.own_row(request, str(object_id))

        def run(given: dict[str, Any]) -> str:
            commands.decline_sample(request=sample, reason=given["reason"], by=request.user, at=clock.now())
            return _("已答复店主")

        return self._act(request, sample, ReasonForm(posted(request)), run, title=_("不寄样品"), dangerous=True)

    def send(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Give the piece to a carrier. Whoever ships sees where to, once it was promised and until it went."""
        sample = self.own_row(request, str(object_id))
        skus = list(Sku.objects.filter(product=sample.product_id, is_active=True).order_by("pk"))

        def run(given: dict[str, Any]) -> str:
            commands.send_sample(
                request=sample,
                sku=next(sku for sku in skus if sku.pk == given["sku"]),
                carrier=given["carrier"],
                tracking_number=given["tracking_number"],
                by=request.user,
                at=clock.now(),
            )
            return _("样品已寄出，库存扣了一件")

        facts: list[tuple[Any, Any]] = []
        if sample.state == SampleState.AGREED:
            where = f"{sample.recipient_phone.removeprefix('+86')} {sample.recipient_address}"
            facts = [(_("收货人"), two_lines(sample.recipient_name, where))]
        form = SendForm(posted(request), skus=skus)
        return self._act(request, sample, form, run, title=_("寄出样品"), facts=facts)

    def _act(
        self,
        request: HttpRequest,
        sample: SampleRequest,
        form: forms.Form,
        run: Any,
        *,
        facts: list[tuple[Any, Any]] | None = None,
        **words: Any,
    ) -> HttpResponseBase:
        back = reverse("supplier:agents_samplerequest_changelist")
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(SampleRefused,),
            done=back,
            back=back,
            button=words["title"],
            facts=[
                (_("商品"), sample.product.name),
                (_("小店"), sample.shop_name),
                (_("打算怎么卖"), sample.words),
                *(facts or []),
            ],
            context={"opts": self.opts, "original": sample},
            **words,
        )


class OfferForm(forms.Form):
    """Which product, what to say, until when."""

    product = forms.ModelChoiceField(
        label=gettext_lazy("商品"), queryset=Product.objects.none(), widget=UnfoldAdminSelectWidget
    )
    words = forms.CharField(
        label=gettext_lazy("给店主的话"),
        max_length=60,
        help_text=gettext_lazy("为什么好卖、适合卖给谁；显示在店主的选品页"),
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": gettext_lazy("请写一句给店主的话")},
    )
    until_date = forms.DateField(
        label=gettext_lazy("截止日期"), widget=UnfoldAdminTextInputWidget(attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, products: QuerySet[Product], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        chosen: Any = self.fields["product"]
        chosen.queryset = products


@admin.register(SellingOffer, site=supplier_site)
class SellingOfferDesk(OwnReadOnlyAdmin, ActingAdmin):
    """Goods for which a supplier looks for shopkeepers."""

    list_before_template = "supplier/offers_before.html"
    list_display = ("goods", "words", "until_date", "opened", "state_chip", "act")
    list_display_links = ("goods",)
    list_select_related = ("product", "opened_by")
    search_fields = ("product__name", "words")
    search_help_text = gettext_lazy("商品或给店主的话")
    ordering: ClassVar[tuple[str, ...]] = ("-opened_at", "-pk")
    fields = ("goods", "words", "until_date", "opened", "opened_by", "ended", "state_chip")
    readonly_fields = fields

    opened = moment_column("opened_at", gettext_lazy("发起时间"))
    ended = moment_column("ended_at", gettext_lazy("结束时间"))

    def get_urls(self) -> list[URLPattern]:
        name = "agents_sellingoffer"
        own = [
            path("offer/", self._page(self.offer), name=f"{name}_offer"),
            path("<int:object_id>/end/", self._page(self.end), name=f"{name}_end"),
        ]
        return own + super().get_urls()

    def prepare(self, request: HttpRequest, rows: list[Any]) -> None:
        shown = set(
            queries.open_offers(at=clock.now()).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
        )
        for row in rows:
            row.is_shown = row.pk in shown

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"may_offer": may(request, self.page, "offer"), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=gettext_lazy("商品"))
    def goods(self, offer: SellingOffer) -> str:
        return offer.product.name

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, offer: Any) -> SafeString:
        if offer.ended_at:
            return chip(_("已结束"))
        if getattr(offer, "is_shown", True):
            return chip(_("店主看得到"), "good")
        return chip(_("没有展示：已过期、下架或没有佣金"), "warn")

    @admin.display(description=gettext_lazy("处理"))
    def act(self, offer: SellingOffer) -> SafeString | str:
        if offer.ended_at:
            return "—"
        return link(reverse("supplier:agents_sellingoffer_end", args=[offer.pk]), _("结束"))

    def offer(self, request: HttpRequest) -> HttpResponseBase:
        """Open an offer, or write an open one anew."""
        own = Product.objects.filter(supplier=supplier_of(member=request.user), is_published=True, commission_bps__gt=0)
        chosen = request.GET.get("product", "")
        initial = {"product": chosen if chosen.isdecimal() and len(chosen) < 19 else None}

        def run(given: dict[str, Any]) -> str:
            commands.open_offer(
                product=given["product"],
                words=given["words"],
                until_date=given["until_date"],
                by=request.user,
                at=clock.now(),
            )
            return _("已发起，店主在选品页看得到")

        form = OfferForm(posted(request), products=own.order_by("position", "id"), initial=initial)
        warning = _("只列出在架并设了零售佣金的商品。佣金在商品页设置，售价要盖得住供货价和佣金。")
        return self._act(request, form, run, title=_("找人帮卖"), warning=warning)

    def end(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Show it no longer."""
        offer = self.own_row(request, str(object_id))

        def run(_given: dict[str, Any]) -> str:
            commands.end_offer(offer=offer, at=clock.now())
            return _("已结束")

        warning = _("店主已经放进小店的不受影响，佣金不变。")
        form = NothingToFill(posted(request))
        return self._act(request, form, run, title=_("结束帮卖邀请"), warning=warning, original=offer)

    def _act(
        self, request: HttpRequest, form: forms.Form, run: Any, *, original: SellingOffer | None = None, **words: Any
    ) -> HttpResponseBase:
        back = reverse("supplier:agents_sellingoffer_changelist")
        facts = [(_("商品"), original.product.name), (_("给店主的话"), original.words)] if original else []
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(OfferRefused,),
            done=back,
            back=back,
            button=words["title"],
            facts=facts,
            context={"opts": self.opts, "original": original},
            **words,
        )
