"""The payout queue: who asked, where the money comes from, and two pairs of eyes."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.models import AccountKind as LedgerAccount
from ledger.queries import member_balances, statement
from mall.core import clock
from mall.core.admin import (
    ActingAdmin,
    Tab,
    TabbedAdmin,
    act_page,
    fill,
    operator,
    ops_site,
    posted,
    yuan_column,
)
from mall.core.admin.columns import age, chip, moment, person, two_lines
from mall.core.labels import labels
from mall.core.money import yuan
from payouts.commands import (
    DecisionRefused,
    approve_withdrawal,
    recall_withdrawal,
    record_by_hand,
    reject_withdrawal,
    release_withdrawal,
)
from payouts.gateways import is_by_hand
from payouts.models import PayoutHold, Withdrawal, WithdrawalState
from payouts.queries import (
    holds_of,
    kept_working,
    queue_counts,
    queue_totals,
    standing_hold,
    withdrawals_of,
)
from payouts.rules import OPEN_STATES

from .checks import checks_of
from .forms import ByHand, Decision, Recall, Rejection
from .holds import HOLD

APPROVE, RELEASE = "payouts.approve_withdrawal", "payouts.release_withdrawal"
TONES = {
    "requested": "warn",
    "approved": "info",
    "sending": "info",
    "confirming": "info",
    "paid": "good",
    "rejected": "bad",
    "returned": "bad",
}


@admin.register(Withdrawal, site=ops_site)
class WithdrawalAdmin(TabbedAdmin, ActingAdmin):
    """Withdrawals by state, oldest first while they wait. One approves, another releases, neither is the member."""

    list_display = ("number_and_age", "who", "paid_to", "amount_yuan", "fee_yuan", "tax_yuan", "net_yuan", "eyes")
    list_display_links = ("number_and_age",)
    list_filter = ("state",)
    list_filter_sheet = True
    search_fields = ("number", "member__phone__endswith", "member__nickname")
    search_help_text = gettext_lazy("单号、手机尾号、昵称")
    list_select_related = ("member", "payee", "approved_by", "released_by", "rejected_by", "recalled_by")
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
            as_of=Value(clock.now()),
            is_mine=Q(approved_by=operator(request).pk),
            is_own=Q(member=request.user.pk),
            is_held=Exists(PayoutHold.objects.filter(member_id=OuterRef("member_id"), released_at=None)),
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

    @admin.display(description=gettext_lazy("收款"))
    def paid_to(self, row: Any) -> SafeString:
        if row.account_id is None:
            return two_lines(_("会员钱包"), "")
        name = row.payee.masked_name if row.payee else ""
        return two_lines(row.get_channel_display(), f"{name} {row.account_label}")

    @admin.display(description=gettext_lazy("审核"))
    def eyes(self, row: Any) -> SafeString:
        if row.state in OPEN_STATES and row.is_own:
            return two_lines(_("你本人的提现"), _("须由他人处理"))
        if row.state in ("requested", "approved") and row.is_held:
            return two_lines(_("提现已暂停"), _("解除之后才能打款"))
        if row.state == WithdrawalState.REQUESTED:
            return two_lines(_("等待初审"), _("初审后由另一人复核"))
        if row.state == WithdrawalState.APPROVED and row.is_mine:
            return two_lines(_("你已初审"), _("须由他人复核"))
        if row.state == WithdrawalState.APPROVED:
            return two_lines(str(row.approved_by or "—"), _("%s 初审") % moment(row.approved_at))
        if row.state == WithdrawalState.CONFIRMING:
            return two_lines(_("等会员确认收款"), _("%s 截止") % moment(row.confirm_by))
        if row.state == WithdrawalState.RETURNED:
            return two_lines(str(row.recalled_by or _("逾期未确认")), row.reason[:24])
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
            path("<int:object_id>/recall/", self._page(self.recall), name="payouts_withdrawal_recall"),
            path("<int:object_id>/record/", self._page(self.record), name="payouts_withdrawal_record"),
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
            kind=LedgerAccount.AVAILABLE,
            holder_id=member.pk,
            limit=12,
            before=withdrawal.requested_at,
            credits_only=True,
        )
        context = {
            "withdrawal": withdrawal,
            "tone": TONES[withdrawal.state],
            "working": kept_working(withdrawal=withdrawal),
            "checks": checks_of(withdrawal, now),
            "hold": standing_hold(member_id=member.pk),
            "holds": list(holds_of(member_id=member.pk)[:6]),
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

    def recall(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        self.require(request, RELEASE)
        withdrawal = self._found(object_id)

        def run(data: dict[str, Any]) -> str:
            after = recall_withdrawal(
                number=withdrawal.number, by=operator(request), reason=data["reason"], at=clock.now()
            )
            self.log_change(request, withdrawal, _("撤回转账：%s") % data["reason"])
            return _outcome(after)

        return self._decide(
            request,
            withdrawal,
            form=Recall(posted(request)),
            run=run,
            title=_("撤回转账"),
            button=_("撤回这笔转账"),
            warning=_("会员还没确认收款，可以撤回，金额退回会员。会员此刻刚好确认的，以渠道结果为准。"),
            dangerous=True,
        )

    def record(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        self.require(request, RELEASE)
        withdrawal = self._found(object_id)

        def run(data: dict[str, Any]) -> str:
            after = record_by_hand(number=withdrawal.number, by=operator(request), at=clock.now(), **data)
            self.log_change(request, withdrawal, _("登记打款结果：%s") % (data["reference"] or data["reason"]))
            return _outcome(after)

        account = withdrawal.account
        facts: list[tuple[Any, Any]] = []
        if account is not None and withdrawal.payee is not None:
            self.log_change(request, withdrawal, _("查看收款账号"))
            where = account.bank_name or account.get_kind_display()
            facts = [(_("收款账号"), f"{where} {account.detail}"), (_("户名"), withdrawal.payee.name)]
        return self._decide(
            request,
            withdrawal,
            form=ByHand(posted(request)),
            run=run,
            title=_("登记打款结果"),
            button=_("登记"),
            warning=_("这类账户没有接通渠道，请在网银或支付宝里打款 %s，再登记流水号。") % yuan(withdrawal.net_fen),
            more=facts,
        )

    def _decide(
        self, request: HttpRequest, withdrawal: Withdrawal, *, more: list[tuple[Any, Any]] | None = None, **page: Any
    ) -> HttpResponseBase:
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
                *(more or []),
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
            held = (
                _("这位会员的提现已暂停，解除之后才能打款。") if standing_hold(member_id=withdrawal.member_id) else ""
            )
            why = own or mine or held or ("" if user.has_perm(RELEASE) else _("你没有复核打款权限。"))
            acts.append(("release", _("复核打款 %s") % yuan(withdrawal.net_fen), "verified_user", False, why))
        if acts:
            may = user.has_perm(APPROVE) or user.has_perm(RELEASE)
            acts.append(("reject", _("驳回"), "block", True, own or ("" if may else _("你没有审核权限。"))))
        no_release = own or ("" if user.has_perm(RELEASE) else _("你没有复核打款权限。"))
        if withdrawal.state == WithdrawalState.SENDING and is_by_hand(withdrawal.channel):
            acts.append(("record", _("登记打款结果"), "receipt_long", False, no_release))
        if withdrawal.state == WithdrawalState.CONFIRMING and withdrawal.confirmed_at is None:
            acts.append(("recall", _("撤回转账"), "undo", True, no_release))
        return self._hold_acts(request, withdrawal, own) + [
            {
                "address": reverse(name + act, args=[withdrawal.pk]),
                "label": label,
                "icon": icon,
                "dangerous": bad,
                "why": why,
            }
            for act, label, icon, bad, why in acts
        ]

    def _hold_acts(self, request: HttpRequest, withdrawal: Withdrawal, own: str) -> list[dict[str, Any]]:
        """Return the way to hold this member's payouts, or to release the hold; last, since it is no decision."""
        if withdrawal.state not in OPEN_STATES or own or not request.user.has_perm(HOLD):
            return []
        hold = standing_hold(member_id=withdrawal.member_id)
        if hold is not None:
            address, label = reverse("ops:payouts_payouthold_release", args=[hold.pk]), _("解除提现暂停")
        else:
            address, label = reverse("ops:payouts_payouthold_place"), _("暂停这位会员的提现")
        query = urlencode({"member": withdrawal.member.public_id, "withdrawal": withdrawal.pk})
        act = {"address": f"{address}?{query}", "label": label, "icon": "pause_circle", "dangerous": True, "why": ""}
        return [act]

    def _found(self, object_id: Any) -> Withdrawal:
        people = ("member", "account", "payee", "approved_by", "released_by", "rejected_by", "recalled_by")
        if str(object_id).isdecimal():
            found = Withdrawal.objects.select_related(*people).filter(pk=int(object_id)).first()
            if found is not None:
                return found
        raise Http404


def _outcome(withdrawal: Withdrawal) -> str:
    """Say what became of a transfer."""
    if withdrawal.state == WithdrawalState.PAID:
        return _("%(number)s 已打款 %(net)s。") % {"number": withdrawal.number, "net": yuan(withdrawal.net_fen)}
    if withdrawal.state == WithdrawalState.REJECTED:
        return _("%(number)s 渠道未能打款：%(reason)s。金额已退回会员。") % {
            "number": withdrawal.number,
            "reason": withdrawal.reason,
        }
    if withdrawal.state == WithdrawalState.RETURNED:
        return _("%s 已退回，金额回到会员的可提现余额。") % withdrawal.number
    if withdrawal.state == WithdrawalState.CONFIRMING:
        return _("%(number)s 已交给微信，等会员在 %(at)s 前确认收款。") % {
            "number": withdrawal.number,
            "at": moment(withdrawal.confirm_by),
        }
    if is_by_hand(withdrawal.channel):
        return _("%s 已复核，请按收款账户打款后登记结果。") % withdrawal.number
    return _("%s 已交给渠道，结果未知，保持“打款中”：系统会用同一单号查询，不会重复打款。") % withdrawal.number
