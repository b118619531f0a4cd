"""Tickets, for their members, for operators, and for suppliers that were asked."""

from django.db.models import Prefetch, Q, QuerySet

from members.models import Member
from orders.models import Order
from orders.queries import order_of, orders_page
from service.models import Author, ReplyTemplate, Ticket, TicketPhoto, TicketPost, TicketState

PICKED_FROM = 20
SHOWN_TO_MEMBER = (Author.MEMBER, Author.OPERATOR)
SHOWN_TO_SUPPLIER = (*SHOWN_TO_MEMBER, Author.ASK, Author.SUPPLIER)


def tickets_page(*, member: Member, before: str = "", limit: int) -> list[Ticket]:
    """Return a member's tickets, the latest first, after the one of that number."""
    rows = Ticket.objects.filter(member=member).select_related("order").order_by("-last_at", "-id")
    if before:
        last = Ticket.objects.filter(member=member, number=before).values_list("last_at", "pk").first()
        if last is None:
            return []
        rows = rows.filter(Q(last_at__lt=last[0]) | Q(last_at=last[0], pk__lt=last[1]))
    return list(rows[:limit])


def ticket_of(*, member: Member, number: str) -> Ticket | None:
    """Return one of the member's own tickets."""
    return Ticket.objects.select_related("order", "merged_into").filter(member=member, number=number).first()


def posts_for_member(*, ticket: Ticket) -> list[TicketPost]:
    """Return what the member and operators said, oldest first, with photos, and what stood in its duplicates."""
    return list(_posts(ticket).filter(author__in=SHOWN_TO_MEMBER))


def posts_for_supplier(*, ticket: Ticket) -> list[TicketPost]:
    """Return the conversation without notes; of duplicates only what the supplier was asked in."""
    own = Q(ticket=ticket) | Q(ticket__asked=ticket.asked_id)
    return list(_posts(ticket).filter(own, author__in=SHOWN_TO_SUPPLIER))


def posts_for_operators(*, ticket: Ticket) -> list[TicketPost]:
    """Return everything that was said or noted."""
    return list(_posts(ticket).select_related("by"))


def photo_of(*, member: Member, number: str, photo_id: int) -> TicketPhoto | None:
    """Return a photo of one of the member's own tickets."""
    return TicketPhoto.objects.filter(post__ticket__member=member, post__ticket__number=number, pk=photo_id).first()


def ticket_photo(*, photo_id: int, asked_supplier_id: int | None = None) -> TicketPhoto | None:
    """Return a photo for an operator, or for the supplier that was asked about its ticket."""
    photos = TicketPhoto.objects.filter(pk=photo_id)
    if asked_supplier_id is not None:
        photos = photos.filter(post__ticket__asked_id=asked_supplier_id, post__author__in=SHOWN_TO_SUPPLIER)
    return photos.first()


def orders_to_ask_about(*, member: Member) -> list[Order]:
    """Return the member's latest orders, for choosing one."""
    return orders_page(member=member, limit=PICKED_FROM)


def order_asked_about(*, member: Member, number: str) -> Order | None:
    """Return one of the member's own orders by its number."""
    return order_of(member=member, number=number)


def tickets_of_member_open(*, ticket: Ticket) -> QuerySet[Ticket]:
    """Return the other open tickets of a ticket's member, into which it can be merged, the latest first."""
    own = Ticket.objects.filter(member=ticket.member_id).exclude(pk=ticket.pk).exclude(state=TicketState.CLOSED)
    return own.order_by("-last_at", "-id")


def reply_templates(*, topic: str) -> list[ReplyTemplate]:
    """Return the texts that fit a topic."""
    return list(ReplyTemplate.objects.filter(Q(topic="") | Q(topic=topic)))


def _posts(ticket: Ticket) -> QuerySet[TicketPost]:
    photos = Prefetch("photos", TicketPhoto.objects.order_by("id"))
    own = Q(ticket=ticket) | Q(ticket__merged_into=ticket)
    return TicketPost.objects.filter(own).select_related("ticket").prefetch_related(photos).order_by("at", "id")
