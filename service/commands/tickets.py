"""Tickets: asked by members, answered by operators, who may ask the supplier."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mall.core.ids import numbered
from mall.core.numbers import drawn_anew
from mall.core.photos import Photo, kept_photos
from mall.core.text import clean_line, clean_text
from members.models import Member
from orders.models import Order
from service import rules
from service.models import Author, ReplyTemplate, Ticket, TicketPhoto, TicketPost, TicketState, Topic
from suppliers.models import Supplier

from .messages import News, tell

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# The same words again within this time are the same tap.
AGAIN_SECONDS = 60


class TicketRefused(Exception):
    """What cannot be done with a ticket now. The text is for whoever asked."""


class _AlreadyOpen(Exception):
    """The same form came twice at once; what was sent with it is dropped."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(ticket.number)
        self.ticket = ticket


def open_ticket(
    *,
    member: Member,
    topic: Topic,
    text: str,
    order: Order | None = None,
    photos: Sequence[Photo] = (),
    idempotency_key: str,
    reply_hours: int,
    at: datetime,
) -> Ticket:
    """Ask something, perhaps about one of the member's own orders; the same key again returns the same ticket.

    Raises TicketRefused for another's order, without words, or for too many in a day.
    """
    words = _words(text)
    if order is not None and order.member_id != member.pk:
        raise TicketRefused(_("这不是你的订单"))
    known = Ticket.objects.filter(member=member, idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    within = timedelta(hours=reply_hours)
    try:
        return drawn_anew(lambda: _open(member, topic, words, order, photos, idempotency_key, within, at))
    except _AlreadyOpen as again:
        return again.ticket


def _open(
    member: Member,
    topic: Topic,
    words: str,
    order: Order | None,
    photos: Sequence[Photo],
    idempotency_key: str,
    reply_within: timedelta,
    at: datetime,
) -> Ticket:
    with kept_photos(_at_most(photos), folder="tickets", at=at, private=True) as names, transaction.atomic():
        _lock_member(member)
        known = Ticket.objects.filter(member=member, idempotency_key=idempotency_key).first()
        if known is not None:
            raise _AlreadyOpen(known)
        if Ticket.objects.filter(member=member, opened_at__gt=at - DAY).count() >= rules.TICKETS_A_DAY_MAX:
            raise TicketRefused(_("今天提交的工单太多了，请在已有的工单里继续说，或者明天再来"))
        _check_pace(member, at)
        ticket = Ticket.objects.create(
            number=numbered("GD", at),
            member=member,
            topic=topic,
            order=order,
            opened_at=at,
            waiting_since=at,
            last_at=at,
            reply_due_at=at + reply_within,
            idempotency_key=idempotency_key,
        )
        _post(ticket, Author.MEMBER, member, words, at, photos=list(zip(names, photos, strict=True)))
    return ticket


def write_in_ticket(
    *, ticket: Ticket, member: Member, text: str, photos: Sequence[Photo] = (), at: datetime
) -> TicketPost:
    """Go on in one's own ticket. The same words again within a minute return what was written already."""
    words = _words(text)
    with kept_photos(_at_most(photos), folder="tickets", at=at, private=True) as names, transaction.atomic():
        _lock_member(member)
        locked = _locked(ticket)
        if locked.member_id != member.pk:
            raise TicketRefused(_("这不是你的工单"))
        last = locked.posts.filter(by=member, author=Author.MEMBER).order_by("-at", "-id").first()
        if last is not None and last.text == words and not photos and at - last.at < timedelta(seconds=AGAIN_SECONDS):
            return last
        _check_pace(member, at)
        _step(locked, "write", _("工单已结束，请先重新打开"))
        locked.waiting_since = locked.waiting_since or at
        locked.last_at = at
        locked.save(update_fields=["state", "waiting_since", "last_at"])
        return _post(locked, Author.MEMBER, member, words, at, photos=list(zip(names, photos, strict=True)))


def answer_ticket(*, ticket: Ticket, by: Member, text: str, at: datetime) -> TicketPost:
    """Answer as an operator; the member is told. Who answers first has the ticket from then on."""
    words = _words(text)
    with transaction.atomic():
        locked = _locked(ticket)
        _step(locked, "answer", _("工单已结束"))
        locked.first_replied_at = locked.first_replied_at or at
        locked.assignee = locked.assignee or by
        locked.waiting_since, locked.last_at = None, at
        locked.save(update_fields=["state", "first_replied_at", "assignee", "waiting_since", "last_at"])
        post = _post(locked, Author.OPERATOR, by, words, at)
        _tell(locked, "ticket_answered", f"{post.pk}", at)
    return post


def note_on_ticket(*, ticket: Ticket, by: Member, text: str, at: datetime) -> TicketPost:
    """Write down what only operators read."""
    with transaction.atomic():
        return _post(_locked(ticket), Author.NOTE, by, _words(text), at)


def assign_ticket(*, ticket: Ticket, to: Member | None) -> Ticket:
    """Give a ticket to an operator, or back to all."""
    if to is not None and not (to.is_active and to.is_staff):
        raise TicketRefused(_("只能交给在职的同事"))
    with transaction.atomic():
        locked = _locked(ticket)
        locked.assignee = to
        locked.save(update_fields=["assignee"])
    return locked


def ask_supplier(*, ticket: Ticket, supplier: Supplier, by: Member, text: str, at: datetime) -> TicketPost:
    """Ask a supplier, who from now on sees the conversation without the notes. The member hears from an operator."""
    words = _words(text)
    with transaction.atomic():
        locked = _locked(ticket)
        if locked.state == TicketState.CLOSED:
            raise TicketRefused(_("工单已结束"))
        locked.asked = supplier
        locked.save(update_fields=["asked"])
        return _post(locked, Author.ASK, by, words, at)


def supplier_answers(*, ticket: Ticket, supplier_id: int, by: Member, text: str, at: datetime) -> TicketPost:
    """Answer as the supplier that was asked."""
    words = _words(text)
    with transaction.atomic():
        locked = _locked(ticket)
        if locked.asked_id != supplier_id or locked.state == TicketState.CLOSED:
            raise TicketRefused(_("这个工单没有在问你，或者已经结束"))
        return _post(locked, Author.SUPPLIER, by, words, at)


def close_ticket(*, ticket: Ticket, by: Member, at: datetime) -> Ticket:
    """End a ticket: its member, or an operator, who then asks how it was."""
    with transaction.atomic():
        locked = _locked(ticket)
        _step(locked, "close", _("工单已结束"))
        locked.closed_at, locked.waiting_since = at, None
        locked.save(update_fields=["state", "closed_at", "waiting_since"])
        if by.pk != locked.member_id:
            _tell(locked, "ticket_closed", f"{at.timestamp():.0f}", at)
    return locked


def reopen_ticket(*, ticket: Ticket, member: Member, at: datetime) -> Ticket:
    """Go on with a ticket that ended a short while ago."""
    with transaction.atomic():
        locked = _locked(ticket)
        if locked.member_id != member.pk:
            raise TicketRefused(_("这不是你的工单"))
        if locked.closed_at is not None and at - locked.closed_at > timedelta(days=rules.REOPEN_DAYS):
            raise TicketRefused(_("结束太久了，请提交新的工单"))
        _step(locked, "reopen", _("工单还没有结束"))
        locked.closed_at, locked.waiting_since, locked.last_at = None, at, at
        locked.stars, locked.praise = None, ""
        locked.save(update_fields=["state", "closed_at", "waiting_since", "last_at", "stars", "praise"])
    return locked


def praise_ticket(*, ticket: Ticket, member: Member, stars: int, words: str = "") -> Ticket:
    """Say how it was, once the ticket has ended; another time replaces it."""
    try:
        praise = clean_line(words, 200)
    except ValueError:
        raise TicketRefused(_("评价太长了")) from None
    with transaction.atomic():
        locked = _locked(ticket)
        if locked.member_id != member.pk or locked.state != TicketState.CLOSED or not 1 <= stars <= 5:
            raise TicketRefused(_("工单结束后才能评价，1 到 5 星"))
        locked.stars, locked.praise = stars, praise
        locked.save(update_fields=["stars", "praise"])
    return locked


def close_quiet_tickets(*, at: datetime, limit: int = 200) -> int:
    """End tickets that were answered and to which their member said nothing for days; return how many."""
    quiet = Ticket.objects.filter(state=TicketState.ANSWERED, last_at__lt=at - timedelta(days=rules.QUIET_DAYS))
    count = 0
    for number in list(quiet.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            locked = Ticket.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=number).first()
            if locked is None or locked.state != TicketState.ANSWERED:
                continue
            locked.state, locked.closed_at = TicketState.CLOSED, at
            locked.save(update_fields=["state", "closed_at"])
            _tell(locked, "ticket_closed", f"{at.timestamp():.0f}", at)
            count += 1
    return count


def save_template(
    *, title: str, text: str, topic: str = "", position: int = 0, template: ReplyTemplate | None = None
) -> ReplyTemplate:
    """Write a text that operators answer with often, or another text of one."""
    row = template or ReplyTemplate()
    row.title, row.text, row.topic, row.position = clean_line(title, 30), _words(text), topic, position
    row.save()
    return row


def _locked(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update().get(pk=ticket.pk)


def _lock_member(member: Member) -> None:
    """One at a time for each member, so that limits hold whoever taps how fast."""
    Member.objects.select_for_update(no_key=True).filter(pk=member.pk).values_list("pk").first()


def _step(ticket: Ticket, name: str, refusal: object) -> None:
    after = rules.step(ticket.state, name)
    if after is None:
        raise TicketRefused(refusal)
    ticket.state = TicketState(after)


def _words(text: str) -> str:
    try:
        words = clean_text(text, rules.TEXT_MAX)
    except ValueError:
        raise TicketRefused(_("最多写 1000 个字")) from None
    if not words:
        raise TicketRefused(_("请写下要说的话"))
    return words


def _at_most(photos: Sequence[Photo]) -> Sequence[Photo]:
    if len(photos) > rules.PHOTOS_MAX:
        raise TicketRefused(_("最多传 6 张照片"))
    return photos


def _check_pace(member: Member, at: datetime) -> None:
    said = TicketPost.objects.filter(by=member, author=Author.MEMBER, at__gt=at - HOUR)[: rules.POSTS_AN_HOUR_MAX]
    if said.count() >= rules.POSTS_AN_HOUR_MAX:
        raise TicketRefused(_("写得太快了，请稍后再写"))


def _post(
    ticket: Ticket,
    author: Author,
    by: Member,
    text: str,
    at: datetime,
    *,
    photos: Sequence[tuple[str, Photo]] = (),
) -> TicketPost:
    post = TicketPost.objects.create(ticket=ticket, author=author, by=by, text=text, at=at)
    TicketPhoto.objects.bulk_create(
        [TicketPhoto(post=post, name=name, width=photo.width, height=photo.height) for name, photo in photos]
    )
    return post


def _tell(ticket: Ticket, wording: str, mark: str, at: datetime) -> None:
    news = News(
        member_id=ticket.member_id,
        wording=wording,
        key=f"{wording}:{ticket.pk}:{mark}",
        path=f"/support/{ticket.number}",
        words={"number": ticket.number},
    )
    tell([news], at=at)
