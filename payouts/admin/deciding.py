"""What is decided on one withdrawal: approve, release, reject, recall, write down; each on a page of its own."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, operator, posted, row_or_404
from mall.core.admin.columns import chip, moment, person
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
from payouts.models import Withdrawal, WithdrawalState
from payouts.queries import standing_hold
from payouts.rules import OPEN_STATES

from .forms import ByHand, Decision, Recall, Rejection
from .holds import HOLD

APPROVE, RELEASE = "payouts.approve_withdrawal", "payouts.release_withdrawal"
PEOPLE = ("account", "payee", "approved_by", "released_by", "rejected_by", "recalled_by")
TONES = {
    "requested": "warn",
    "approved": "info",
    "sending": "info",
    "confirming": "info",
    "paid": "good",
    "rejected": "bad",
    "returned": "bad",
}


class Deciding(ActingAdmin):
    """The acts of one withdrawal, and which of them somebody has. One approves, another releases, neither is the
    member."""

    def approve(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        self.require(request, APPROVE)
        withdrawal = self.found(object_id)

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
        withdrawal = self.found(object_id)

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
        withdrawal = self.found(object_id)

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
        withdrawal = self.found(object_id)

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
        withdrawal = self.found(object_id)

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
            why_not=next(
                (act["why"] for act in self.acts_of(request, withdrawal) if act["address"] == request.path), ""
            ),
            context={"opts": self.opts, "original": withdrawal},
            **page,
        )

    def acts_of(self, request: HttpRequest, withdrawal: Withdrawal) -> list[dict[str, Any]]:
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

    def found(self, object_id: Any) -> Withdrawal:
        return row_or_404(Withdrawal.objects.select_related("member").prefetch_related(*PEOPLE), object_id)


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
