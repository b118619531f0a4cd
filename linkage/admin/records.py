"""What settlement made of the events: settled orders, rewards, holds and standings."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.explain import explain_reward, status_of
from linkage.models import Hold, Position, Rank, Reward, SettledOrder
from mall.core import clock
from mall.core.admin import (
    ActingAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    Tab,
    TabbedAdmin,
    fill,
    moment_column,
    ops_site,
    person,
    yuan_column,
)
from mall.core.admin.columns import chip, link, moment
from mall.core.admin.lists import Found, KeptList, days_filter
from members.models import Member

from .exports import REWARD_COLUMNS

TONES = {
    "pending": "info",
    "part_held": "info",
    "settled": "good",
    "part_forfeited": "warn",
    "fund": "",
    "reversed": "bad",
}
HOLD_TONES = {Hold.NONE: "", Hold.ACTIVE: "info", Hold.RELEASED: "good", Hold.FORFEITED: "warn"}


class PartFilter(admin.SimpleListFilter):
    title = gettext_lazy("分类")
    parameter_name = "part"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("holds", _("冻结中")), ("reversed", _("已扣回")), ("fund", _("进帮扶基金"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reward]) -> QuerySet[Reward]:
        match self.value():
            case "holds":
                return queryset.filter(hold=Hold.ACTIVE, reversed=False)
            case "reversed":
                return queryset.filter(reversed=True)
            case "fund":
                return queryset.filter(member=None)
        return queryset


@admin.register(Reward, site=ops_site)
class RewardAdmin(KeptList, TabbedAdmin, ActingAdmin):
    """Rewards, newest first; holds by when they expire. Each opens its explanation."""

    period_field = "order__paid_at"
    found_by = Found(("order__order__number",), "member")
    export_columns = REWARD_COLUMNS
    tab_parameter = "part"
    list_display = ("what", "who", "amount_yuan", "held_yuan", "order_number", "expires", "status")
    list_filter = (PartFilter, "kind")
    list_select_related = ("member", "order__order")
    search_fields = ("order__order__number__exact", "member__public_id__exact", "member__phone__exact")
    search_help_text = gettext_lazy("订单号、会员号、完整手机号")

    amount_yuan = yuan_column("amount_fen", gettext_lazy("金额"))
    held_yuan = yuan_column("held_fen", gettext_lazy("其中冻结"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        return [
            Tab("", _("全部")),
            Tab("holds", _("冻结中")),
            Tab("reversed", _("已扣回")),
            Tab("fund", _("进帮扶基金")),
        ]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        if request.GET.get("part") == "holds":
            return [F("order__holds_expire_at").asc(nulls_last=True), "pk"]
        return ["-pk"]

    @admin.display(description=gettext_lazy("奖励"))
    def what(self, reward: Reward) -> str:
        return str(reward.get_kind_display())

    @admin.display(description=gettext_lazy("获得人"))
    def who(self, reward: Reward) -> SafeString:
        return person(reward.member, str(reward.get_acting_display())) if reward.member else chip(_("帮扶基金"))

    @admin.display(description=gettext_lazy("订单"))
    def order_number(self, reward: Reward) -> SafeString:
        return link(reverse("ops:orders_order_change", args=[reward.order_id]), reward.order.order.number)

    @admin.display(description=gettext_lazy("冻结到期"))
    def expires(self, reward: Reward) -> str:
        return moment(reward.order.holds_expire_at) if reward.hold == Hold.ACTIVE and not reward.reversed else "—"

    @admin.display(description=gettext_lazy("状态"))
    def status(self, reward: Reward) -> SafeString:
        found = status_of(reward)
        return chip(found.label, TONES.get(found.value, ""))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "linkage.view_reward")
        known = object_id.isdecimal() and len(object_id) < 19
        found = explain_reward(reward_id=int(object_id), member_id=None, at=clock.now()) if known else None
        if found is None:
            raise Http404
        reward = found.reward
        context = {
            "original": reward,
            "explanation": found,
            "reward": reward,
            "tone": TONES.get(found.status.value, ""),
            "receiver": Member.objects.filter(pk=reward.member_id).first() if reward.member_id else None,
            "buyer": Member.objects.get(pk=reward.order.member_id),
        }
        return self.record_page(
            request, template="ops/reward.html", title=_("%s 的来由") % reward.get_kind_display(), context=context
        )


class RewardInline(ReadOnlyInline):
    model = Reward
    verbose_name_plural = gettext_lazy("这一单产生的奖励")
    fields = ("what", "who", "amount_yuan", "held_yuan", "hold_state")
    readonly_fields: ClassVar = ["what", "who", "amount_yuan", "held_yuan", "hold_state"]

    amount_yuan = yuan_column("amount_fen", gettext_lazy("金额"))
    held_yuan = yuan_column("held_fen", gettext_lazy("其中冻结"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reward]:
        rows: QuerySet[Reward] = super().get_queryset(request)
        return rows.select_related("member").order_by("kind")

    @admin.display(description=gettext_lazy("奖励"))
    def what(self, reward: Reward) -> SafeString:
        return link(reverse("ops:linkage_reward_change", args=[reward.pk]), reward.get_kind_display())

    @admin.display(description=gettext_lazy("获得人"))
    def who(self, reward: Reward) -> SafeString:
        return person(reward.member) if reward.member else chip(_("帮扶基金"))

    @admin.display(description=gettext_lazy("冻结状态"))
    def hold_state(self, reward: Reward) -> SafeString:
        if reward.reversed:
            return chip(_("已扣回"), "bad")
        return chip(reward.get_hold_display(), HOLD_TONES[Hold(reward.hold)])


@admin.register(SettledOrder, site=ops_site)
class SettledOrderAdmin(ReadOnlyAdmin):
    """Gift-pack orders that were settled, with the rewards that they made."""

    list_display = ("number", "buyer", "count_packs", "count_first", "version", "paid", "received", "stage")
    list_filter = ("matured",)
    list_select_related = ("order__member",)
    search_fields = ("order__number__exact",)
    search_help_text = gettext_lazy("订单号")
    fields = (
        "number",
        "buyer",
        "packs",
        "first_packs",
        "version",
        "paid",
        "received",
        "matures",
        "expires",
        "refunded",
        "stage",
    )
    readonly_fields: ClassVar = [
        "number",
        "buyer",
        "version",
        "paid",
        "received",
        "matures",
        "expires",
        "refunded",
        "stage",
    ]
    inlines = (RewardInline,)

    paid = moment_column("paid_at", gettext_lazy("付款时间"))
    received = moment_column("received_at", gettext_lazy("收货时间"))
    matures = moment_column("matures_at", gettext_lazy("冷静期结束"))
    expires = moment_column("holds_expire_at", gettext_lazy("冻结到期"))
    refunded = moment_column("refunded_at", gettext_lazy("退款时间"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        known = object_id.isdecimal() and len(object_id) < 19
        return SettledOrder.objects.select_related("order__member").filter(pk=int(object_id)).first() if known else None

    @admin.display(description=gettext_lazy("订单号"))
    def number(self, settled: SettledOrder) -> str:
        return settled.order.number

    @admin.display(description=gettext_lazy("买家"))
    def buyer(self, settled: SettledOrder) -> SafeString:
        return person(settled.order.member)

    @admin.display(description=gettext_lazy("礼包"))
    def count_packs(self, settled: SettledOrder) -> str:
        return _("%d 份") % settled.packs

    @admin.display(description=gettext_lazy("其中首份"))
    def count_first(self, settled: SettledOrder) -> str:
        return _("%d 份") % settled.first_packs

    @admin.display(description=gettext_lazy("规则"))
    def version(self, settled: SettledOrder) -> str:
        return f"v{settled.plan_version}"

    @admin.display(description=gettext_lazy("进展"))
    def stage(self, settled: SettledOrder) -> SafeString:
        if settled.refunded_at:
            return chip(_("已退款"), "bad")
        if settled.matured:
            return chip(_("已过冷静期"), "good")
        return chip(_("冷静期"), "info") if settled.received_at else chip(_("待收货"), "warn")


@admin.register(Position, site=ops_site)
class PositionAdmin(ReadOnlyAdmin):
    """Standings under the 2+1 rules, kept by settlement alone."""

    list_display = ("who", "title", "leader", "count_packs", "count_valid", "count_recruits", "tasks", "since")
    list_filter = (
        *("rank", "tasks_done"),
        days_filter("agent", gettext_lazy("成为代理"), "agent_at"),
        days_filter("partner", gettext_lazy("升级合伙人"), "partner_at"),
    )
    list_select_related = ("member",)
    search_fields = ("member__public_id__exact", "member__nickname", "member__phone__endswith")
    search_help_text = gettext_lazy("会员号、昵称、手机尾号")
    fields = ("who", "title", "leader", "packs", "valid_referrals", "recruits", "tasks", "since", "promoted")
    readonly_fields: ClassVar = ["who", "title", "leader", "tasks", "since", "promoted"]
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    since = moment_column("agent_at", gettext_lazy("成为代理"))
    promoted = moment_column("partner_at", gettext_lazy("升级合伙人"))

    def prepare(self, request: HttpRequest, rows: list[Position]) -> None:
        leaders = Member.objects.in_bulk([row.leader_id for row in rows if row.leader_id])
        fill(rows, "leading", lambda row: row.leader_id, leaders, None)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self.prepare(request, [found])
        return found

    @admin.display(description=gettext_lazy("会员"))
    def who(self, position: Position) -> SafeString:
        return person(position.member)

    @admin.display(description=gettext_lazy("头衔"))
    def title(self, position: Position) -> SafeString:
        tones = {Rank.AGENT: "good", Rank.PARTNER: "gold"}
        return chip(position.get_rank_display(), tones.get(Rank(position.rank), ""))

    @admin.display(description=gettext_lazy("团队合伙人"))
    def leader(self, position: Any) -> str:
        return str(position.leading or "—")

    @admin.display(description=gettext_lazy("有效礼包"))
    def count_packs(self, position: Position) -> int:
        return position.packs

    @admin.display(description=gettext_lazy("有效直推"))
    def count_valid(self, position: Position) -> int:
        return position.valid_referrals

    @admin.display(description=gettext_lazy("直推人数"))
    def count_recruits(self, position: Position) -> int:
        return position.recruits

    @admin.display(description=gettext_lazy("种子任务"))
    def tasks(self, position: Position) -> SafeString:
        return chip(_("已完成"), "good") if position.tasks_done else chip(_("未完成"))
