"""The queue of the service desk: tickets and disputes together, read in parts by deadline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from mall.core.admin.lists.searching import Found
from members.models import Member
from orders.models import AfterSale
from service.models import Dispute, Tag, Ticket, TicketState, Topic

TICKET, DISPUTE = "ticket", "dispute"
COUNTED_MAX = 99
_TICKETS_FOUND = Found(("number", "order__number"), "member")
_DISPUTES_FOUND = Found(("case__number", "case__order__number"), "case__order__member")


class Part(StrEnum):
    """What of the queue is shown: what the mall is to do by its deadline, what waits for members, what is over."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of the queue. `kinds` are those that he may see; `is_free`: nobody handles it."""

    kinds: tuple[str, ...]
    part: Part = Part.OPEN
    topic: str = ""
    assignee_id: int | None = None
    is_free: bool = False
    supplier_id: int | None = None
    tag_id: int | None = None
    term: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """After which entry a page begins."""

    at: datetime
    kind: str
    row_id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the queue: a ticket or a dispute, and the instant by which it is sorted."""

    kind: str
    at: datetime
    row: Any

    @property
    def place(self) -> Place:
        return Place(self.at, self.kind, self.row.pk)


def desk_page(*, wanted: Wanted, after: Place | None = None, limit: int) -> list[Entry]:
    """Return up to `limit` entries: what is open by deadline, the rest the latest first, from the one after `after` on.

    Each kind is one statement that reads no more rows than it returns, but for filters without an index.
    """
    is_down = wanted.part != Part.OPEN
    found: list[Entry] = []
    if TICKET in wanted.kinds:
        column = _ticket_column(wanted)
        found += [Entry(TICKET, getattr(row, column), row) for row in ticket_rows(wanted, after)[:limit]]
    if DISPUTE in wanted.kinds and wanted.part != Part.ANSWERED and wanted.topic in ("", Topic.AFTER_SALE):
        column = _dispute_column(wanted)
        found += [Entry(DISPUTE, getattr(row, column), row) for row in dispute_rows(wanted, after)[:limit]]
    found.sort(key=lambda entry: (entry.at, entry.kind, entry.row.pk), reverse=is_down)
    return found[:limit]


def kinds_seen(user: Any) -> tuple[str, ...]:
    """Return which kinds of entries somebody may see."""
    rights = ((TICKET, "service.view_ticket"), (DISPUTE, "service.view_dispute"))
    return tuple(kind for kind, right in rights if user.has_perm(right))


def desk_waiting(*, kinds: Iterable[str]) -> int:
    """Return how much waits for the mall, and 99 for more."""
    rows = {TICKET: tickets_waiting, DISPUTE: disputes_open}
    return min(sum(rows[kind]()[:COUNTED_MAX].count() for kind in kinds), COUNTED_MAX)


def tickets_waiting() -> QuerySet[Ticket]:
    """Return the tickets that the mall has to answer."""
    return Ticket.objects.filter(state=TicketState.WAITING)


def disputes_open() -> QuerySet[Dispute]:
    """Return the disputes that the mall has to decide."""
    return Dispute.objects.filter(closed_at=None)


def dispute_of_case(*, case: AfterSale) -> Dispute | None:
    """Return the dispute of a case, if there ever was one."""
    return Dispute.objects.filter(case=case).first()


def service_of_orders(order_ids: list[int]) -> dict[int, str]:
    """Return how many tickets and disputes there are about each order, in words."""
    return _words(order_ids, "order", "case__order")


def service_of_members(member_ids: list[int]) -> dict[int, str]:
    """Return how many tickets and disputes each member has, in words."""
    return _words(member_ids, "member", "case__order__member")


def colleagues(*, right: str = "answer_ticket") -> QuerySet[Member]:
    """Return who works at the desk: active operators with the right, by name."""
    given = Q(groups__permissions__codename=right) | Q(user_permissions__codename=right) | Q(is_superuser=True)
    return Member.objects.filter(given, is_active=True, is_staff=True).distinct().order_by("nickname", "pk")


def tags_offered() -> list[Tag]:
    """Return the tags that are in use, by name."""
    return list(Tag.objects.filter(is_active=True))


def ticket_rows(wanted: Wanted, after: Place | None = None) -> QuerySet[Ticket]:
    """Return the tickets that are wanted, in their order."""
    states = {Part.OPEN: TicketState.WAITING, Part.ANSWERED: TicketState.ANSWERED, Part.CLOSED: TicketState.CLOSED}
    rows = Ticket.objects.select_related("member", "order", "assignee", "supplier").prefetch_related("tags")
    if wanted.part in states:
        rows = rows.filter(state=states[wanted.part])
    if wanted.topic:
        rows = rows.filter(topic=wanted.topic)
    found = _TICKETS_FOUND.apply(_narrowed(rows, wanted), wanted.term)
    return _ordered(TICKET, found, _ticket_column(wanted), wanted, after)


def dispute_rows(wanted: Wanted, after: Place | None = None) -> QuerySet[Dispute]:
    """Return the disputes that are wanted, in their order."""
    rows = Dispute.objects.select_related("case__order__member", "assignee", "supplier").prefetch_related("tags")
    if wanted.part in (Part.OPEN, Part.CLOSED):
        rows = rows.filter(closed_at__isnull=wanted.part == Part.OPEN)
    found = _DISPUTES_FOUND.apply(_narrowed(rows, wanted), wanted.term)
    return _ordered(DISPUTE, found, _dispute_column(wanted), wanted, after)


def _narrowed(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    if wanted.is_free:
        rows = rows.filter(assignee=None)
    elif wanted.assignee_id is not None:
        rows = rows.filter(assignee=wanted.assignee_id)
    if wanted.supplier_id is not None:
        rows = rows.filter(supplier=wanted.supplier_id)
    if wanted.tag_id is not None:
        tagged = rows.model.tags.through.objects.filter(tag=wanted.tag_id)
        rows = rows.filter(pk__in=tagged.values(rows.model._meta.model_name))
    return rows


def _ticket_column(wanted: Wanted) -> str:
    return "due_at" if wanted.part == Part.OPEN else "last_at"


def _dispute_column(wanted: Wanted) -> str:
    return {Part.OPEN: "due_at", Part.CLOSED: "closed_at"}.get(wanted.part, "opened_at")


def _ordered(kind: str, rows: QuerySet[Any], column: str, wanted: Wanted, after: Place | None) -> QuerySet[Any]:
    is_down = wanted.part != Part.OPEN
    if after is not None:
        rows = rows.filter(_beyond(kind, column, after, is_down))
    mark = "-" if is_down else ""
    return rows.order_by(f"{mark}{column}", f"{mark}id")


def _beyond(kind: str, column: str, after: Place, is_down: bool) -> Q:
    """Say which rows of a kind come after a place in the order by instant, kind and id."""
    way = "lt" if is_down else "gt"
    if kind == after.kind:
        same = Q(**{column: after.at, f"id__{way}": after.row_id})
        return Q(**{f"{column}__{way}e": after.at}) & (Q(**{f"{column}__{way}": after.at}) | same)
    comes_later = (kind < after.kind) if is_down else (kind > after.kind)
    return Q(**{f"{column}__{way}{'e' if comes_later else ''}": after.at})


def _words(ids: list[int], of_ticket: str, of_dispute: str) -> dict[int, str]:
    tickets = _counts(Ticket.objects.all(), of_ticket, ids)
    disputes = _counts(Dispute.objects.all(), of_dispute, ids)
    words = {}
    for number in ids:
        parts = []
        if tickets.get(number):
            parts.append(_("工单 %d") % tickets[number])
        if disputes.get(number):
            parts.append(_("纠纷 %d") % disputes[number])
        if parts:
            words[number] = " · ".join(parts)
    return words


def _counts(rows: QuerySet[Any], way: str, ids: list[int]) -> dict[int, int]:
    found = rows.filter(**{f"{way}__in": ids}).order_by().values_list(way).annotate(count=Count("pk"))
    return dict(found)
