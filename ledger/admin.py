"""The books for operators: accounts, entries with their postings, and the mall's own balances. Nothing is written."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.exports import ENTRY_COLUMNS
from mall.core.admin import ReadOnlyAdmin, ReadOnlyInline, fill, moment_column, ops_site, yuan_column
from mall.core.admin.columns import link, two_lines
from mall.core.admin.lists import Found, KeptList
from mall.core.labels import labels
from mall.core.money import yuan

from .models import DEBIT_KINDS, KEPT_KINDS, MEMBER_KINDS, Account, AccountKind, JournalEntry, Posting, account_id
from .queries import ENTRY_NAMES, entry_name, member_totals, platform_balances, reference_words


def holder_names(pairs: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return who holds each account of a kind and a holder's id, in words."""
    ids: dict[str, list[int]] = {"member": [], "supplier": [], "channel": []}
    for kind, holder in pairs:
        if holder:
            ids[_holder_kind(kind)].append(holder)
    found = {word: labels(word, holders) for word, holders in ids.items()}
    return {
        (kind, holder): found[_holder_kind(kind)].get(holder, _("编号 %d") % holder) if holder else _("平台")
        for kind, holder in pairs
    }


def _holder_kind(kind: int) -> str:
    if kind == AccountKind.CASH:
        return "channel"
    return "supplier" if kind == AccountKind.SUPPLIER_PAYABLE else "member"


