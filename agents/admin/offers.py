"""Offers at `/supplier/`: goods for which a supplier looks for shopkeepers."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from agents import commands
from agents.commands import OfferRefused
from agents.models import SellingOffer
from agents.queries import opportunities as queries
from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, posted, supplier_site
from mall.core.admin.columns import chip, link
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from mall.core.seats import may
from suppliers.models import Product
from suppliers.queries import supplier_of

from .samples import NothingToFill


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
