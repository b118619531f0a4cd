"""Bills of payment providers for operators: seen, never edited."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.admin import ReadOnlyAdmin, fill, moment_column, ops_site, yuan_column
from mall.core.admin.columns import chip, link
from mall.core.money import yuan
from orders.models import BillLine, ProviderBill
from orders.queries import provider_names
from orders.queries.bills import Difference, bill_sums, unmatched

WORDS = {
    Difference.ONLY_ON_BILL: gettext_lazy("只在渠道账单上"),
    Difference.ONLY_WITH_US: gettext_lazy("只在我们账上"),
    Difference.AMOUNT: gettext_lazy("金额不同"),
    Difference.REFERENCE: gettext_lazy("流水号不同"),
    Difference.STATE: gettext_lazy("状态不同"),
}
SHOWN = 200


@admin.register(ProviderBill, site=ops_site)
class ProviderBillAdmin(ReadOnlyAdmin):
    """Bills, newest first; a bill's page names what stands in only one of the two books."""

    list_display = ("day", "channel", "lines_count", "paid", "refunded", "fetched")
    list_filter = ("provider",)
    ordering: ClassVar[tuple[str, ...]] = ("-day", "provider")
    fields = ("channel", "day", "fetched", "digest", "differences", "details")
    readonly_fields: ClassVar = ["channel", "fetched", "differences", "details"]

    fetched = moment_column("fetched_at", gettext_lazy("下载时间"))

    def prepare(self, request: HttpRequest, rows: list[Any]) -> None:
        fill(rows, "sums", lambda bill: bill.pk, bill_sums(bill_ids=[bill.pk for bill in rows]), (0, 0, 0))

    @admin.display(description=gettext_lazy("渠道"))
    def channel(self, bill: ProviderBill) -> str:
        return provider_names().get(bill.provider, bill.provider)

    @admin.display(description=gettext_lazy("行数"))
    def lines_count(self, bill: Any) -> int:
        return int(bill.sums[0])

    @admin.display(description=gettext_lazy("收款"))
    def paid(self, bill: Any) -> str:
        return yuan(bill.sums[1])

    @admin.display(description=gettext_lazy("退款"))
    def refunded(self, bill: Any) -> str:
        return yuan(bill.sums[2])

    @admin.display(description=gettext_lazy("未对上"))
    def differences(self, bill: ProviderBill) -> SafeString:
        found = unmatched(provider=bill.provider, day=bill.day)
        if not found:
            return chip(_("全部对上"), "good")
        rows = ((chip(WORDS[row.difference], "warn"), row.number, _amounts(row.bill_fen, row.our_fen)) for row in found)
        return format_html_join("", "<p>{} {} {}</p>", list(rows)[:SHOWN])

    @admin.display(description=gettext_lazy("明细"))
    def details(self, bill: ProviderBill) -> SafeString:
        address = reverse("ops:orders_billline_changelist")
        return link(f"{address}?bill__id__exact={bill.pk}", _("看每一行"))


@admin.register(BillLine, site=ops_site)
class BillLineAdmin(ReadOnlyAdmin):
    """The lines of bills."""

    list_display = ("number", "kind", "payment_number", "amount_yuan", "provider_ref", "happened")
    list_filter = ("kind",)
    search_fields = ("number__exact", "payment_number__exact", "provider_ref__exact")
    search_help_text = gettext_lazy("支付单号、退款单号、渠道流水号")

    amount_yuan = yuan_column("amount_fen", gettext_lazy("金额"))
    happened = moment_column("happened_at", gettext_lazy("发生时间"))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "bill__id__exact" or super().lookup_allowed(lookup, value, request)


def _amounts(bill_fen: int | None, our_fen: int | None) -> str:
    words = [_("账单 %(amount)s") % {"amount": yuan(bill_fen)}] if bill_fen is not None else []
    words += [_("我们 %(amount)s") % {"amount": yuan(our_fen)}] if our_fen is not None else []
    return "，".join(words)