class PostingInline(ReadOnlyInline):
    model = Posting
    verbose_name_plural = gettext_lazy("分录")
    fields = ("what", "who", "debit_yuan", "credit_yuan")
    readonly_fields: ClassVar = ["what", "who", "debit_yuan", "credit_yuan"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        rows: QuerySet[Posting] = super().get_queryset(request)
        return rows.select_related("account").order_by("id")

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        lines = [] if obj is None else obj.postings.values_list("account__kind", "account__holder_id")
        self.names = holder_names(list(lines))
        return super().get_formset(request, obj, **options)

    @admin.display(description=gettext_lazy("科目"))
    def what(self, posting: Posting) -> str:
        return str(posting.account.get_kind_display())

    @admin.display(description=gettext_lazy("户主"))
    def who(self, posting: Posting) -> SafeString:
        account = posting.account
        return link(
            reverse("ops:ledger_account_change", args=[account.pk]), self.names[account.kind, account.holder_id]
        )

    @admin.display(description=gettext_lazy("借方"))
    def debit_yuan(self, posting: Posting) -> str:
        return yuan(posting.amount_fen) if posting.amount_fen > 0 else ""

    @admin.display(description=gettext_lazy("贷方"))
    def credit_yuan(self, posting: Posting) -> str:
        return yuan(-posting.amount_fen) if posting.amount_fen < 0 else ""


class EntryKindFilter(admin.SimpleListFilter):
    title = gettext_lazy("类型")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ENTRY_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(JournalEntry, site=ops_site)
class JournalEntryAdmin(KeptList):
    """Journal entries, newest first; each with its lines."""

    period_field = "at"
    found_by = Found(("reference",))
    export_columns = ENTRY_COLUMNS
    list_display = ("number", "name", "about", "when", "debit_yuan", "count_lines", "memo")
    list_filter = (EntryKindFilter,)
    search_fields = ("reference__exact",)
    search_help_text = gettext_lazy("关联单号（完整）")
    fields = ("name", "about", "when", "debit_yuan", "line_count", "memo", "written")
    readonly_fields: ClassVar = ["name", "about", "when", "debit_yuan", "written"]
    inlines = (PostingInline,)

    when = moment_column("at", gettext_lazy("发生时间"))
    written = moment_column("created_at", gettext_lazy("写入时间"))
    debit_yuan = yuan_column("debit_fen", gettext_lazy("金额"))

    def prepare(self, request: HttpRequest, rows: list[JournalEntry]) -> None:
        words = reference_words((row.kind, row.reference) for row in rows)
        fill(rows, "reference_shown", lambda row: (row.kind, row.reference), words, "")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self.prepare(request, [found])
        return found

    @admin.display(description=gettext_lazy("关联单号"))
    def about(self, entry: Any) -> str:
        return str(entry.reference_shown)

    @admin.display(description=gettext_lazy("凭证号"))
    def number(self, entry: JournalEntry) -> str:
        return f"#{entry.pk}"

    @admin.display(description=gettext_lazy("类型"))
    def name(self, entry: JournalEntry) -> str:
        return entry_name(entry.kind)

    @admin.display(description=gettext_lazy("行数"))
    def count_lines(self, entry: JournalEntry) -> int:
        return entry.line_count


@admin.register(Account, site=ops_site)
class AccountAdmin(ReadOnlyAdmin):
    """Accounts with a kept balance; the rest are on the page of the mall's own accounts."""

    list_display = ("what", "holder", "balance_yuan")
    list_filter = ("kind",)
    search_fields = ("holder_id",)
    search_help_text = gettext_lazy("会员号、完整手机号")
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Account], search_term: str
    ) -> tuple[QuerySet[Account], bool]:
        term = "".join(search_term.split())
        if not term:
            return queryset, False
        known = Q(public_id=term) | Q(phone=f"+86{term.removeprefix('+86')}")
        people = get_user_model()._default_manager.filter(known).values_list("pk", flat=True)
        ids = [account_id(kind, person) for person in people for kind in MEMBER_KINDS]
        return queryset.filter(pk__in=ids), False

    def prepare(self, request: HttpRequest, rows: list[Account]) -> None:
        names = holder_names([(row.kind, row.holder_id) for row in rows])
        fill(rows, "holder_name", lambda row: (row.kind, row.holder_id), names, "")

    @admin.display(description=gettext_lazy("科目"))
    def what(self, account: Account) -> str:
        return str(account.get_kind_display())

    @admin.display(description=gettext_lazy("户主"))
    def holder(self, account: Any) -> SafeString:
        return two_lines(account.holder_name, _("会员") if account.kind in MEMBER_KINDS else _("平台账户"))

    @admin.display(description=gettext_lazy("余额"))
    def balance_yuan(self, account: Account) -> str:
        return yuan(account.balance_fen) if account.kind in KEPT_KINDS else "—"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        self.require(request, "ledger.view_account")
        account = self.get_object(request, object_id)
        if account is None:
            found: TemplateResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return found
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "ops/account.html", self._statement(request, account))

    def _statement(self, request: HttpRequest, account: Account) -> dict[str, Any]:
        last = request.GET.get("before", "")
        postings = Posting.objects.filter(account=account).select_related("entry").order_by("-id")
        if last.isdecimal() and len(last) < 19:
            postings = postings.filter(pk__lt=int(last))
        page = list(postings[: self.list_per_page])
        sign = 1 if account.kind in DEBIT_KINDS else -1
        words = reference_words((row.entry.kind, row.entry.reference) for row in page)
        lines = [
            {
                "posting": row,
                "name": entry_name(row.entry.kind),
                "reference": words[row.entry.kind, row.entry.reference],
                "amount_fen": sign * row.amount_fen,
            }
            for row in page
        ]
        pair = (account.kind, account.holder_id)
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(account.get_kind_display()),
            "original": account,
            "account": account,
            "holder": holder_names([pair])[pair],
            "is_kept": account.kind in KEPT_KINDS,
            "lines": lines,
            "older": page[-1].pk if len(page) == self.list_per_page else None,
        }


@ops_site.page("ledger/balances/", name="ledger_balances", permission="ledger.view_account")
def balances(request: HttpRequest) -> HttpResponseBase:
    """The mall's own accounts, and what it owes its members, on one page."""
    own = platform_balances()
    names = holder_names([(row.kind, row.holder_id) for row in own])
    members = member_totals()
    context = {
        **ops_site.each_context(request),
        "title": _("平台账户"),
        "rows": [
            {
                "row": row,
                "holder": names[row.kind, row.holder_id],
                "side": _("借") if row.kind in DEBIT_KINDS else _("贷"),
            }
            for row in own
        ],
        "members": [{"kind": AccountKind(kind), "balance_fen": total} for kind, total in members.items()],
    }
    return TemplateResponse(request, "ops/balances.html", context)
