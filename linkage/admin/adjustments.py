"""Adjustments by hand: asked for, approved or rejected by somebody else."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.queries import member_balances
from linkage.commands import (
    AdjustmentRefused,
    adjustment_number,
    approve_adjustment,
    ask_adjustment,
    reject_adjustment,
)
from linkage.models import Adjustment, AdjustmentKind, AdjustmentState
from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, operator, ops_site, posted, row_or_404
from mall.core.admin.columns import chip, moment, person, two_lines
from mall.core.admin.fields import HundredthsField
from mall.core.money import yuan
from members.models import Member

from .fund import MemberField

ASK, APPROVE = "linkage.ask_adjustment", "linkage.approve_adjustment"
TONES = {AdjustmentState.WAITING: "warn", AdjustmentState.APPROVED: "good", AdjustmentState.REJECTED: "bad"}
CREDIT, TAKE = "credit", "take"


class AdjustmentForm(forms.Form):
    """Who, how much and why. The number keeps a form that is sent twice from asking twice."""

    member = MemberField(label=gettext_lazy("会员"), help_text=gettext_lazy("会员号，或完整的 11 位手机号"))
    kind = forms.ChoiceField(
        label=gettext_lazy("做什么"),
        choices=[
            (CREDIT, gettext_lazy("补发：进可提现，先抵欠款")),
            (TAKE, gettext_lazy("扣减：从可提现扣，不够的记为欠款")),
            (AdjustmentKind.FORGIVE.value, gettext_lazy("免除欠款")),
        ],
    )
    amount_fen = HundredthsField(unit="yuan", label=gettext_lazy("金额（元）"))
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=120,
        help_text=gettext_lazy("会员在明细里看到“人工调整”，原因写进结算事件，永久保存。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请填写原因")},
    )
    number = forms.CharField(widget=forms.HiddenInput, max_length=32)


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("驳回原因"),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请填写驳回原因")},
    )


class NothingToFill(forms.Form):
    pass


@admin.register(Adjustment, site=ops_site)
class AdjustmentAdmin(TabbedAdmin, ActingAdmin):
    """What waits for a second person first."""

    list_display = ("numbered", "who", "what", "amount_yuan", "state_chip", "eyes")
    list_display_links = ("numbered",)
    list_select_related = ("member", "asked_by", "decided_by")
    search_fields = ("number", "member__phone__endswith", "member__nickname")
    search_help_text = gettext_lazy("单号、手机尾号、昵称")
    change_list_template = "ops/written.html"
    list_filter = ("state",)
    list_filter_sheet = True

    def tabs(self, request: HttpRequest) -> list[Tab]:
        waiting = Adjustment.objects.filter(state=AdjustmentState.WAITING)[:1000].count()
        return [
            Tab(state.value, state.label, str(waiting) if state == AdjustmentState.WAITING and waiting else "")
            for state in AdjustmentState
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        new = {}
        if request.user.has_perm(ASK):
            new = {"new_address": reverse("ops:linkage_adjustment_ask"), "new_label": _("申请调整")}
        return super().changelist_view(request, {**new, **(extra_context or {})})

    @admin.display(description=gettext_lazy("单号"))
    def numbered(self, row: Adjustment) -> SafeString:
        return two_lines(row.number, moment(row.asked_at))

    @admin.display(description=gettext_lazy("会员"))
    def who(self, row: Adjustment) -> SafeString:
        return person(row.member, masked=True)

    @admin.display(description=gettext_lazy("做什么"))
    def what(self, row: Adjustment) -> SafeString:
        return two_lines(_what(row), row.reason[:24])

    @admin.display(description=gettext_lazy("金额"))
    def amount_yuan(self, row: Adjustment) -> str:
        return yuan(row.amount_fen)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, row: Adjustment) -> SafeString:
        return _state(row)

    @admin.display(description=gettext_lazy("申请 → 复核"))
    def eyes(self, row: Adjustment) -> SafeString:
        if row.decided_by is None:
            return two_lines(str(row.asked_by), _("等另一位同事复核"))
        return two_lines(f"{row.asked_by} → {row.decided_by}", moment(row.decided_at))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("ask/", self._page(self.ask), name="linkage_adjustment_ask"),
            path("<int:object_id>/approve/", self._page(self.approve), name="linkage_adjustment_approve"),
            path("<int:object_id>/reject/", self._page(self.reject), name="linkage_adjustment_reject"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "linkage.view_adjustment")
        adjustment = self._found(object_id)
        context = {
            "original": adjustment,
            "adjustment": adjustment,
            "what": _what(adjustment),
            "state": _state(adjustment),
            "facts": _facts(adjustment),
            "acts": self._acts(request, adjustment),
        }
        return self.record_page(request, template="ops/adjustment.html", title=adjustment.number, context=context)

    def ask(self, request: HttpRequest) -> HttpResponseBase:
        self.require(request, ASK)

        def run(data: dict[str, Any]) -> str:
            amount = -data["amount_fen"] if data["kind"] == TAKE else data["amount_fen"]
            forgive = data["kind"] == AdjustmentKind.FORGIVE
            adjustment = ask_adjustment(
                member=data["member"],
                kind=AdjustmentKind.FORGIVE if forgive else AdjustmentKind.ADJUST,
                amount_fen=amount,
                reason=data["reason"],
                by=operator(request),
                at=clock.now(),
                number=data["number"],
            )
            self.log_addition(request, adjustment, _("申请调整"))
            return _("%s 已申请，请另一位同事复核。") % adjustment.number

        page = reverse("ops:linkage_adjustment_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("申请人工调整"),
            form=AdjustmentForm(posted(request), initial={"number": adjustment_number(at=clock.now())}),
            run=run,
            refusals=(AdjustmentRefused,),
            done=page,
            back=page,
            button=_("提交复核"),
            warning=_("须由另一位同事复核后才生效；申请人、复核人都不能是会员本人。"),
        )

    def approve(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        self.require(request, APPROVE)
        adjustment = self._found(object_id)

        def run(_data: dict[str, Any]) -> str:
            approve_adjustment(number=adjustment.number, by=operator(request), at=clock.now())
            self.log_change(request, adjustment, _("复核通过"))
            return _("%s 已生效。") % adjustment.number

        return self._decide(
            request,
            adjustment,
            form=NothingToFill(posted(request)),
            run=run,
            title=_("复核人工调整"),
            button=_("通过，立即生效"),
            warning=_("通过后立即记入账本，不能撤回；要改正，只能再申请一笔相反的调整。"),
        )

    def reject(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        self.require(request, ASK, APPROVE)
        adjustment = self._found(object_id)

        def run(data: dict[str, Any]) -> str:
            reject_adjustment(number=adjustment.number, reason=data["reason"], by=operator(request), at=clock.now())
            self.log_change(request, adjustment, _("驳回：%s") % data["reason"])
            return _("%s 已驳回，没有动账。") % adjustment.number

        return self._decide(
            request,
            adjustment,
            form=RejectForm(posted(request)),
            run=run,
            title=_("驳回人工调整"),
            button=_("驳回"),
            dangerous=True,
        )

    def _decide(self, request: HttpRequest, adjustment: Adjustment, **page: Any) -> HttpResponseBase:
        record = reverse("ops:linkage_adjustment_change", args=[adjustment.pk])
        return act_page(
            request,
            site=self.admin_site,
            refusals=(AdjustmentRefused,),
            done=record,
            back=record,
            facts=_facts(adjustment),
            context={"opts": self.opts, "original": adjustment},
            **page,
        )

    def _acts(self, request: HttpRequest, adjustment: Adjustment) -> list[dict[str, Any]]:
        if adjustment.state != AdjustmentState.WAITING:
            return []
        user = request.user
        mine = adjustment.asked_by_id == user.pk
        own = _("这是你本人的余额，须由其他同事处理。") if adjustment.member_id == user.pk else ""
        may = "" if user.has_perm(APPROVE) else _("你没有复核调整的权限。")
        asked = _("你申请了这笔调整，须由另一位同事复核。") if mine else ""
        acts = [
            ("approve", _("通过，立即生效"), "verified_user", False, own or asked or may),
            ("reject", _("撤回") if mine else _("驳回"), "block", True, own or ("" if mine else may)),
        ]
        return [
            {
                "address": reverse(f"ops:linkage_adjustment_{act}", args=[adjustment.pk]),
                "label": label,
                "icon": icon,
                "dangerous": dangerous,
                "why": why,
            }
            for act, label, icon, dangerous, why in acts
        ]

    def _found(self, object_id: Any) -> Adjustment:
        return row_or_404(Adjustment.objects.select_related("member", "asked_by", "decided_by"), object_id)


def _what(adjustment: Adjustment) -> str:
    if adjustment.kind == AdjustmentKind.FORGIVE:
        return str(_("免除欠款"))
    return str(_("补发")) if adjustment.amount_fen > 0 else str(_("扣减"))


def _state(adjustment: Adjustment) -> SafeString:
    return chip(adjustment.get_state_display(), TONES[AdjustmentState(adjustment.state)])


def _facts(adjustment: Adjustment) -> list[tuple[Any, Any]]:
    member: Member = adjustment.member
    balances = member_balances(holder_id=member.pk)
    facts = [
        (_("调整单号"), adjustment.number),
        (_("会员"), person(member, masked=True)),
        (_("做什么"), _what(adjustment)),
        (_("金额"), yuan(adjustment.amount_fen)),
        (_("原因"), adjustment.reason),
        (_("申请"), f"{adjustment.asked_by}，{moment(adjustment.asked_at)}"),
        (_("现在可提现"), yuan(balances.available_fen)),
        (_("现在欠款"), yuan(balances.debt_fen)),
    ]
    if adjustment.decided_by is not None:
        facts.append((_("复核"), f"{adjustment.decided_by}，{moment(adjustment.decided_at)}"))
    if adjustment.decline_reason:
        facts.append((_("驳回原因"), adjustment.decline_reason))
    return facts
