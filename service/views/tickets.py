"""Questions to people: asking, going on, ending, and how it was."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock
from mall.core.access import members_only
from mall.core.photos import private_photo
from service import commands, queries
from service.commands import TicketRefused
from service.forms import PraiseForm, ReplyForm, TicketForm
from service.models import Ticket, TicketState, Topic
from service.rules import REOPEN_DAYS

from .signed_in import member_of

PAGE = 10


@members_only
@require_safe
def ticket_list(request: HttpRequest) -> HttpResponse:
    """The member's tickets, the latest first."""
    before = request.GET.get("before", "").replace("\x00", "")[:24]
    rows = queries.tickets_page(member=member_of(request), before=before, limit=PAGE + 1)
    more = f"?before={rows[PAGE - 1].number}" if len(rows) > PAGE else ""
    return render(request, "service/tickets.html", {"rows": rows[:PAGE], "more": more, "now": clock.now()})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def ticket_new(request: HttpRequest) -> HttpResponse:
    """Ask something; `?order=` and `?topic=` say about what."""
    if request.method == "POST":
        form = TicketForm(request.POST, request.FILES)
        if form.is_valid():
            ticket = _open(request, form)
            if ticket is not None:
                messages.success(request, _("已提交，客服会尽快回复"))
                return _to(ticket)
    else:
        topic = request.GET.get("topic", "")
        order = request.GET.get("order", "").replace("\x00", "")[:40]
        topic = topic if topic in Topic.values else "order" if order else ""
        form = TicketForm(initial={"key": TicketForm.new_key(), "topic": topic, "order": order})
    page = {
        "form": form,
        "orders": queries.orders_to_ask_about(member=member_of(request)),
        "chosen": form["order"].value() or "",
        "hours": settings.TICKET_REPLY_HOURS,
    }
    return render(request, "service/ticket_new.html", page, status=400 if form.errors else 200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The conversation; posted, it goes on."""
    found = _own(request, number)
    form = ReplyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            commands.write_in_ticket(
                ticket=found, member=member_of(request), text=data["text"], photos=data["photos"], at=clock.now()
            )
        except TicketRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _to(found)
    now = clock.now()
    page = {
        "ticket": found,
        "posts": queries.posts_for_member(ticket=found),
        "form": form,
        "praise": PraiseForm(initial={"stars": found.stars, "words": found.praise}),
        "can_reopen": _can_reopen(found, now),
        "is_late": found.first_replied_at is None and now > found.reply_due_at,
        "now": now,
    }
    return render(request, "service/ticket.html", page, status=400 if form.errors else 200)


@members_only
@require_POST
def ticket_close(request: HttpRequest, number: str) -> HttpResponse:
    """It is solved."""
    return _act(
        request, number, lambda found: commands.close_ticket(ticket=found, by=member_of(request), at=clock.now())
    )


@members_only
@require_POST
def ticket_reopen(request: HttpRequest, number: str) -> HttpResponse:
    """It is not solved after all."""
    return _act(
        request, number, lambda found: commands.reopen_ticket(ticket=found, by=member_of(request), at=clock.now())
    )


@members_only
@require_POST
def ticket_praise(request: HttpRequest, number: str) -> HttpResponse:
    """How it was, in stars."""
    form = PraiseForm(request.POST)
    if not form.is_valid():
        found = _own(request, number)
        messages.error(request, _("请选 1 到 5 星"))
        return _to(found)
    data = form.cleaned_data
    return _act(
        request,
        number,
        lambda found: commands.praise_ticket(
            ticket=found, member=member_of(request), stars=data["stars"], words=data["words"]
        ),
    )


@members_only
@require_safe
def ticket_photo(request: HttpRequest, number: str, photo_id: int) -> HttpResponse:
    """A photo of one's own ticket."""
    found = queries.photo_of(member=member_of(request), number=number, photo_id=min(photo_id, 2**63 - 1))
    if found is None:
        raise Http404
    return private_photo(found.name)


def _open(request: HttpRequest, form: TicketForm) -> Ticket | None:
    """Open the ticket of a valid form; what is refused stands on the form."""
    member, data = member_of(request), form.cleaned_data
    order = queries.order_asked_about(member=member, number=data["order"]) if data["order"] else None
    if data["order"] and order is None:
        form.add_error("order", _("没有找到这个订单，请重新选"))
        return None
    try:
        return commands.open_ticket(
            member=member,
            topic=Topic(data["topic"]),
            text=data["text"],
            order=order,
            photos=data["photos"],
            idempotency_key=data["key"],
            reply_hours=settings.TICKET_REPLY_HOURS,
            resolve_hours=settings.TICKET_RESOLVE_HOURS,
            at=clock.now(),
        )
    except TicketRefused as refusal:
        form.add_error(None, str(refusal))
        return None


def _act(request: HttpRequest, number: str, act: Callable[[Ticket], object]) -> HttpResponse:
    found = _own(request, number)
    try:
        act(found)
    except TicketRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("好了"))
    return _to(found)


def _own(request: HttpRequest, number: str) -> Ticket:
    found = queries.ticket_of(member=member_of(request), number=number)
    if found is None:
        raise Http404
    return found


def _can_reopen(found: Ticket, now: datetime) -> bool:
    is_over = found.state == TicketState.CLOSED and found.closed_at is not None and found.merged_into_id is None
    return is_over and (now - found.closed_at).days < REOPEN_DAYS  # type: ignore[operator]


def _to(found: Ticket) -> HttpResponse:
    return HttpResponseRedirect(reverse("service:ticket", args=[found.number]))
