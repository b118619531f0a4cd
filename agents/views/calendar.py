"""What becomes available when."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.queries import calendar as queries
from agents.queries.periods import Period, any_month_named, month_of
from mall.core import clock
from mall.core.access import members_only

from .signed_in import member_of

AHEAD = timedelta(days=366)


@members_only
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A month of days (`?month=2026-11`), and what happens on one of them (`&day=25`)."""
    at = clock.now()
    member = member_of(request)
    key = request.GET.get("month", "")
    period = any_month_named(key) if key else month_of(at)
    if period is None or period.end <= member.joined_at or period.start > at + AHEAD:
        raise Http404
    month = queries.calendar(member=member, period=period, at=at)
    page = {
        "month": month,
        "today": timezone.localtime(at).date(),
        "before": month.before.key if month.before.end > member.joined_at else "",
        "after": month.after.key if month.after.start <= at + AHEAD else "",
        "weekdays": queries.weekdays(),
        "now": at,
    }
    day = _day(period, request.GET.get("day", ""))
    if day is not None:
        page["day"] = day
        page["items"], page["has_more"] = queries.day_items(member=member, day=day)
    return render(request, "agents/calendar.html", page)


def _day(month: Period, text: str) -> Period | None:
    """Return the day of a month that a number such as 25 names."""
    if not (text.isascii() and text.isdigit() and len(text) < 3):
        return None
    start = month.start + timedelta(days=int(text) - 1)
    return Period(start, start + timedelta(days=1), text) if month.start <= start < month.end else None
