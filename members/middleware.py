"""Counts the days on which a member comes: one write a day and session."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mall.core import clock
from mall.core.ids import SHANGHAI

from . import commands
from .models import Member

SESSION_KEY = "visited_on"


class DayVisitMiddleware:
    """Records the visit when a page was shown to a member for the first time on a date."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == 200 and isinstance(request.user, Member):
            self._record(request, request.user)
        return response

    def _record(self, request: HttpRequest, member: Member) -> None:
        at = clock.now()
        date = at.astimezone(SHANGHAI).date()
        if request.session.get(SESSION_KEY) != date.isoformat():
            commands.record_visit(member_id=member.pk, date=date, at=at)
            request.session[SESSION_KEY] = date.isoformat()
