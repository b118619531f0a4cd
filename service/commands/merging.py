"""Tickets of one member about one thing become one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.models import Member
from service.models import Author, Ticket, TicketPost, TicketState

from .refusals import TicketRefused
from .tickets import CLOCK, deadlines_of, end_ticket, locked_ticket, set_clock, tell_about


def merge_ticket(*, ticket: Ticket, into: Ticket, by: Member, at: datetime) -> Ticket:
    """Close a duplicate and go on in the other ticket of the same member, which takes over its words, its tags, the
    earlier deadlines and, if it waits, its waiting. The member is told where it goes on. Raises TicketRefused."""
    with transaction.atomic():
        first, second = (locked_ticket(one) for one in sorted((ticket, into), key=lambda one: one.pk))
        duplicate, kept = (first, second) if first.pk == ticket.pk else (second, first)
        if duplicate.pk == kept.pk:
            raise TicketRefused(_("不能并入自己"))
        if duplicate.merged_into_id == kept.pk:
            return kept
        if duplicate.member_id != kept.member_id:
            raise TicketRefused(_("只能并入同一位会员的工单"))
        if TicketState.CLOSED in (duplicate.state, kept.state):
            raise TicketRefused(_("已结束的工单不能合并"))
        _take_over(kept, duplicate, at)
        Ticket.objects.filter(merged_into=duplicate).update(merged_into=kept)
        duplicate.state, duplicate.merged_into = TicketState.CLOSED, kept
        end_ticket(duplicate, at)
        text = str(_("%(number)s 并入这个工单")) % {"number": duplicate.number}
        TicketPost.objects.create(ticket=kept, author=Author.NOTE, by=by, text=text, at=at)
        tell_about(kept, "ticket_merged", f"{duplicate.pk}", at, other=duplicate.number)
    return kept


def _take_over(kept: Ticket, duplicate: Ticket, at: datetime) -> None:
    """Let the ticket that stays carry on what the duplicate had."""
    answered = [one.first_replied_at for one in (kept, duplicate) if one.first_replied_at]
    kept.first_replied_at = min(answered, default=None)
    if TicketState.WAITING in (kept.state, duplicate.state):
        kept.state = TicketState.WAITING
        kept.waiting_since = min(one.waiting_since for one in (kept, duplicate) if one.waiting_since)
        replied = kept.first_replied_at is not None
        clocks = [deadlines_of(one).running(at, replied=replied) for one in (kept, duplicate)]
        set_clock(kept, clocks[0].together(clocks[1]))
    kept.order_id = kept.order_id or duplicate.order_id
    kept.supplier_id = kept.supplier_id or duplicate.supplier_id
    kept.asked_id = kept.asked_id or duplicate.asked_id
    kept.assignee_id = kept.assignee_id or duplicate.assignee_id
    kept.last_at = max(kept.last_at, duplicate.last_at)
    changed = ["state", "waiting_since", "first_replied_at", "order", "supplier", "asked", "assignee", "last_at"]
    kept.save(update_fields=[*changed, *CLOCK])
    kept.tags.add(*duplicate.tags.all())
