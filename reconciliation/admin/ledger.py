"""The ledger explorer: entries by what people know, each proved to be balanced; a member's chain proved against the
books and the day's root."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.models import AccountKind, JournalEntry, Posting
from ledger.queries import ENTRY_NAMES, entry_name, held_proof, holder_flaws, reference_words, roots
from mall.core.admin import ops_site
from mall.core.labels import labels
from reconciliation.comparing import bounds
from reconciliation.exploring import PAGE, Meant, entries_page, meaning

# Kinds of entries have no index of their own: without anything else, only so many days are looked at.
KIND_DAYS = 31
DATE = forms.DateInput(attrs={"type": "date"})


class ExploreForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("单号、手机尾号、会员号、#凭证号"), max_length=64, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"), required=False, choices=[("", gettext_lazy("全部")), *ENTRY_NAMES.items()]
    )
    account = forms.TypedChoiceField(
        label=gettext_lazy("科目"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("全部")), *AccountKind.choices],
    )
    since = forms.DateField(label=gettext_lazy("从"), required=False, widget=DATE)
    until = forms.DateField(label=gettext_lazy("到"), required=False, widget=DATE)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)


@ops_site.page("ledger/explore/", name="ledger_explore", permission="ledger.view_journalentry")
def explore(request: HttpRequest) -> HttpResponseBase:
    """Entries, newest first, page by page from an entry on."""
    form = ExploreForm(request.GET)
    data: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    word = data.get("q") or ""
    meant = meaning(word) if word else None
    found: list[JournalEntry] = []
    if form.is_valid() and (meant is None or meant.is_something):
        since, until = _bounds(data, meant)
        found = entries_page(
            meant=meant,
            kind=data.get("kind") or "",
            account_kind=data.get("account"),
            since=since,
            until=until,
            before=data.get("before"),
        )
    page = found[:PAGE]
    older = {name: value for name, value in request.GET.items() if name != "before" and value}
    context = {
        **ops_site.each_context(request),
        "title": _("账本查询"),
        "form": form,
        "rows": rows(page),
        "older": urlencode({**older, "before": page[-1].pk}) if len(found) > PAGE else "",
        "is_first": data.get("before") is None,
        "chain": chain_of(meant),
        "root": roots().first(),
        "nothing": bool(word) and meant is not None and not meant.is_something,
        "kind_days": KIND_DAYS,
    }
    return TemplateResponse(request, "ops/ledger_explore.html", context)


def _bounds(data: dict[str, Any], meant: Meant | None) -> tuple[datetime | None, datetime | None]:
    since: date | None = data.get("since")
    until: date | None = data.get("until")
    if data.get("kind") and meant is None and since is None and data.get("account") is None:
        newest = until or _newest_day()
        since = newest - timedelta(days=KIND_DAYS) if newest is not None else None
    return bounds(since)[0] if since else None, bounds(until)[1] if until else None


def _newest_day() -> date | None:
    last = JournalEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    return last.date() if last is not None else None


def rows(page: list[JournalEntry]) -> list[dict[str, Any]]:
    """Return entries with their lines, and whether their lines add up to what their heads say."""
    lines = Posting.objects.filter(entry__in=[entry.pk for entry in page]).order_by("entry_id", "id")
    of_entry = {
        pk: [(account, fen) for _pk, account, fen in found]
        for pk, found in groupby(lines.values_list("entry_id", "account_id", "amount_fen"), key=lambda line: line[0])
    }
    names = _names([account for found in of_entry.values() for account, _fen in found])
    words = reference_words((entry.kind, entry.reference) for entry in page)
    return [
        {
            "entry": entry,
            "name": entry_name(entry.kind),
            "words": words[entry.kind, entry.reference],
            "lines": [
                {"account": account, "kind": AccountKind(account % 32).label, "who": names[account], "fen": fen}
                for account, fen in of_entry.get(entry.pk, [])
            ],
            "is_balanced": _is_balanced(entry, [fen for _account, fen in of_entry.get(entry.pk, [])]),
        }
        for entry in page
    ]


def _is_balanced(entry: JournalEntry, amounts: list[int]) -> bool:
    debits = sum(fen for fen in amounts if fen > 0)
    return sum(amounts) == 0 and debits == entry.debit_fen and len(amounts) == entry.line_count


def _names(accounts: list[int]) -> dict[int, str]:
    """Return who holds each account, in words."""
    kinds = {AccountKind.CASH: "channel", AccountKind.SUPPLIER_PAYABLE: "supplier"}
    wanted: dict[str, set[int]] = {"member": set(), "channel": set(), "supplier": set()}
    for account in accounts:
        if account // 32:
            wanted[kinds.get(AccountKind(account % 32), "member")].add(account // 32)
    found = {word: labels(word, ids) for word, ids in wanted.items()}
    return {
        account: found[kinds.get(AccountKind(account % 32), "member")].get(account // 32, str(account // 32))
        if account // 32
        else _("平台")
        for account in accounts
    }


def chain_of(meant: Meant | None) -> dict[str, Any] | None:
    """Return how the chain of the one member stands that was asked for."""
    if meant is None or len(meant.holders) != 1:
        return None
    holder = meant.holders[0]
    length, flaws = holder_flaws(holder_id=holder)
    proof = held_proof(holder_id=holder)
    return {
        "name": labels("member", [holder]).get(holder, ""),
        "length": length,
        "flaws": len(flaws),
        "on": proof.root.date if proof is not None else None,
    }
