"""Who looked at where parcels go, for operators."""

from typing import ClassVar

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mall.core.admin import ReadOnlyAdmin, moment_column, ops_site
from mall.core.admin.columns import person, two_lines
from orders.models import RecipientReveal


@admin.register(RecipientReveal, site=ops_site)
class RevealAdmin(ReadOnlyAdmin):
    """Newest first."""

    list_display = ("when", "seen_by_shown", "order_shown", "way", "reason")
    list_filter = ("way",)
    list_select_related = ("order__supplier", "seen_by")
    search_fields = ("order__number__exact", "reason")
    search_help_text = _("订单号、原因")
    fields = ("order", "seen_by_shown", "way", "reason", "when")
    readonly_fields: ClassVar = ["when", "seen_by_shown"]
    ordering: ClassVar = ("-at", "-pk")

    when = moment_column("at", _("时间"))

    @admin.display(description=_("查看人"))
    def seen_by_shown(self, reveal: RecipientReveal) -> SafeString:
        return person(reveal.seen_by)

    @admin.display(description=_("订单"))
    def order_shown(self, reveal: RecipientReveal) -> SafeString:
        return two_lines(reveal.order.number, str(reveal.order.supplier))
