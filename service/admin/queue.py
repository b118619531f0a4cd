"""The queue of the service desk: tickets and disputes by deadline, late ones said so in words."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mall.core import clock
from mall.core.admin import operator, ops_site
from mall.core.admin.columns import chip
from service import queries
from service.models import Dispute, Ticket, TicketState, Topic
from service.queries import Entry, Part, Place, Wanted
from service.queries.desk import DISPUTE, TICKET
from suppliers.models import Supplier

PAGE = 50
SOON = timedelta(hours=4)
MINE, NOBODY = "me", "none"
TONES = {TicketState.WAITING: "warn", TicketState.ANSWERED: "good", TicketState.CLOSED: ""}
FILTERS = ("kind", "topic", "assignee", "supplier", "tag", "q")


def desk_view(request: HttpRequest) -> HttpResponse:
    """The queue, for who may see tickets or disputes, and of it only what he may see."""
    kinds = queries.kinds_seen(request.user)
    if not kinds:
        raise PermissionDenied
    now = clock.now()
    wanted = _wanted(request, kinds)
    entries = queries.desk_page(wanted=wanted, after=_place(request.GET.get("after", "")), limit=PAGE + 1)
    shown = entries[:PAGE]
    kept = _kept(request.GET)
    more = f"?{kept}&part={wanted.part}&after={_mark(shown[-1].place)}" if len(entries) > PAGE else ""
    waiting = queries.desk_waiting(kinds=kinds)
    request.current_app = ops_site.name
    context = {
        **ops_site.each_context(request),
        "title": _("服务台"),
        "rows": [_row(entry, now) for entry in shown],
        "more": more,
        "is_first": not request.GET.get("after"),
        "first": f"?{kept}&part={wanted.part}",
        "parts": [
            (part, label, f"?{kept}&part={part}", str(waiting or "") if part == Part.OPEN else "")
            for part, label in _parts()
        ],
        "part": wanted.part,
        "filters": {name: request.GET.get(name, "") for name in FILTERS},
        "is_filtered": bool(kept),
        "kinds": [(TICKET, _("工单")), (DISPUTE, _("纠纷"))] if len(kinds) > 1 else [],
        "topics": Topic.choices,
        "colleagues": [(str(one.pk), str(one)) for one in queries.colleagues()],
        "suppliers": [(str(pk), name) for pk, name in Supplier.objects.order_by("name").values_list("pk", "name")],
        "tags": [(str(tag.pk), tag.name) for tag in queries.tags_offered()],
    }
    return TemplateResponse(request, "ops/desk.html", context)


def due_chip(due_at: datetime, now: datetime) -> SafeString:
    """How long is left until a deadline, or by how much it was missed: in words, not by colour alone."""
    if now >= due_at:
        return chip(_("已超时 %s") % length(now - due_at), "bad")
    return chip(_("还剩 %s") % length(due_at - now), "warn" if due_at - now < SOON else "")


def length(span: timedelta) -> str:
    """Minutes, hours or days."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return _("%d 分钟") % minutes
    if minutes < 48 * 60:
        return _("%d 小时") % (minutes // 60)
    return _("%d 天") % (minutes // 1440)


def _short(at: datetime) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}"


def _parts() -> list[tuple[Part, str]]:
    return [
        (Part.OPEN, _("待处理")),
        (Part.ANSWERED, _("等会员回复")),
        (Part.CLOSED, _("已结束")),
        (Part.ALL, _("全部")),
    ]


def _row(entry: Entry, now: datetime) -> dict[str, Any]:
    row = entry.row
    shared = {"tags": [tag.name for tag in row.tags.all()], "supplier": row.supplier or "—", "who": row.assignee}
    return {**shared, **(_of_ticket(row, now) if isinstance(row, Ticket) else _of_dispute(row, now))}


def _of_ticket(ticket: Ticket, now: datetime) -> dict[str, Any]:
    state = TicketState(ticket.state)
    is_first = ticket.first_replied_at is None
    due: SafeString | str
    if ticket.due_at is not None:
        due, note = due_chip(ticket.due_at, now), _("首次回复") if is_first else _("解决")
    elif state == TicketState.ANSWERED:
        due, note = chip(_("停表")), _("等会员回复")
    else:
        due, note = chip(_("%d 星") % ticket.stars, "gold") if ticket.stars else "", ticket.praise[:20]
    return {
        "href": reverse("ops:service_ticket_change", args=[ticket.pk]),
        "number": ticket.number,
        "kind": _("工单"),
        "what": ticket.get_topic_display(),
        "order": ticket.order,
        "member": ticket.member,
        "due": due,
        "note": f"{note} {_short(ticket.due_at)}" if ticket.due_at else note,
        "state": chip(ticket.get_state_display(), TONES[state]),
    }


def _of_dispute(dispute: Dispute, now: datetime) -> dict[str, Any]:
    case = dispute.case
    over = "" if dispute.closed_at is None else _("结束于 %s") % _short(dispute.closed_at)
    return {
        "href": reverse("ops:service_dispute_change", args=[dispute.pk]),
        "number": case.number,
        "kind": _("纠纷"),
        "what": f"{case.get_kind_display()} · {case.get_reason_display()}",
        "order": case.order,
        "member": case.order.member,
        "due": due_chip(dispute.due_at, now) if dispute.due_at else "",
        "note": f"{_('裁定')} {_short(dispute.due_at)}" if dispute.due_at else over,
        "state": chip(case.get_state_display(), "warn" if dispute.due_at else ""),
    }


def _wanted(request: HttpRequest, kinds: tuple[str, ...]) -> Wanted:
    """Read what the address asks for; what is no such thing asks for nothing."""
    asked = request.GET
    assignee = asked.get("assignee", "")
    part = asked.get("part", "")
    return Wanted(
        kinds=tuple(kind for kind in kinds if asked.get("kind", "") in ("", kind)) or kinds,
        part=Part(part) if part in list(Part) else Part.ALL if asked.get("q") else Part.OPEN,
        topic=asked["topic"] if asked.get("topic") in Topic.values else "",
        assignee_id=operator(request).pk if assignee == MINE else _number(assignee),
        is_free=assignee == NOBODY,
        supplier_id=_number(asked.get("supplier", "")),
        tag_id=_number(asked.get("tag", "")),
        term=asked.get("q", ""),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _kept(asked: QueryDict) -> str:
    """Return the filters of an address, to be carried on."""
    kept = QueryDict(mutable=True)
    for name in FILTERS:
        if value := asked.get(name, ""):
            kept[name] = str(value)[:60]
    return kept.urlencode()


def _mark(place: Place) -> str:
    """Write a place into an address."""
    text = place.at.astimezone(timezone.get_default_timezone()).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{text}_{place.kind}_{place.row_id}"


def _place(mark: str) -> Place | None:
    """Read a place from an address; what is none is the beginning."""
    when, _sep, rest = mark.partition("_")
    kind, _sep, number = rest.partition("_")
    try:
        at = parse_datetime(when)
    except ValueError:
        return None
    row_id = _number(number)
    if at is None or at.tzinfo is not None or kind not in (TICKET, DISPUTE) or row_id is None:
        return None
    try:
        return Place(timezone.make_aware(at), kind, row_id)
    except (ValueError, OverflowError):
        return None
