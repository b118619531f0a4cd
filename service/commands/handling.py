"""Who handles what stands in the queue, tickets and disputes alike: take, hand over, release, tag, note."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.models import Member
from service.models import Dispute, DisputeNote, Tag, Ticket, TicketState

from .refusals import TicketRefused, cleaned

ANSWER = "service.answer_ticket"
TAGS_MAX = 5
Item = Ticket | Dispute


def take_item(*, item: Item, by: Member) -> Item:
    """Handle something that nobody handles yet. Raises TicketRefused."""
    with transaction.atomic():
        locked = _locked(item)
        if locked.assignee_id not in (None, by.pk):
            raise TicketRefused(_("已由 %s 受理，请由对方转交") % locked.assignee)
        return _give(locked, by)


def hand_over(*, item: Item, to: Member) -> Item:
    """Give something to a colleague who may answer. Raises TicketRefused."""
    if not (to.is_active and to.is_staff and to.has_perm(ANSWER)):
        raise TicketRefused(_("只能交给有回复权限的在职同事"))
    with transaction.atomic():
        return _give(_locked(item), to)


def release_item(*, item: Item) -> Item:
    """Give something back to all. Raises TicketRefused."""
    with transaction.atomic():
        return _give(_locked(item), None)


def tag_item(*, item: Item, tags: Collection[Tag]) -> Item:
    """Set by what something is counted. Raises TicketRefused."""
    if len(tags) > TAGS_MAX:
        raise TicketRefused(_("最多贴 5 个标签"))
    with transaction.atomic():
        locked = _lock(item)
        offered = set(Tag.objects.filter(is_active=True).values_list("pk", flat=True))
        if {tag.pk for tag in tags} - offered - set(locked.tags.values_list("pk", flat=True)):
            raise TicketRefused(_("这个标签已停用"))
        locked.tags.set(tags)
    return locked


def note_on_dispute(*, dispute: Dispute, by: Member, text: str, at: datetime) -> DisputeNote:
    """Write down what only operators read."""
    return DisputeNote.objects.create(dispute=dispute, noted_by=by, text=cleaned(text), at=at)


def _give(locked: Item, to: Member | None) -> Item:
    locked.assignee = to
    locked.save(update_fields=["assignee"])
    return locked


def _locked(item: Item) -> Item:
    """Return an item that is still open, under its lock."""
    locked = _lock(item)
    is_over = locked.closed_at is not None if isinstance(locked, Dispute) else locked.state == TicketState.CLOSED
    if is_over:
        raise TicketRefused(_("已经结束了"))
    return locked


def _lock(item: Item) -> Item:
    if isinstance(item, Dispute):
        return Dispute.objects.select_for_update(of=("self",)).select_related("assignee").get(pk=item.pk)
    return Ticket.objects.select_for_update(of=("self",)).select_related("assignee").get(pk=item.pk)
