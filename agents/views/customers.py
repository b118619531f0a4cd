"""An adviser's customers: list, one of them, and what is written down about it."""

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents import commands
from agents.queries.customers import customer_card, customers_page, due_reminders, tags_of
from mall.core import clock
from mall.core.access import members_only
from members.models import Member

from .signed_in import member_of


@members_only
@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """The customers whose adviser one is, the relation that ends first first."""
    at = clock.now()
    adviser = member_of(request)
    tag, due = request.GET.get("tag", "")[:12].replace("\x00", ""), request.GET.get("due") == "1"
    page = customers_page(adviser=adviser, tag=tag, due=due, after=request.GET.get("after", ""), at=at)
    kept = {"tag": tag, "due": "1" if due else ""}
    context = {
        "page": page,
        "tag": tag,
        "due": due,
        "tags": [(name, count, f"?{urlencode({'tag': name})}") for name, count in tags_of(adviser=adviser)],
        "reminders": due_reminders(adviser=adviser, at=at),
        "more": _address(kept | {"after": page.next_cursor}) if page.next_cursor else "",
        "now": at,
    }
    return render(request, "agents/customers.html", context)


@members_only
@require_safe
def customer(request: HttpRequest, public_id: str) -> HttpResponse:
    """One customer. Somebody else's, and a former one, is not there."""
    return _card(request, public_id, clock.now())


@members_only
@require_POST
def customer_tags(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the customer a tag, or take one off (`drop`)."""
    at, adviser, dropped = clock.now(), member_of(request), request.POST.get("drop", "")
    if dropped:
        return _write(
            request,
            public_id,
            at,
            lambda: commands.drop_tag(adviser=adviser, public_id=public_id, name=dropped, at=at),
        )
    name = request.POST.get("name", "")
    return _write(
        request, public_id, at, lambda: commands.add_tag(adviser=adviser, public_id=public_id, name=name, at=at)
    )


@members_only
@require_POST
def customer_notes(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a note, or delete one (`drop`)."""
    at, adviser, dropped = clock.now(), member_of(request), _number(request.POST.get("drop", ""))
    if dropped is not None:
        return _write(
            request,
            public_id,
            at,
            lambda: commands.drop_note(adviser=adviser, public_id=public_id, note_id=dropped, at=at),
        )
    text = request.POST.get("text", "")
    return _write(
        request, public_id, at, lambda: commands.write_note(adviser=adviser, public_id=public_id, text=text, at=at)
    )


@members_only
@require_POST
def customer_reminders(request: HttpRequest, public_id: str) -> HttpResponse:
    """Set a reminder, or mark one as done (`done`)."""
    at, adviser, done = clock.now(), member_of(request), _number(request.POST.get("done", ""))
    if done is not None:
        return _write(
            request,
            public_id,
            at,
            lambda: commands.finish_reminder(adviser=adviser, public_id=public_id, reminder_id=done, at=at),
        )
    text, due_date = request.POST.get("text", ""), _date(request.POST.get("due_date", ""))

    def set_it() -> object:
        if due_date is None:
            raise commands.CustomerRefused(_("请选择提醒日期"))
        return commands.set_reminder(adviser=adviser, public_id=public_id, due_date=due_date, text=text, at=at)

    return _write(request, public_id, at, set_it)


def _write(request: HttpRequest, public_id: str, at: datetime, act: Callable[[], object]) -> HttpResponse:
    """Do it and lead back to the customer; a refusal is said on the page, and what was typed stays there."""
    try:
        act()
    except commands.NoCustomer:
        raise Http404 from None
    except commands.CustomerRefused as refusal:
        messages.error(request, str(refusal))
        return _card(request, public_id, at, status=422)
    return HttpResponseRedirect(reverse("agents:customer", args=[public_id]))


def _card(request: HttpRequest, public_id: str, at: datetime, status: int = 200) -> HttpResponse:
    adviser: Member = member_of(request)
    card = customer_card(adviser=adviser, public_id=public_id, at=at)
    if card is None:
        raise Http404
    context = {"card": card, "typed": request.POST, "now": at}
    return render(request, "agents/customer.html", context, status=status)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _address(kept: dict[str, str]) -> str:
    return f"?{urlencode({key: value for key, value in kept.items() if value})}"
