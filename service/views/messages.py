"""What the mall told its member, and what the member wants to be told."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock
from mall.core.access import members_only
from service import commands, queries
from service.forms import SWITCHES, SwitchesForm
from service.models import Kind
from service.wording import WORDINGS, body_of, title_of

from .signed_in import member_of

PAGE = 20
BIGGEST_ID = 2**63 - 1


@members_only
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Messages, newest first, of a kind (`?kind=`) and from one on (`?before=`)."""
    member = member_of(request)
    kind = _kind(request.GET.get("kind", ""))
    rows = queries.messages_page(member=member, kind=kind, before=_id(request.GET.get("before", "")), limit=PAGE + 1)
    counts = queries.unread_counts(member=member)
    page = {
        "rows": [
            {
                "message": row,
                "title": title_of(row.wording),
                "body": body_of(row.wording, row.words),
                "icon": _icon(row.wording),
            }
            for row in rows[:PAGE]
        ],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else 0,
        "kind": kind or "",
        "tabs": [
            ("", _("全部"), sum(counts.values())),
            *((one.value, one.label, counts.get(one.value, 0)) for one in Kind),
        ],
        "unread": counts.get(kind, 0) if kind else sum(counts.values()),
    }
    part = "service/message_rows.html" if request.headers.get("HX-Target") == "more" else "service/messages.html"
    return render(request, part, page)


@members_only
@require_safe
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Go where a message leads; it counts as read from now on."""
    message = commands.read_message(member=member_of(request), message_id=min(message_id, BIGGEST_ID), at=clock.now())
    if message is None:
        raise Http404
    return HttpResponseRedirect(message.path or reverse("service:messages"))


@members_only
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything was seen, of one kind or of all."""
    kind = _kind(request.POST.get("kind", ""))
    commands.read_all(member=member_of(request), kind=kind, at=clock.now())
    address = reverse("service:messages")
    return HttpResponseRedirect(f"{address}?kind={kind}" if kind else address)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def switches(request: HttpRequest) -> HttpResponse:
    """Which kinds of messages come."""
    member = member_of(request)
    if request.method == "POST":
        form = SwitchesForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=400)
        commands.mute(member=member, kinds=form.muted(), at=clock.now())
        messages.success(request, _("已保存"))
        return HttpResponseRedirect(reverse("service:message-switches"))
    muted = queries.muted_kinds(member=member)
    rows = [{"kind": kind, "words": words, "is_on": kind.value not in muted} for kind, words in SWITCHES]
    return render(request, "service/message_switches.html", {"rows": rows})


def _kind(text: str) -> Kind | None:
    if not text:
        return None
    if text not in Kind.values:
        raise Http404
    return Kind(text)


def _id(text: str) -> int:
    return min(int(text), BIGGEST_ID) if text.isascii() and text.isdecimal() and len(text) < 20 else 0


def _icon(wording: str) -> str:
    return WORDINGS[wording].icon if wording in WORDINGS else "info"
