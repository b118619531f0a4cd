"""What happens beside a page: the day is counted, the device is noted, and inside WeChat it is asked who this is."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mall.core import clock
from mall.core.ids import SHANGHAI
from mall.core.visitor import device_of_cookie, is_person, is_wechat, keep_device, wechat_openid_here

from . import commands, entering
from .gateways import wechat
from .models import Member
from .staff_login import network_address_of

SESSION_KEY = "visited_on"
# Where nobody is ever sent away from: no pages, or pages of others.
NO_PAGES = (
    "/account/",
    "/agreements/",
    "/api/",
    "/healthz",
    "/language",
    "/livez",
    "/media/",
    "/ops/",
    "/pay/",
    "/readyz",
    "/sandbox/",
    "/static/",
    "/supplier/",
    "/theme",
    "/wx/",
)

Answer = Callable[[HttpRequest], HttpResponse]


class WechatEntryMiddleware:
    """Inside WeChat, the first page of a session is shown after a silent round trip that tells the openid.

    Only for people who open a page, only once, and whatever comes of it: the page is shown.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_entry(request):
            request.session[entering.TRIED_KEY] = True
            target = request.get_full_path()
            return entering.to_wechat(request, purpose="silent", scope=wechat.BASE, target=target, at=clock.now())
        return self.get_response(request)

    def _is_entry(self, request: HttpRequest) -> bool:
        return (
            request.method == "GET"
            and is_wechat(request)
            and wechat.is_configured()
            and "text/html" in request.headers.get("Accept", "")
            and "HX-Request" not in request.headers
            and not request.path.startswith(NO_PAGES)
            and is_person(request)
            and not wechat_openid_here(request)
            and not request.session.get(entering.TRIED_KEY)
        )


class DayVisitMiddleware:
    """Counts the days on which a member comes, one write a day and session, and notes the device every ten minutes."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == 200 and isinstance(request.user, Member):
            self._record(request, response, request.user)
        return response

    def _record(self, request: HttpRequest, response: HttpResponse, member: Member) -> None:
        at = clock.now()
        if not entering.is_noted(request, at=at):
            entering.note_session(request, member, at=at)
        date = at.astimezone(SHANGHAI).date()
        if request.session.get(SESSION_KEY) != date.isoformat():
            commands.record_visit(member_id=member.pk, date=date, at=at)
            device = device_of_cookie(request) or keep_device(response)
            commands.see_marks(member=member, device=device, network=network_address_of(request) or "", at=at)
            request.session[SESSION_KEY] = date.isoformat()
