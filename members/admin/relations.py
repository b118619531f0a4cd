"""Whose customer is whose. Customers change it, orders extend it; operators read it."""

from typing import ClassVar

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import ReadOnlyAdmin, moment_column, ops_site, person
from mall.core.admin.columns import chip
from members.models import AdviserRelation


@admin.register(AdviserRelation, site=ops_site)
class AdviserRelationAdmin(ReadOnlyAdmin):
    """All relations, the newest first."""

    list_display = ("customer_name", "adviser_name", "how", "began", "protected", "lasts", "ordered", "state_chip")
    list_display_links = ("customer_name",)
    list_filter = ("reason", "end_reason")
    list_select_related = ("customer", "adviser")
    search_fields = (
        *("customer__phone__endswith", "customer__public_id__exact"),
        *("adviser__phone__endswith", "adviser__public_id__exact", "adviser__referral_code__exact"),
    )
    search_help_text = gettext_lazy("客户或店主的手机尾号、会员号，店主的推荐码")
    fields: ClassVar = [
        *("customer_name", "adviser_name", "how", "policy", "began", "protected", "lasts", "ordered"),
        *("ended", "end_reason", "state_chip"),
    ]
    readonly_fields: ClassVar = fields

    began = moment_column("since", gettext_lazy("建立时间"))
    protected = moment_column("protected_until", gettext_lazy("保护期至"))
    lasts = moment_column("until", gettext_lazy("锁客期至"))
    ordered = moment_column("last_order_at", gettext_lazy("最近下单"))
    ended = moment_column("ended_at", gettext_lazy("结束时间"))

    @admin.display(description=gettext_lazy("客户"))
    def customer_name(self, relation: AdviserRelation) -> SafeString:
        return person(relation.customer)

    @admin.display(description=gettext_lazy("店主"))
    def adviser_name(self, relation: AdviserRelation) -> SafeString:
        return person(relation.adviser)

    @admin.display(description=gettext_lazy("建立方式"))
    def how(self, relation: AdviserRelation) -> str:
        return str(relation.get_reason_display())

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, relation: AdviserRelation) -> SafeString:
        now = clock.now()
        if relation.ended_at is not None:
            return chip(relation.get_end_reason_display())
        if relation.until <= now:
            return chip(_("锁客期结束"))
        return chip(_("保护期内"), "good") if relation.protected_until > now else chip(_("锁客期内"), "info")
