"""What settlement made of goods: retail commission, with what went back of it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.models import Commission, CommissionCut
from mall.core.admin import ReadOnlyAdmin, ReadOnlyInline, moment_column, ops_site, person, yuan_column
from mall.core.admin.columns import chip, link
from mall.core.admin.lists import days_filter
from members.queries import attribution_words


class CommissionCutInline(ReadOnlyInline):
    model = CommissionCut
    verbose_name_plural = gettext_lazy("退款扣回")
    fields = ("at_moment", "kept_yuan", "amount_yuan")
    readonly_fields: ClassVar = ["at_moment", "kept_yuan", "amount_yuan"]

    at_moment = moment_column("at", gettext_lazy("时间"))
    kept_yuan = yuan_column("kept_fen", gettext_lazy("退款后商品金额"))
    amount_yuan = yuan_column("amount_fen", gettext_lazy("扣回佣金"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[CommissionCut]:
        rows: QuerySet[CommissionCut] = super().get_queryset(request)
        return rows.order_by("pk")


@admin.register(Commission, site=ops_site)
class CommissionAdmin(ReadOnlyAdmin):
    """Commissions, newest first: of which line, for whom and why."""

    list_display = ("number", "who", "goods", "net_yuan", "percent", "amount_yuan", "paid", "stage")
    list_filter = ("matured", days_filter("paid", gettext_lazy("付款日期"), "order__paid_at"))
    list_select_related = ("order", "member", "line")
    search_fields = ("order__number__exact", "member__public_id__exact", "member__phone__exact")
    search_help_text = gettext_lazy("订单号、店主会员号、完整手机号")
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    fields = (
        *("number", "who", "why", "goods", "net_yuan", "kept_yuan", "percent", "first_yuan", "amount_yuan"),
        *("paid", "received", "matures", "stage"),
    )
    readonly_fields: ClassVar = fields
    inlines = (CommissionCutInline,)

    net_yuan = yuan_column("net_fen", gettext_lazy("实付商品金额"))
    kept_yuan = yuan_column("kept_fen", gettext_lazy("退款后商品金额"))
    first_yuan = yuan_column("first_fen", gettext_lazy("付款时佣金"))
    amount_yuan = yuan_column("amount_fen", gettext_lazy("佣金"))
    paid = moment_column("paid_at", gettext_lazy("付款时间"))
    received = moment_column("received_at", gettext_lazy("收货时间"))
    matures = moment_column("matures_at", gettext_lazy("冷静期结束"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        known = object_id.isdecimal() and len(object_id) < 19
        wanted = Commission.objects.select_related("order", "member", "line")
        return wanted.filter(pk=int(object_id)).first() if known else None

    @admin.display(description=gettext_lazy("订单号"))
    def number(self, commission: Commission) -> SafeString:
        return link(reverse("ops:orders_order_change", args=[commission.order_id]), commission.order.number)

    @admin.display(description=gettext_lazy("店主"))
    def who(self, commission: Commission) -> SafeString:
        return person(commission.member)

    @admin.display(description=gettext_lazy("归属原因"))
    def why(self, commission: Commission) -> str:
        return attribution_words(reason=commission.order.adviser_reason)

    @admin.display(description=gettext_lazy("商品"))
    def goods(self, commission: Commission) -> str:
        return f"{commission.line.product_name} × {commission.line.quantity}"

    @admin.display(description=gettext_lazy("佣金比例"))
    def percent(self, commission: Commission) -> str:
        return f"{commission.bps // 100}.{commission.bps % 100:02d}%"

    @admin.display(description=gettext_lazy("状态"))
    def stage(self, commission: Commission) -> SafeString:
        if not commission.amount_fen:
            return chip(_("已扣回"), "bad")
        if commission.matured:
            return chip(_("已结算"), "good")
        return chip(_("冷静期"), "info") if commission.received_at else chip(_("待收货"), "warn")
