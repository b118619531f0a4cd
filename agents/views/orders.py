"""Orders that brought, or may bring, something."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.forms import DaysForm
from agents.queries.promoted import Span, promoted_orders
from mall.core import clock
from mall.core.access import members_only

from .signed_in import member_of


@members_only
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Promoted orders, newest first, between two days (`?first=2026-11-01&last=2026-11-30`)."""
    at = clock.now()
    asked = "first" in request.GET or "last" in request.GET
    form = DaysForm(request.GET if asked else None)
    span, chosen = Span(), {}
    if asked and form.is_valid():
        span = Span(form.cleaned_data["first"], form.cleaned_data["last"])
        chosen = {"first": _written(span.first), "last": _written(span.last)}
    page = promoted_orders(member=member_of(request), span=span, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "form": form,
        "spans": _spans(timezone.localtime(at).date(), span),
        "is_filtered": span != Span(),
        "more": f"?{urlencode(chosen | {'after': page.next_cursor})}" if page.next_cursor else "",
        "now": at,
    }
    return render(request, "agents/orders.html", context, status=422 if asked and not form.is_valid() else 200)


def _spans(today: date, chosen: Span) -> list[tuple[str, str, bool]]:
    """Return spans to tap on: what they are called, their address, and whether they are chosen."""
    offered = [
        (_("全部时间"), Span()),
        (_("今天"), Span(today, today)),
        (_("近 7 天"), Span(today - timedelta(days=6), today)),
        (_("近 30 天"), Span(today - timedelta(days=29), today)),
        (_("本月"), Span(today.replace(day=1), today)),
    ]
    return [
        (words, "?" if span == Span() else f"?first={_written(span.first)}&last={_written(span.last)}", span == chosen)
        for words, span in offered
    ]


def _written(day: date | None) -> str:
    return "" if day is None else f"{day:%Y-%m-%d}"
