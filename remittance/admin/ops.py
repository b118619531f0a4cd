"""Statements of suppliers at `/ops/`: two people pay, two people correct, one sets the terms."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
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
    moment_column,
    ops_site,
    posted,
    row_or_404,
    yuan_column,
)
from mall.core.admin.columns import chip, link, two_lines
from mall.core.money import percent, yuan
from mall.core.photos import private_photo
from remittance import commands, queries
from remittance.commands import RemittanceRefused
from remittance.models import (
    DisputeState,
    Statement,
    StatementDispute,
    StatementInvoice,
    StatementState,
    SupplierTerms,
)
from suppliers.models import Supplier

from .desk import TONES, period_words, statement_context
from .forms import AnswerForm, NothingToFill, ReasonForm, ReleaseForm, TermsForm

APPROVE, RELEASE = "remittance.approve_supplier_payout", "remittance.release_supplier_payout"
ANSWER, TERMS = "remittance.answer_dispute", "remittance.set_supplier_terms"
DISPUTE_TONES = {"open": "warn", "proposed": "info", "corrected": "good", "refused": ""}


@admin.register(Statement, site=ops_site)
class StatementAdmin(TabbedAdmin, ActingAdmin):
    """Those that wait for the first eyes first."""

    list_display = (
        "number_and_period",
        "supplier",
        "supply_yuan",
        "refund_yuan",
        "payable_yuan",
        "people",
        "state_chip",
    )
    list_filter = ("state",)
    list_select_related = ("supplier", "approved_by", "released_by")
    search_fields = ("number__exact", "supplier__name", "bank_reference__exact")
    search_help_text = gettext_lazy("对账单号、供应商、银行流水号")
    ordering: ClassVar[tuple[str, ...]] = ("closed_at", "pk")

    supply_yuan = yuan_column("supply_fen", gettext_lazy("供货款"))
    refund_yuan = yuan_column("refund_fen", gettext_lazy("退款"))
    payable_yuan = yuan_column("payable_fen", gettext_lazy("应付"))

    @admin.display(description=gettext_lazy("账期"))
    def number_and_period(self, statement: Statement) -> SafeString:
        return two_lines(period_words(statement), statement.number)

    @admin.display(description=gettext_lazy("初审与复核"))
    def people(self, statement: Statement) -> SafeString:
        names = [str(who.nickname) if who else "—" for who in (statement.approved_by, statement.released_by)]
        return two_lines(*names)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, statement: Statement) -> SafeString:
        return chip(statement.get_state_display(), TONES[statement.state])

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = queries.statement_counts()
        order = ["confirmed", "approved", "open", "paid", "carried"]
        return [Tab(state, StatementState(state).label, str(counts.get(state) or "")) for state in order] + [
            Tab("", _("全部"))
        ]

    def get_urls(self) -> list[URLPattern]:
        name = "remittance_statement"
        own = [
            path(f"<int:object_id>/{act.replace('_', '-')}/", self._page(getattr(self, act)), name=f"{name}_{act}")
            for act in ("approve", "release", "send_back")
        ]
        own.append(path("<int:object_id>/invoice/<int:photo_id>/", self._page(self.photo), name=f"{name}_photo"))
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        statement = self._found(object_id)
        context = {
            **statement_context(statement, request),
            "acts": self._possible(request, statement),
            "why_not": self._why_not(request, statement),
            "account": statement.account or queries.account_of(supplier=statement.supplier),
            "now": clock.now(),
        }
        title = f"{statement.supplier} · {period_words(statement)}"
        return self.record_page(request, template="ops/supplier_statement.html", title=title, context=context)

    def approve(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """First eyes."""
        self.require(request, APPROVE)
        statement = self._found(object_id)

        def run(_given: dict[str, Any]) -> str:
            commands.approve_payment(statement=statement, by=request.user, at=clock.now())
            return _("初审通过，等另一位同事复核打款")

        form = NothingToFill(posted(request))
        return self._act(request, statement, form, run, title=_("初审通过"), button=_("初审通过"))

    def release(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Second eyes: the money went."""
        self.require(request, RELEASE)
        statement = self._found(object_id)

        def run(given: dict[str, Any]) -> str:
            commands.release_payment(statement=statement, by=request.user, at=clock.now(), **given)
            return _("%s 已记为付款") % statement.number

        account = statement.account
        facts = (
            [(_("户名"), account.holder), (_("开户行"), account.bank_name), (_("账号"), account.number)]
            if account
            else []
        )
        form = ReleaseForm(posted(request))
        warning = _("记为付款后不能撤回。")
        return self._act(
            request, statement, form, run, title=_("复核打款"), button=_("记为已付款"), facts=facts, warning=warning
        )

    def send_back(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Second eyes say no."""
        self.require(request, RELEASE)
        statement = self._found(object_id)

        def run(given: dict[str, Any]) -> str:
            commands.send_back(statement=statement, reason=given["reason"], by=request.user)
            return _("%s 已退回初审") % statement.number

        form = ReasonForm(posted(request))
        return self._act(request, statement, form, run, title=_("退回初审"), button=_("退回"), dangerous=True)

    def photo(self, request: HttpRequest, object_id: int, photo_id: int) -> HttpResponseBase:
        """The photo of a supplier's invoice."""
        if not self.has_view_permission(request):
            raise Http404
        found = StatementInvoice.objects.filter(statement=object_id, pk=min(photo_id, 2**63 - 1)).first()
        if found is None:
            raise Http404
        return private_photo(found.photo)

    def _possible(self, request: HttpRequest, statement: Statement) -> list[tuple[str, str, bool]]:
        found = []
        if statement.state == StatementState.CONFIRMED and request.user.has_perm(APPROVE):
            found.append(("approve", _("初审通过"), True))
        if statement.state == StatementState.APPROVED and request.user.has_perm(RELEASE):
            if statement.approved_by_id != request.user.pk:
                found.append(("release", _("复核打款"), True))
            found.append(("send_back", _("退回初审"), False))
        return [
            (reverse(f"ops:remittance_statement_{act}", args=[statement.pk]), label, main) for act, label, main in found
        ]

    def _why_not(self, request: HttpRequest, statement: Statement) -> str:
        if statement.state == StatementState.APPROVED and statement.approved_by_id == request.user.pk:
            return _("你初审了这张对账单，须由另一位同事复核")
        return ""

    def _found(self, object_id: Any) -> Statement:
        people = ("supplier", "account", "approved_by", "released_by", "confirmed_by")
        return row_or_404(Statement.objects.select_related(*people), object_id)

    def _act(
        self, request: HttpRequest, statement: Statement, form: forms.Form, run: Any, **words: Any
    ) -> HttpResponseBase:
        back = reverse("ops:remittance_statement_change", args=[statement.pk])
        facts = words.pop("facts", [])
        first = [(_("供应商"), statement.supplier), (_("账期"), period_words(statement))]
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(RemittanceRefused,),
            done=back,
            back=back,
            facts=[*first, (_("应付"), yuan(statement.payable_fen)), *facts],
            context={"opts": self.opts, "original": statement},
            **words,
        )


