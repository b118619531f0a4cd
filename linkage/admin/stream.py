"""The numbered stream of events, as it stands. What waits is settled by workers alone."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.models import LinkageEvent
from mall.core.admin import ReadOnlyAdmin, fill, moment_column, ops_site, yuan_column
from mall.core.admin.columns import chip, two_lines
from members.models import Member
from orders.models import Order

KEYS = ("order", "receive", "refund")
# The engine's reasons, for operators; an unknown one is shown as it is.
REFUSALS = {
    "an adjustment is not zero": gettext_lazy("金额不能为 0"),
    "the debt is less": gettext_lazy("超过欠款"),
    "a grant is above zero": gettext_lazy("金额须大于 0"),
    "an order has at least one pack": gettext_lazy("订单没有礼包"),
    "the amount is above what is available": gettext_lazy("超过可提现余额"),
    "the amount is below the minimum": gettext_lazy("低于最低提现额"),
    "the member is known already": gettext_lazy("会员已加入"),
    "the member is unknown": gettext_lazy("没有这个会员"),
    "the order is known already": gettext_lazy("订单已结算"),
    "the order is unknown": gettext_lazy("没有这个订单"),
    "the order was received already": gettext_lazy("订单已收货"),
    "the order was refunded already": gettext_lazy("订单已退款"),
    "the referrer is unknown": gettext_lazy("没有这个推荐人"),
    "the support fund holds less": gettext_lazy("帮扶基金余额不足"),
    "the tasks were done already": gettext_lazy("任务早已完成"),
    "the withdrawal is known already": gettext_lazy("提现单号重复"),
    "the withdrawal is unknown": gettext_lazy("没有这笔提现"),
    "the withdrawal was decided already": gettext_lazy("提现已处理"),
}


class SettledFilter(admin.SimpleListFilter):
    title = gettext_lazy("进度")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("待结算")), ("done", _("已结算")), ("refused", _("已拒绝"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LinkageEvent]) -> QuerySet[LinkageEvent]:
        match self.value():
            case "waiting":
                return queryset.filter(number=None, refusal="")
            case "done":
                return queryset.filter(number__isnull=False)
            case "refused":
                return queryset.exclude(refusal="")
        return queryset


@admin.register(LinkageEvent, site=ops_site)
class LinkageEventAdmin(ReadOnlyAdmin):
    """Newest first; a search takes a number of the stream, an order number or a withdrawal's or grant's number."""

    list_display = ("numbered", "what", "about", "amount_yuan", "version", "happened", "took_effect", "progress")
    list_filter = (SettledFilter, "kind")
    search_fields = ("number",)
    search_help_text = gettext_lazy("事件序号、订单号、提现或帮扶单号")
    fields = (
        "numbered",
        "what",
        "about",
        "reference",
        "packs",
        "amount_yuan",
        "version",
        "happened",
        "took_effect",
        "progress",
        "note",
        "key",
    )
    readonly_fields: ClassVar = [
        "numbered",
        "what",
        "about",
        "amount_yuan",
        "version",
        "happened",
        "took_effect",
        "progress",
    ]

    amount_yuan = yuan_column("amount_fen", gettext_lazy("金额"))
    happened = moment_column("at", gettext_lazy("发生时间"))
    took_effect = moment_column("effective_at", gettext_lazy("生效时间"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[LinkageEvent], search_term: str
    ) -> tuple[QuerySet[LinkageEvent], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        wanted = Q(key__in=[f"withdraw:{term}", f"payout:{term}", f"grant:{term}", f"adjust:{term}", term])
        if term.isdecimal() and len(term) < 19:
            wanted |= Q(number=int(term))
        order = Order.objects.filter(number=term).values_list("pk", flat=True).first()
        if order is not None:
            wanted |= Q(key__in=[f"{kind}:{order}" for kind in KEYS])
        return queryset.filter(wanted), False

    def prepare(self, request: HttpRequest, rows: list[LinkageEvent]) -> None:
        people = Member.objects.in_bulk([row.member_id for row in rows if row.member_id])
        orders = Order.objects.in_bulk([row.order_id for row in rows if row.order_id])
        fill(rows, "member", lambda row: row.member_id, people, None)
        fill(rows, "order", lambda row: row.order_id, orders, None)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self.prepare(request, [found])
        return found

    @admin.display(description=gettext_lazy("序号"))
    def numbered(self, event: LinkageEvent) -> str:
        return f"#{event.number}" if event.number is not None else "—"

    @admin.display(description=gettext_lazy("事件"))
    def what(self, event: LinkageEvent) -> str:
        return str(event.get_kind_display())

    @admin.display(description=gettext_lazy("会员与单号"))
    def about(self, event: Any) -> SafeString:
        reference = event.order.number if event.order else event.reference
        return two_lines(str(event.member or _("全部会员")), reference or f"{_('分片')} {event.shard}")

    @admin.display(description=gettext_lazy("规则"))
    def version(self, event: LinkageEvent) -> str:
        return f"v{event.plan_version}" if event.plan_version else "—"

    @admin.display(description=gettext_lazy("进度"))
    def progress(self, event: LinkageEvent) -> SafeString:
        if event.refusal:
            return chip(_("已拒绝：%s") % REFUSALS.get(event.refusal, event.refusal), "bad")
        return chip(_("已结算"), "good") if event.number is not None else chip(_("待结算"), "warn")
