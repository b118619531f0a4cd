"""The payout queue: who asked, where the money comes from, and two pairs of eyes."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sections import TemplateSection

from ledger.queries import member_balances
from mall.core import clock
from mall.core.admin import Tab, TabbedAdmin, fill, operator, ops_site, yuan_column
from mall.core.admin.columns import age, chip, moment, person, two_lines
from mall.core.admin.lists import Found, KeptList
from mall.core.labels import labels
from mall.core.money import yuan
from payouts.models import PayoutHold, Withdrawal, WithdrawalState
from payouts.queries import (
    Look,
    holds_of,
    kept_working,
    looks,
    meant_by,
    queue_counts,
    queue_totals,
    standing_hold,
    withdrawals_of,
)
from payouts.rules import OPEN_STATES
from payouts.rules.risk import tone

from .checks import checks_of
from .deciding import APPROVE, PEOPLE, RELEASE, TONES, Deciding
from .exports import WITHDRAWAL_COLUMNS
from .filters import AmountFilter, SignalFilter
from .risk_words import reasons


class FundingSection(TemplateSection):
    """Under each row: where its money came from, what was taken back since."""

    template_name = "ops/withdrawal_funding.html"


@admin.register(Withdrawal, site=ops_site)
class WithdrawalAdmin(KeptList, TabbedAdmin, Deciding):
    """Withdrawals by state, oldest first while they wait. One approves, another releases, neither is the member."""

    period_field = "requested_at"
    found_by = Found(("number",), "member")
    export_columns = WITHDRAWAL_COLUMNS
    list_display = (
        *("number_and_age", "who", "paid_to", "amount_yuan", "fee_yuan", "tax_yuan", "net_yuan"),
        *("risk", "eyes"),
    )
    list_display_links = ("number_and_age",)
    list_filter = ("state", AmountFilter, SignalFilter)
    list_filter_sheet = True
    list_sections: ClassVar = [FundingSection]
    change_list_template = "ops/payout_queue.html"
    search_fields = ("number", "member__phone__endswith", "member__nickname")
    search_help_text = gettext_lazy("单号、手机尾号、昵称")
    list_select_related = ("member",)
    ordering: ClassVar[tuple[str, ...]] = ("-id",)

    amount_yuan = yuan_column("amount_fen", gettext_lazy("提现额"))
    fee_yuan = yuan_column("fee_fen", gettext_lazy("服务费"))
    tax_yuan = yuan_column("tax_fen", gettext_lazy("个税"))
    net_yuan = yuan_column("net_fen", gettext_lazy("实付"))

    # The list

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = queue_counts()
        return [Tab(state.value, state.label, counts[state.value]) for state in WithdrawalState]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tab = request.GET.get(self.tab_parameter, "")
        ways = {"requested": ("approve", APPROVE, _("批量初审")), "approved": ("release", RELEASE, _("批量复核打款"))}
        many: dict[str, Any] = {"batches": reverse("ops:payouts_payoutbatch_changelist")}
        if tab in ways and request.user.has_perm(ways[tab][1]):
            act, _right, label = ways[tab]
            many |= {"many_address": reverse("ops:payouts_many", args=[act]), "many_label": label}
        return super().changelist_view(request, {**many, **(extra_context or {})})

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
        # One question each costs less than planning a join of eight tables.
        return rows.prefetch_related(*PEOPLE).annotate(
            as_of=Value(clock.now()),
            is_mine=Q(approved_by=operator(request).pk),
            is_own=Q(member=request.user.pk),
            is_held=Exists(PayoutHold.objects.filter(member_id=OuterRef("member_id"), released_at=None)),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Numbers from their beginning, and the people meant by a phone's tail or a nickname: each by an index, since
        the queue may be long."""
        if not search_term:
            return queryset, False
        return queryset.filter(meant_by(word=search_term)), False

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        waiting = request.GET.get(self.tab_parameter) in OPEN_STATES
        return [F("requested_at").asc(), "id"] if waiting else ["-id"]

    def prepare(self, request: HttpRequest, rows: list[Withdrawal]) -> None:
        titles = labels("member_title", (row.member_id for row in rows))
        fill(rows, "member_title", lambda row: row.member_id, titles, "")
        fill(rows, "look", lambda row: row.pk, looks(withdrawals=rows, at=clock.now()), Look())

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

    @admin.display(description=gettext_lazy("风险"))
    def risk(self, row: Any) -> SafeString:
        """The score with its two heaviest reasons; what has ended needs none."""
        if row.state not in OPEN_STATES:
            return chip("—")
        return two_lines(chip(row.look.score, tone(row.look.score)), reasons(row.look.reasons))

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
        withdrawal = self.found(object_id)
        now = clock.now()
        member = withdrawal.member
        look = looks(withdrawals=[withdrawal], at=now)[withdrawal.pk]
        context = {
            "withdrawal": withdrawal,
            "tone": TONES[withdrawal.state],
            "working": kept_working(withdrawal=withdrawal),
            "look": look,
            "risk": reasons(look.signals),
            "risk_tone": tone(look.score),
            "checks": checks_of(withdrawal, look, now),
            "hold": standing_hold(member_id=member.pk),
            "holds": list(holds_of(member_id=member.pk)[:6]),
            "age": age(withdrawal.requested_at, now),
            "member_title": labels("member_title", [member.pk]).get(member.pk, ""),
            "joined_days": (now - member.joined_at).days,
            "balances": member_balances(holder_id=member.pk),
            "credits": look.credits,
            "earlier": list(withdrawals_of(member_id=member.pk).exclude(pk=withdrawal.pk)[:6]),
            "acts": self.acts_of(request, withdrawal),
            "can_see_member": request.user.has_perm("members.view_member"),
        }
        return self.record_page(
            request,
            template="ops/withdrawal.html",
            title=withdrawal.number,
            context={"original": withdrawal, **context},
        )