@admin.register(StatementDispute, site=ops_site)
class DisputeAdmin(TabbedAdmin, ActingAdmin):
    """What suppliers say is wrong, those without an answer first."""

    list_display = ("what", "supplier_name", "amount", "reason", "answer_shown", "asked", "state_chip", "act_link")
    list_display_links = None
    list_filter = ("state",)
    list_select_related = ("line__statement__supplier", "line__order")
    search_fields = ("line__statement__number__exact", "line__order__number__exact")
    search_help_text = gettext_lazy("对账单号、订单号")
    ordering: ClassVar[tuple[str, ...]] = ("asked_at", "pk")

    asked = moment_column("asked_at", gettext_lazy("提出时间"))

    @admin.display(description=gettext_lazy("明细"))
    def what(self, dispute: StatementDispute) -> SafeString:
        number = dispute.line.order.number if dispute.line.order else dispute.line.reference
        return two_lines(dispute.line.get_kind_display(), number)

    @admin.display(description=gettext_lazy("供应商"))
    def supplier_name(self, dispute: StatementDispute) -> str:
        return str(dispute.line.statement.supplier)

    @admin.display(description=gettext_lazy("金额"))
    def amount(self, dispute: StatementDispute) -> str:
        return yuan(dispute.line.amount_fen)

    @admin.display(description=gettext_lazy("平台答复"))
    def answer_shown(self, dispute: StatementDispute) -> SafeString | str:
        if not dispute.answer:
            return "—"
        return two_lines(dispute.answer, _("补 %s") % yuan(dispute.amount_fen) if dispute.amount_fen else "")

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, dispute: StatementDispute) -> SafeString:
        return chip(dispute.get_state_display(), DISPUTE_TONES[dispute.state])

    @admin.display(description=gettext_lazy("处理"))
    def act_link(self, dispute: StatementDispute) -> SafeString | str:
        acts = {DisputeState.OPEN: ("reply", _("答复")), DisputeState.PROPOSED: ("check", _("复核更正"))}
        if dispute.state not in acts:
            return "—"
        act, words = acts[DisputeState(dispute.state)]
        return link(reverse(f"ops:remittance_statementdispute_{act}", args=[dispute.pk]), words)

    def tabs(self, request: HttpRequest) -> list[Tab]:
        return [Tab(state.value, state.label) for state in DisputeState] + [Tab("", _("全部"))]

    def get_urls(self) -> list[URLPattern]:
        name = "remittance_statementdispute"
        own = [
            path("<int:object_id>/reply/", self._page(self.reply), name=f"{name}_reply"),
            path("<int:object_id>/check/", self._page(self.check_correction), name=f"{name}_check"),
        ]
        return own + super().get_urls()

    def reply(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Answer, and perhaps propose a correction."""
        self.require(request, ANSWER)
        dispute = self._found(object_id)

        def run(given: dict[str, Any]) -> str:
            amount_fen = given["amount_fen"] or 0
            commands.answer_dispute(
                dispute=dispute, answer=given["answer"], amount_fen=amount_fen, by=request.user, at=clock.now()
            )
            return _("已答复，更正等另一位同事复核") if amount_fen else _("已答复，维持原账")

        return self._act(request, dispute, AnswerForm(posted(request)), run, title=_("答复异议"), button=_("答复"))

    def check_correction(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Post a proposed correction."""
        self.require(request, ANSWER)
        dispute = self._found(object_id)

        def run(_given: dict[str, Any]) -> str:
            commands.check_dispute(dispute=dispute, by=request.user, at=clock.now())
            return _("更正已入账，计入下一张对账单")

        form = NothingToFill(posted(request))
        warning = _("入账后不能撤回。")
        return self._act(request, dispute, form, run, title=_("复核更正"), button=_("确认更正"), warning=warning)

    def _found(self, object_id: int) -> StatementDispute:
        found = StatementDispute.objects.select_related("line__statement__supplier", "line__order", "answered_by")
        dispute = found.filter(pk=object_id).first()
        if dispute is None:
            raise Http404
        return dispute

    def _act(
        self, request: HttpRequest, dispute: StatementDispute, form: forms.Form, run: Any, **words: Any
    ) -> HttpResponseBase:
        back = reverse("ops:remittance_statementdispute_changelist")
        line = dispute.line
        facts: list[tuple[Any, Any]] = [
            (_("供应商"), line.statement.supplier),
            (_("对账单"), line.statement.number),
            (_("明细"), f"{line.get_kind_display()} {line.order.number if line.order else line.reference}"),
            (_("金额"), yuan(line.amount_fen)),
            (_("异议原因"), dispute.reason),
        ]
        if dispute.answer:
            facts += [(_("平台答复"), dispute.answer), (_("补给供应商"), yuan(dispute.amount_fen))]
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(RemittanceRefused,),
            done=back,
            back=back,
            facts=facts,
            context={"opts": self.opts, "original": dispute},
            **words,
        )


