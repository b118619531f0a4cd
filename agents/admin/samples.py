"""Samples at `/supplier/`: shopkeepers ask for one, the supplier agrees or says why not, and sends it."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from agents import commands
from agents.commands import SampleRefused
from agents.models import SampleRequest, SampleState
from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, moment_column, posted, supplier_site
from mall.core.admin.columns import chip, moment, two_lines
from mall.core.admin.lists import OwnKeptList
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from mall.core.names import masked_name, masked_phone, masked_place
from orders.queries import CARRIERS
from suppliers.models import Sku

from .exports import SAMPLE_COLUMNS

TONES = {
    SampleState.ASKED: "warn",
    SampleState.AGREED: "warn",
    SampleState.SENT: "good",
    SampleState.DECLINED: "",
    SampleState.WITHDRAWN: "",
}


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
