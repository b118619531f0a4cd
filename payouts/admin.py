"""The payout queue: who asked, where the money comes from, and two pairs of eyes."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import F, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from ledger.models import AccountKind
from ledger.queries import member_balances, statement
from mall.core import clock
from mall.core.admin import (
    ActingAdmin,
    ReadOnlyAdmin,
    Tab,
    TabbedAdmin,
    act_page,
    fill,
    operator,
    ops_site,
    posted,
    yuan_column,
)
from mall.core.admin.columns import age, chip, moment, moment_column, person, two_lines
from mall.core.labels import labels
from mall.core.money import yuan

from .commands import (
    REASON_MAX,
    DecisionRefused,
    approve_withdrawal,
    reject_withdrawal,
    release_withdrawal,
)
from .models import PayoutPolicy, Withdrawal, WithdrawalState
from .queries import queue_counts, queue_totals, withdrawals_of
from .rules import OPEN_STATES

APPROVE, RELEASE = "payouts.approve_withdrawal", "payouts.release_withdrawal"
TONES = {"requested": "warn", "approved": "info", "sending": "info", "paid": "good", "rejected": "bad"}


class Decision(forms.Form):
    """Nothing to fill in: the page itself is what is confirmed."""


class Rejection(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("驳回原因"),
        max_length=REASON_MAX,
        help_text=gettext_lazy("会员会看到原文，请写清楚怎样才能通过。"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请填写驳回原因，会员会看到原文")},
    )


@admin.register(Withdrawal, site=ops_site)
class WithdrawalAdmin(TabbedAdmin, ActingAdmin):
    """Withdrawals by state, oldest first while they wait. One approves, another releases, neither is the member."""

    list_display = ("number_and_age", "who", "amount_yuan", "fee_yuan", "tax_yuan", "net_yuan", "eyes")
    list_display_links = ("number_and_age",)
    list_filter = ("state",)
    list_filter_sheet = True
    search_fields = ("number", "member__phone__endswith", "member__nickname")
    search_help_text = gettext_lazy("单号、手机尾号、昵称")
    list_select_related = ("member", "approved_by", "released_by", "rejected_by")
    ordering: ClassVar[tuple[str, ...]] = ("-id",)

    amount_yuan = yuan_column("amount_fen", gettext_lazy("提现额"))
    fee_yuan = yuan_column("fee_fen", gettext_lazy("服务费"))
    tax_yuan = yuan_column("tax_fen", gettext_lazy("个税"))
    net_yuan = yuan_column("net_fen", gettext_lazy("实付"))

    # The list

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = queue_counts()
        return [Tab(state.value, state.label, counts[state.value]) for state in WithdrawalState]

    def tab_note(self, request: HttpRequest, tab: str) -> str:
        if tab not in OPEN_STATES:
            return ""
        count, gross, net = queue_totals(state=tab)
        return _("%(count)d 笔，提现额 %(gross)s，实付 %(net)s") % {
            "count": count,
            "gross": yuan(gross),
            "net": yuan(net),
        }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Withdrawal]:
        rows: QuerySet[Withdrawal] = super().get_queryset(request)
        return rows.annotate(
            as_of=Value(clock.now()), is_mine=Q(approved_by=operator(request).pk), is_own=Q(member=request.user.pk)
        )

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        waiting = request.GET.get(self.tab_parameter) in OPEN_STATES
        return [F("requested_at").asc(), "id"] if waiting else ["-id"]

    def prepare(self, request: HttpRequest, rows: list[Withdrawal]) -> None:
        titles = labels("member_title", (row.member_id for row in rows))
        fill(rows, "member_title", lambda row: row.member_id, titles, "")

    @admin.display(description=gettext_lazy("单号"))
    def number_and_age(self, row: Any) -> SafeString:
        return two_lines(row.number, age(row.requested_at, row.as_of))

    @admin.display(description=gettext_lazy("会员"))
    def who(self, row: Any) -> SafeString:
        return person(row.member, row.member_title, masked=True)

    @admin.display(description=gettext_lazy("审核"))
    def eyes(self, row: Any) -> SafeString:
        if row.state in OPEN_STATES and row.is_own:
            return two_lines(_("你本人的提现"), _("须由他人处理"))
        if row.state == WithdrawalState.REQUESTED:
            return two_lines(_("等待初审"), _("初审后由另一人复核"))
        if row.state == WithdrawalState.APPROVED and row.is_mine:
            return two_lines(_("你已初审"), _("须由他人复核"))
        if row.state == WithdrawalState.APPROVED:
            return two_lines(str(row.approved_by or "—"), _("%s 初审") % moment(row.approved_at))
        if row.state == WithdrawalState.REJECTED:
            return two_lines(str(row.rejected_by or _("渠道退回")), row.reason[:24])
        if row.imported and row.approved_by is None:
            return two_lines(_("历史导入"), moment(row.paid_at))
        return two_lines(f"{row.approved_by} → {row.released_by}", moment(row.paid_at or row.released_at))

    # One withdrawal

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:object_id>/approve/", self._page(self.approve), name="payouts_withdrawal_approve"),
            path("<int:object_id>/release/", self._page(self.release), name="payouts_withdrawal_release"),
            path("<int:object_id>/reject/", self._page(self.reject), name="payouts_withdrawal_reject"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "payouts.view_withdrawal")
        withdrawal = self._found(object_id)
        now = clock.now()
        member = withdrawal.member
        credits = statement(
            kind=AccountKind.AVAILABLE,
            holder_id=member.pk,
            limit=12,
            before=withdrawal.requested_at,
            credits_only=True,
        )
        context = {
            "withdrawal": withdrawal,
            "tone": TONES[withdrawal.state],
            "age": age(withdrawal.requested_at, now),
            "member_title": labels("member_title", [member.pk]).get(member.pk, ""),
            "joined_days": (now - member.joined_at).days,
            "balances": member_balances(holder_id=member.pk),
            "credits": credits,
            "earlier": list(withdrawals_of(member_id=member.pk).exclude(pk=withdrawal.pk)[:6]),
            "acts": self._acts(request, withdrawal),
            "can_see_member": request.user.has_perm("members.view_member"),
        }
        return self.record_page(
            request,
            template="ops/withdrawal.html",
            title=withdrawal.number,
            context={"original": withdrawal, **context},
        )

    def approve(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        self.require(request, APPROVE)
        withdrawal = self._found(object_id)

        def run(_data: dict[str, Any]) -> str:
            approve_withdrawal(number=withdrawal.number, by=operator(request), at=clock.now())
            self.log_change(request, withdrawal, _("初审通过"))
            return _("%s 已初审通过，等另一位同事复核打款。") % withdrawal.number

        return self._decide(
            request,
            withdrawal,
            form=Decision(posted(request)),
            run=run,
            title=_("初审通过"),
            button=_("初审通过 %s") % yuan(withdrawal.amount_fen),
            warning=_("通过后还不会打款：须由另一位同事复核。你不能复核自己初审的提现。"),
        )

    def release(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        self.require(request, RELEASE)
        withdrawal = self._found(object_id)

        def run(_data: dict[str, Any]) -> str:
            after = release_withdrawal(number=withdrawal.number, by=operator(request), at=clock.now())
            self.log_change(request, withdrawal, _("复核打款"))
            return _outcome(after)

        return self._decide(
            request,
            withdrawal,
            form=Decision(posted(request)),
            run=run,
            title=_("复核打款"),
            button=_("复核通过，打款 %s") % yuan(withdrawal.net_fen),
            warning=_("确认后立即向渠道发起转账，不能撤回。"),
        )

    def reject(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        self.require(request, APPROVE, RELEASE)
        withdrawal = self._found(object_id)

        def run(data: dict[str, Any]) -> str:
            reject_withdrawal(number=withdrawal.number, by=operator(request), reason=data["reason"], at=clock.now())
            self.log_change(request, withdrawal, _("驳回：%s") % data["reason"])
            return _("%s 已驳回，金额退回会员的可提现余额。") % withdrawal.number

        return self._decide(
            request,
            withdrawal,
            form=Rejection(posted(request)),
            run=run,
            title=_("驳回提现"),
            button=_("驳回这笔提现"),
            warning=_("驳回后金额退回会员的可提现余额，会员可以重新申请。"),
            dangerous=True,
        )

    def _decide(self, request: HttpRequest, withdrawal: Withdrawal, **page: Any) -> HttpResponseBase:
        record = reverse("ops:payouts_withdrawal_change", args=[withdrawal.pk])
        return act_page(
            request,
            site=self.admin_site,
            refusals=(DecisionRefused,),
            done=record,
            back=record,
            facts=[
                (_("提现单号"), withdrawal.number),
                (_("会员"), person(withdrawal.member, masked=True)),
                (_("当前状态"), chip(withdrawal.get_state_display(), TONES[withdrawal.state])),
                (_("提现额"), yuan(withdrawal.amount_fen)),
                (_("服务费"), yuan(withdrawal.fee_fen)),
                (_("预扣个税"), yuan(withdrawal.tax_fen)),
                (_("实际到账"), yuan(withdrawal.net_fen)),
                (_("初审"), f"{withdrawal.approved_by}，{moment(withdrawal.approved_at)}")
                if withdrawal.approved_by
                else (_("初审"), _("还没有")),
            ],
            context={"opts": self.opts, "original": withdrawal},
            **page,
        )

    def _acts(self, request: HttpRequest, withdrawal: Withdrawal) -> list[dict[str, Any]]:
        """Return the acts that a withdrawal in this state has; one that this person cannot do says why."""
        user, name = request.user, "ops:payouts_withdrawal_"
        own = _("这是你本人的提现，须由其他同事处理。") if withdrawal.member_id == user.pk else ""
        acts = []
        if withdrawal.state == WithdrawalState.REQUESTED:
            why = own or ("" if user.has_perm(APPROVE) else _("你没有初审权限。"))
            acts.append(("approve", _("初审通过"), "check_circle", False, why))
        if withdrawal.state == WithdrawalState.APPROVED:
            mine = _("你已初审这笔提现，须由另一位同事复核。") if withdrawal.approved_by_id == user.pk else ""
            why = own or mine or ("" if user.has_perm(RELEASE) else _("你没有复核打款权限。"))
            acts.append(("release", _("复核打款 %s") % yuan(withdrawal.net_fen), "verified_user", False, why))
        if acts:
            may = user.has_perm(APPROVE) or user.has_perm(RELEASE)
            acts.append(("reject", _("驳回"), "block", True, own or ("" if may else _("你没有审核权限。"))))
        return [
            {
                "address": reverse(name + act, args=[withdrawal.pk]),
                "label": label,
                "icon": icon,
                "dangerous": bad,
                "why": why,
            }
            for act, label, icon, bad, why in acts
        ]

    def _found(self, object_id: Any) -> Withdrawal:
        people = ("member", "approved_by", "released_by", "rejected_by")
        if str(object_id).isdecimal():
            found = Withdrawal.objects.select_related(*people).filter(pk=int(object_id)).first()
            if found is not None:
                return found
        raise Http404


@admin.register(PayoutPolicy, site=ops_site)
class PayoutPolicyAdmin(ReadOnlyAdmin):
    """Minimum, fee and tax of withdrawals, version by version."""

    list_display = ("version", "starts", "min_yuan", "fee", "tax", "since")
    fields = ("version", "starts", "min_yuan", "fee", "tax", "since")
    readonly_fields: ClassVar = ["starts", "min_yuan", "fee", "tax", "since"]
    ordering: ClassVar[tuple[str, ...]] = ("-version",)

    min_yuan = yuan_column("min_fen", gettext_lazy("最低提现额"))
    since = moment_column("created_at", gettext_lazy("写入时间"))

    @admin.display(description=gettext_lazy("生效时间"))
    def starts(self, policy: PayoutPolicy) -> str:
        return _("开业起") if policy.starts_at.year <= 1970 else moment(policy.starts_at)

    @admin.display(description=gettext_lazy("服务费率"))
    def fee(self, policy: PayoutPolicy) -> str:
        return percent(policy.fee_bps)

    @admin.display(description=gettext_lazy("预扣税率"))
    def tax(self, policy: PayoutPolicy) -> str:
        return percent(policy.tax_bps)


def percent(bps: int) -> str:
    """Basis points as people read them: `0.60%`."""
    return f"{bps // 100}.{bps % 100:02d}%"


def _outcome(withdrawal: Withdrawal) -> str:
    """Say what became of a release."""
    if withdrawal.state == WithdrawalState.PAID:
        return _("%(number)s 已打款 %(net)s。") % {"number": withdrawal.number, "net": yuan(withdrawal.net_fen)}
    if withdrawal.state == WithdrawalState.REJECTED:
        return _("%(number)s 渠道未能打款：%(reason)s。金额已退回会员。") % {
            "number": withdrawal.number,
            "reason": withdrawal.reason,
        }
    return _("%s 已交给渠道，结果未知，保持“打款中”：系统会用同一单号查询，不会重复打款。") % withdrawal.number