@admin.register(SupplierTerms, site=ops_site)
class TermsAdmin(ReadOnlyAdmin):
    """On what terms each supplier is settled with, and from when on."""

    list_display = ("supplier", "starts_on", "period", "fee", "share", "set_by", "set_moment")
    list_display_links = None
    list_select_related = ("supplier", "set_by")
    search_fields = ("supplier__name",)
    search_help_text = gettext_lazy("供应商")
    ordering: ClassVar[tuple[str, ...]] = ("-starts_on", "-pk")
    list_before_template = "ops/terms_top.html"

    set_moment = moment_column("set_at", gettext_lazy("制定时间"))

    @admin.display(description=gettext_lazy("平台服务费"))
    def fee(self, terms: SupplierTerms) -> str:
        return percent(terms.fee_bps)

    @admin.display(description=gettext_lazy("承担零售佣金"))
    def share(self, terms: SupplierTerms) -> str:
        return percent(terms.commission_bps)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        suppliers = Supplier.objects.order_by("name") if request.user.has_perm(TERMS) else []
        return super().changelist_view(request, {"suppliers": suppliers, **(extra_context or {})})


@ops_site.page("remittance/terms/<int:supplier_id>/", name="remittance_terms_set", permission=TERMS)
def set_terms_page(request: HttpRequest, supplier_id: int) -> HttpResponseBase:
    """Set the terms of a supplier from a day on."""
    supplier = Supplier.objects.filter(pk=supplier_id).first()
    if supplier is None:
        raise Http404

    def run(given: dict[str, Any]) -> str:
        commands.set_terms(supplier=supplier, by=request.user, at=clock.now(), **given)
        return _("%s 的结算条款已保存") % supplier

    known = [
        (
            terms.starts_on.isoformat(),
            f"{terms.get_period_display()} · {percent(terms.fee_bps)} · {percent(terms.commission_bps)}",
        )
        for terms in queries.terms_of(supplier=supplier)[:3]
    ]
    back = reverse("ops:remittance_supplierterms_changelist")
    return act_page(
        request,
        site=ops_site,
        title=_("结算条款：%s") % supplier,
        form=TermsForm(posted(request), initial={"fee_bps": 0, "commission_bps": 0}),
        run=run,
        refusals=(RemittanceRefused,),
        done=back,
        back=back,
        button=_("保存"),
        facts=known,
    )
