"""After-sale cases at `/supplier/`, where they are answered, and at `/ops/`, where disputes are decided."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import suppliers.queries
from mall.core import clock
from mall.core.admin import (
    ActingAdmin,
    Tab,
    TabbedAdmin,
    act_page,
    moment_column,
    ops_site,
    person,
    posted,
    supplier_site,
    yuan_column,
)
from mall.core.admin.columns import chip, two_lines
from mall.core.admin.lists import Found, KeptList, OwnKeptList
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from mall.core.money import yuan
from mall.core.photos import private_photo
from mall.core.previews import sums_of
from mall.core.seats import may
from orders.commands import OrderRefused
from orders.commands import after_sale as commands
from orders.models import AfterSale, CaseKind, CaseState, ReturnAddress
from orders.queries import after_sale as queries
from orders.queries.deciding import outcomes
from orders.rules import returning as rules

from .after_sale_forms import (
    AddressForm,
    AgreeExchangeForm,
    AgreeForm,
    DecideForm,
    NothingToFill,
    RefuseForm,
    SpeakForm,
    TakeBackForm,
)
from .exports import CASE_COLUMNS, OWN_CASE_COLUMNS
from .fulfilment_forms import WaybillForm

DECIDE = "orders.decide_aftersale"
TONES = {
    CaseState.ASKED: "warn",
    CaseState.REFUSED: "bad",
    CaseState.DISPUTED: "warn",
    CaseState.TO_RETURN: "info",
    CaseState.RETURNING: "info",
    CaseState.TO_RESEND: "warn",
    CaseState.RESENT: "info",
    CaseState.REFUNDING: "info",
    CaseState.DONE: "good",
    CaseState.CLOSED: "",
}


class CaseRecord(TabbedAdmin, ActingAdmin):
    """What both sites show of a case."""

    site_name: ClassVar[str]
    is_masked: ClassVar[bool]
    list_filter = ("state",)
    list_select_related = ("order__member", "order__supplier", "line")
    search_fields = ("number__exact", "order__number__exact")
    search_help_text = _("售后单号、订单号")
    ordering: ClassVar[tuple[str, ...]] = ("due_at", "-pk")

    amount_yuan = yuan_column("amount_fen", _("申请金额"))
    asked = moment_column("asked_at", _("申请时间"))
    due = moment_column("due_at", _("处理截止"))

    @admin.display(description=_("售后单"))
    def number_and_kind(self, case: AfterSale) -> SafeString:
        return two_lines(case.number, f"{case.get_kind_display()} · {case.get_reason_display()}")

    @admin.display(description=_("商品"))
    def goods(self, case: AfterSale) -> SafeString:
        return two_lines(case.line.product_name, f"{case.line.spec} × {case.quantity}")

    @admin.display(description=_("买家"))
    def buyer(self, case: AfterSale) -> SafeString:
        return person(case.order.member, masked=self.is_masked)

    @admin.display(description=_("状态"))
    def state_chip(self, case: AfterSale) -> SafeString:
        return chip(case.get_state_display(), TONES[CaseState(case.state)])

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:object_id>/photos/<int:photo_id>/", self._page(self.photo), name="orders_aftersale_photo")]
        own += [
            path(
                f"<int:object_id>/{act.replace('_', '-')}/",
                self._page(getattr(self, act)),
                name=f"orders_aftersale_{act}",
            )
            for act in self.acts
        ]
        return own + super().get_urls()

    acts: ClassVar[tuple[str, ...]] = ()

    def found(self, request: HttpRequest, object_id: Any) -> AfterSale:
        """Return the case, if this person may see it, or answer 404."""
        raise Http404

    def photo_name(self, request: HttpRequest, photo_id: int) -> str | None:
        """Return the file of a photo, if this person may see it."""
        return None

    def possible(self, request: HttpRequest, case: AfterSale) -> list[tuple[str, Any, bool]]:
        """Return the acts that this person can do now: name, label, whether it is the main one."""
        return []

    def more(self, request: HttpRequest, case: AfterSale) -> dict[str, Any]:
        """Return what only one of the sites shows of a case."""
        return {}

    def photo(self, request: HttpRequest, object_id: int, photo_id: int) -> HttpResponse:
        """A photo of a case."""
        if not self.has_view_permission(request):
            raise Http404
        name = self.photo_name(request, photo_id)
        if name is None:
            raise Http404
        return private_photo(name)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        case = self.found(request, object_id)
        context = {
            "original": case,
            "case": case,
            "tone": TONES[CaseState(case.state)],
            "buyer": person(case.order.member, masked=self.is_masked),
            "refund": queries.refund_of_case(case=case),
            "photos": [(photo, self._address("photo", case, photo.pk)) for photo in case.photos.all()],
            "acts": [(self._address(act, case), label, main) for act, label, main in self.possible(request, case)],
            **self.more(request, case),
        }
        return self.record_page(request, template="ops/after_sale.html", title=case.number, context=context)

    def _address(self, act: str, case: AfterSale, *more: int) -> str:
        return reverse(f"{self.site_name}:orders_aftersale_{act}", args=[case.pk, *more])

    def _act(
        self, request: HttpRequest, case: AfterSale, *, title: Any, form: forms.Form, run: Any, **more: Any
    ) -> Any:
        record = reverse(f"{self.site_name}:orders_aftersale_change", args=[case.pk])
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=run,
            refusals=(OrderRefused,),
            done=record,
            back=record,
            button=more.pop("button", title),
            facts=[
                (_("售后单"), case.number),
                (_("商品"), f"{case.line.product_name} {case.line.spec} × {case.quantity}"),
                (_("买家要求"), f"{case.get_kind_display()} · {case.get_reason_display()}"),
                (_("申请金额"), yuan(case.amount_fen)),
            ],
            context={"opts": self.opts, "original": case, **more.pop("shown", {})},
            **more,
        )


@admin.register(AfterSale, site=supplier_site)
class CaseDesk(OwnKeptList, OwnReadOnlyAdmin, CaseRecord):
    """A supplier's own cases, those that wait for it first."""

    period_field = "asked_at"
    export_columns = OWN_CASE_COLUMNS
    site_name = "supplier"
    is_masked = True
    own_path = "order__supplier"
    list_display = ("number_and_kind", "goods", "buyer", "amount_yuan", "asked", "due", "state_chip")
    acts = ("agree", "refuse", "take_back", "resend", "refund_instead", "speak", "return_address")

    def tabs(self, request: HttpRequest) -> list[Tab]:
        supplier = suppliers.queries.supplier_of(member=request.user)
        counts = queries.case_counts(supplier=supplier) if supplier else {}
        return [Tab("", gettext("全部"))] + [
            Tab(state.value, state.label, str(counts.get(state) or "")) for state in CaseState
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AfterSale]:
        return super().get_queryset(request).filter(before_shipping=False)

    def found(self, request: HttpRequest, object_id: Any) -> AfterSale:
        supplier = suppliers.queries.supplier_of(member=request.user)
        case = queries.case_for_supplier(supplier=supplier, case_id=_id(object_id)) if supplier else None
        if case is None:
            raise Http404
        return case

    def photo_name(self, request: HttpRequest, photo_id: int) -> str | None:
        supplier = suppliers.queries.supplier_of(member=request.user)
        return queries.case_photo(photo_id=photo_id, supplier=supplier) if supplier else None

    def possible(self, request: HttpRequest, case: AfterSale) -> list[tuple[str, Any, bool]]:
        labels = {
            "agree": (gettext("同意"), True),
            "take_back": (gettext("确认收到退货"), True),
            "resend": (gettext("发出换货"), True),
            "refund_instead": (gettext("没有货，改为退款"), False),
            "speak": (gettext("补充说明和凭证"), True),
            "refuse": (gettext("拒绝"), False),
        }
        found = [
            (act, *words)
            for act, words in labels.items()
            if rules.may(act, actor=rules.SUPPLIER, state=case.state) and not (act == "speak" and _is_over_due(case))
        ]
        found.append(("return_address", gettext("退货地址"), False))
        return [words for words in found if may(request, self.page, words[0])]

    def agree(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Agree to what the buyer asks."""
        case = self.found(request, object_id)

        def run(data: dict[str, Any]) -> str:
            commands.agree_case(case=case, by=request.user, with_freight=data["with_freight"], at=clock.now())
            return gettext("已同意 %s") % case.number

        money = case.kind == CaseKind.REFUND_ONLY
        warning = (
            gettext("同意后马上退款，不能撤回。")
            if money
            else gettext("同意后买家会把商品寄到退货地址，收到后再处理。")
        )
        form = AgreeForm(posted(request)) if case.kind != CaseKind.EXCHANGE else AgreeExchangeForm(posted(request))
        return self._act(request, case, title=gettext("同意售后"), form=form, run=run, warning=warning)

    def refuse(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Refuse with a reason."""
        case = self.found(request, object_id)

        def run(data: dict[str, Any]) -> str:
            commands.refuse_case(case=case, by=request.user, at=clock.now(), **data)
            return gettext("已拒绝 %s，买家可以申请平台介入") % case.number

        files = request.FILES if request.method == "POST" else None
        form = RefuseForm(posted(request), files)
        return self._act(request, case, title=gettext("拒绝售后"), form=form, run=run, dangerous=True)

    def take_back(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Take the goods back: on the shelf, or written off."""
        case = self.found(request, object_id)

        def run(data: dict[str, Any]) -> str:
            commands.take_back(case=case, by=request.user, restock=data["restock"], at=clock.now())
            return gettext("已确认收到 %s 的退货") % case.number

        exchange = case.kind == CaseKind.EXCHANGE
        warning = gettext("确认后请在 3 天内发出换货。") if exchange else gettext("确认后马上退款，不能撤回。")
        form = TakeBackForm(posted(request))
        return self._act(request, case, title=gettext("确认收到退货"), form=form, run=run, warning=warning)

    def resend(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Send another piece."""
        case = self.found(request, object_id)

        def run(data: dict[str, Any]) -> str:
            commands.resend(case=case, by=request.user, at=clock.now(), **data)
            return gettext("%s 的换货已发出") % case.number

        return self._act(request, case, title=gettext("发出换货"), form=WaybillForm(posted(request)), run=run)

    def refund_instead(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Give money back where there is no other piece."""
        case = self.found(request, object_id)

        def run(_data: dict[str, Any]) -> str:
            commands.refund_instead(case=case, by=request.user, at=clock.now())
            return gettext("%s 已改为退款") % case.number

        form = NothingToFill(posted(request))
        warning = gettext("马上退款，不能撤回。")
        return self._act(request, case, title=gettext("改为退款"), form=form, run=run, warning=warning, dangerous=True)

    def speak(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Say more while the platform decides."""
        case = self.found(request, object_id)

        def run(data: dict[str, Any]) -> str:
            commands.speak_in_dispute(case=case, by=request.user, at=clock.now(), **data)
            return gettext("已补充，平台裁定时会看")

        form = SpeakForm(posted(request), request.FILES if request.method == "POST" else None)
        return self._act(request, case, title=gettext("补充说明"), form=form, run=run, button=gettext("提交"))

    def return_address(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Say where goods come back to."""
        case = self.found(request, object_id)
        supplier = case.order.supplier

        def run(data: dict[str, Any]) -> str:
            commands.set_return_address(supplier=supplier, **data)
            return gettext("退货地址已保存，之后同意的售后按它寄回")

        kept = ReturnAddress.objects.filter(supplier=supplier).first()
        initial = {name: getattr(kept, name, "") for name in AddressForm.base_fields}
        form = AddressForm(posted(request), initial=initial)
        return self._act(request, case, title=gettext("退货地址"), form=form, run=run, button=gettext("保存"))


@admin.register(AfterSale, site=ops_site)
class CaseAdmin(KeptList, CaseRecord):
    """All cases; disputes first."""

    period_field = "asked_at"
    found_by = Found(("number", "order__number"), "order__member")
    export_columns = CASE_COLUMNS
    site_name = "ops"
    is_masked = False
    list_display = ("number_and_kind", "goods", "buyer", "supplier_name", "amount_yuan", "asked", "due", "state_chip")
    acts = ("decide",)

    @admin.display(description=_("供应商"))
    def supplier_name(self, case: AfterSale) -> str:
        return str(case.order.supplier)

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = queries.case_counts()
        first = Tab(CaseState.DISPUTED.value, CaseState.DISPUTED.label, str(counts[CaseState.DISPUTED] or ""))
        rest = [Tab(state.value, state.label) for state in CaseState if state != CaseState.DISPUTED]
        return [first, *rest, Tab("", gettext("全部"))]

    def found(self, request: HttpRequest, object_id: Any) -> AfterSale:
        case = queries.case_for_platform(case_id=_id(object_id))
        if case is None:
            raise Http404
        return case

    def photo_name(self, request: HttpRequest, photo_id: int) -> str | None:
        return queries.case_photo(photo_id=photo_id)

    def more(self, request: HttpRequest, case: AfterSale) -> dict[str, Any]:
        was_disputed = any(step.state == CaseState.DISPUTED for step in case.steps.all())
        return {"dispute_href": reverse("ops:service_dispute_case", args=[case.pk]) if was_disputed else ""}

    def possible(self, request: HttpRequest, case: AfterSale) -> list[tuple[str, Any, bool]]:
        if not request.user.has_perm(DECIDE) or case.state != CaseState.DISPUTED:
            return []
        return [("decide", gettext("裁定"), True)]

    def decide(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Decide a dispute."""
        self.require(request, DECIDE)
        case = self.found(request, object_id)

        def run(data: dict[str, Any]) -> str:
            commands.decide_case(case=case, by=request.user, at=clock.now(), **data)
            self.log_change(request, case, gettext("裁定：%s") % data["reason"])
            return gettext("%s 已裁定") % case.number

        found = outcomes(case=case, at=clock.now())
        effects = next((list(one.effects) for one in found if one.effects), [])
        form = DecideForm(posted(request), outcomes=found)
        warning = gettext("裁定后马上生效，不能撤回。")
        return self._act(
            request,
            case,
            title=gettext("裁定"),
            form=form,
            run=run,
            warning=warning,
            template="ops/case_decide.html",
            shown={"outcomes": found, "effects": effects, "sums": sums_of(effects)},
        )


def _is_over_due(case: AfterSale) -> bool:
    return case.due_at is not None and clock.now() >= case.due_at


def _id(text: Any) -> int:
    return int(text) if str(text).isdecimal() and len(str(text)) < 19 else 0
