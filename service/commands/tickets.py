"""Tickets: asked by members, answered by operators, who may ask the supplier."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mall.core.ids import numbered
from mall.core.numbers import drawn_anew
from mall.core.photos import Photo, kept_photos
from mall.core.text import clean_line
from members.models import Member
from orders.models import Order
from service import rules
from service.models import Author, Ticket, TicketPhoto, TicketPost, TicketState, Topic
from suppliers.models import Supplier

from .messages import News, tell
from .refusals import TicketRefused, cleaned

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# What the clock writes.
CLOCK = ("reply_due_at", "resolve_due_at", "stopped_at", "due_at")
# The same words again within this time are the same tap.
AGAIN_SECONDS = 60


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
    resolve_hours: int = rules.RESOLVE_HOURS,
    at: datetime,
) -> Ticket:
    """Ask something, perhaps about one of the member's own orders; the same key again returns the same ticket. It is to
    be answered and solved within so many hours; while it waits for the member, the clock of the solution stands.

    Raises TicketRefused for another's order, without words, or for too many in a day.
    """
    words = cleaned(text)
    if order is not None and order.member_id != member.pk:
        raise TicketRefused(_("这不是你的订单"))
    known = Ticket.objects.filter(member=member, idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    deadlines = rules.first_deadlines(at, reply_hours=reply_hours, resolve_hours=resolve_hours)
    try:
        return drawn_anew(lambda: _open(member, topic, words, order, photos, idempotency_key, deadlines, at))
    except _AlreadyOpen as again:
        return again.ticket


def _open(
    member: Member,
    topic: Topic,
    words: str,
    order: Order | None,
    photos: Sequence[Photo],
    idempotency_key: str,
    deadlines: rules.Deadlines,
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
            reply_due_at=deadlines.reply_due_at,
            resolve_due_at=deadlines.resolve_due_at,
            due_at=deadlines.next_due_at(replied=False),
            supplier_id=order.supplier_id if order is not None else None,
            idempotency_key=idempotency_key,
        )
        _post(ticket, Author.MEMBER, member, words, at, photos=list(zip(names, photos, strict=True)))
    return ticket


def write_in_ticket(
    *, ticket: Ticket, member: Member, text: str, photos: Sequence[Photo] = (), at: datetime
) -> TicketPost:
    """Go on in one's own ticket. The same words again within a minute return what was written already."""
    words = cleaned(text)
    with kept_photos(_at_most(photos), folder="tickets", at=at, private=True) as names, transaction.atomic():
        _lock_member(member)
        locked = locked_ticket(ticket)
        if locked.member_id != member.pk:
            raise TicketRefused(_("这不是你的工单"))
        last = locked.posts.filter(by=member, author=Author.MEMBER).order_by("-at", "-id").first()
        if last is not None and last.text == words and not photos and at - last.at < timedelta(seconds=AGAIN_SECONDS):
            return last
        _check_pace(member, at)
        _step(locked, "write", _("工单已结束，请先重新打开"))
        locked.waiting_since = locked.waiting_since or at
        locked.last_at = at
        run_clock(locked, at)
        locked.save(update_fields=["state", "waiting_since", "last_at", *CLOCK])
        return _post(locked, Author.MEMBER, member, words, at, photos=list(zip(names, photos, strict=True)))


def answer_ticket(*, ticket: Ticket, by: Member, text: str, at: datetime) -> TicketPost:
    """Answer as an operator; the member is told. Who answers first has the ticket from then on.

    Raises TicketRefused, also where a template's placeholder was left unfilled.
    """
    words = cleaned(text)
    left = sorted(rules.placeholders(words) & set(rules.PLACEHOLDERS))
    if left:
        raise TicketRefused(_("还有没填的内容：{%s}，请改好再发") % left[0])
    with transaction.atomic():
        locked = locked_ticket(ticket)
        _step(locked, "answer", _("工单已结束"))
        locked.first_replied_at = locked.first_replied_at or at
        locked.assignee = locked.assignee or by
        locked.waiting_since, locked.last_at = None, at
        stop_clock(locked, at)
        locked.save(update_fields=["state", "first_replied_at", "assignee", "waiting_since", "last_at", *CLOCK])
        post = _post(locked, Author.OPERATOR, by, words, at)
        tell_about(locked, "ticket_answered", f"{post.pk}", at)
    return post


def note_on_ticket(*, ticket: Ticket, by: Member, text: str, at: datetime) -> TicketPost:
    """Write down what only operators read."""
    with transaction.atomic():
        return _post(locked_ticket(ticket), Author.NOTE, by, cleaned(text), at)


def ask_supplier(*, ticket: Ticket, supplier: Supplier, by: Member, text: str, at: datetime) -> TicketPost:
    """Ask a supplier, who from now on sees the conversation without the notes. The member hears from an operator."""
    words = cleaned(text)
    with transaction.atomic():
        locked = locked_ticket(ticket)
        if locked.state == TicketState.CLOSED:
            raise TicketRefused(_("工单已结束"))
        locked.asked = supplier
        locked.supplier_id = locked.supplier_id or supplier.pk
        locked.save(update_fields=["asked", "supplier"])
        return _post(locked, Author.ASK, by, words, at)


def supplier_answers(*, ticket: Ticket, supplier_id: int, by: Member, text: str, at: datetime) -> TicketPost:
    """Answer as the supplier that was asked."""
    words = cleaned(text)
    with transaction.atomic():
        locked = locked_ticket(ticket)
        if locked.asked_id != supplier_id or locked.state == TicketState.CLOSED:
            raise TicketRefused(_("这个工单没有在问你，或者已经结束"))
        return _post(locked, Author.SUPPLIER, by, words, at)


def close_ticket(*, ticket: Ticket, by: Member, at: datetime) -> Ticket:
    """End a ticket: its member, or an operator who answered it, who then asks how it was. Raises TicketRefused."""
    with transaction.atomic():
        locked = locked_ticket(ticket)
        _step(locked, "close", _("工单已结束"))
        if by.pk != locked.member_id and locked.first_replied_at is None:
            raise TicketRefused(_("还没有回复过会员，请先回复再结束；重复的工单可以并入另一个"))
        end_ticket(locked, at)
        if by.pk != locked.member_id:
            tell_about(locked, "ticket_closed", f"{at.timestamp():.0f}", at)
    return locked


def reopen_ticket(*, ticket: Ticket, by: Member, at: datetime) -> Ticket:
    """Go on with a ticket that ended a short while ago: its member, who is asked anew afterwards how it was, or an
    operator, who cannot take an opinion away by it. A duplicate goes on where it was merged into."""
    with transaction.atomic():
        locked = locked_ticket(ticket)
        if by.pk != locked.member_id and not by.is_staff:
            raise TicketRefused(_("这不是你的工单"))
        if locked.merged_into_id is not None:
            raise TicketRefused(_("这个工单已并入另一个，请到那里继续"))
        if locked.closed_at is not None and at - locked.closed_at > timedelta(days=rules.REOPEN_DAYS):
            raise TicketRefused(_("结束太久了，请提交新的工单"))
        _step(locked, "reopen", _("工单还没有结束"))
        locked.closed_at, locked.waiting_since, locked.last_at = None, at, at
        if by.pk == locked.member_id:
            locked.stars, locked.praise = None, ""
        run_clock(locked, at)
        locked.save(update_fields=["state", "closed_at", "waiting_since", "last_at", "stars", "praise", *CLOCK])
    return locked


def praise_ticket(*, ticket: Ticket, member: Member, stars: int, words: str = "") -> Ticket:
    """Say how it was, once, when the ticket has ended. The same again changes nothing."""
    try:
        praise = clean_line(words, 200)
    except ValueError:
        raise TicketRefused(_("评价太长了")) from None
    with transaction.atomic():
        locked = locked_ticket(ticket)
        if locked.member_id != member.pk or locked.state != TicketState.CLOSED or not 1 <= stars <= 5:
            raise TicketRefused(_("工单结束后才能评价，1 到 5 星"))
        if locked.merged_into_id is not None:
            raise TicketRefused(_("这个工单已并入另一个，请到那里评价"))
        if locked.stars is not None:
            if (locked.stars, locked.praise) == (stars, praise):
                return locked
            raise TicketRefused(_("这个工单你已经评价过了，谢谢"))
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
            locked.state = TicketState.CLOSED
            end_ticket(locked, at)
            tell_about(locked, "ticket_closed", f"{at.timestamp():.0f}", at)
            count += 1
    return count


def end_ticket(ticket: Ticket, at: datetime) -> None:
    """Write down that a locked ticket, whose state says so already, ends now."""
    ticket.closed_at, ticket.waiting_since = at, None
    stop_clock(ticket, at)
    ticket.save(update_fields=["state", "closed_at", "waiting_since", "merged_into", *CLOCK])


def stop_clock(ticket: Ticket, at: datetime) -> None:
    """Stop the clock of the solution, if it runs."""
    set_clock(ticket, deadlines_of(ticket).stopped(at))


def run_clock(ticket: Ticket, at: datetime) -> None:
    """Let the clock of the solution go on."""
    set_clock(ticket, deadlines_of(ticket).running(at, replied=ticket.first_replied_at is not None))


def deadlines_of(ticket: Ticket) -> rules.Deadlines:
    """Return by when a ticket is to be answered and solved."""
    return rules.Deadlines(ticket.reply_due_at, ticket.resolve_due_at, ticket.stopped_at)


def set_clock(ticket: Ticket, deadlines: rules.Deadlines) -> None:
    """Give a locked ticket these deadlines; the caller saves `CLOCK`."""
    ticket.reply_due_at, ticket.resolve_due_at = deadlines.reply_due_at, deadlines.resolve_due_at
    ticket.stopped_at = deadlines.stopped_at
    ticket.due_at = deadlines.next_due_at(replied=ticket.first_replied_at is not None)


def locked_ticket(ticket: Ticket) -> Ticket:
    """Return the ticket as it is now, under its lock."""
    return Ticket.objects.select_for_update().get(pk=ticket.pk)


def _lock_member(member: Member) -> None:
    """One at a time for each member, so that limits hold whoever taps how fast."""
    Member.objects.select_for_update(no_key=True).filter(pk=member.pk).values_list("pk").first()


def _step(ticket: Ticket, name: str, refusal: object) -> None:
    after = rules.step(ticket.state, name)
    if after is None:
        raise TicketRefused(refusal)
    ticket.state = TicketState(after)


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


def tell_about(ticket: Ticket, wording: str, mark: str, at: datetime, **words: str) -> None:
    """Tell the member something about a ticket, once for each mark."""
    news = News(
        member_id=ticket.member_id,
        wording=wording,
        key=f"{wording}:{ticket.pk}:{mark}",
        path=f"/support/{ticket.number}",
        words={"number": ticket.number, **words},
    )
    tell([news], at=at)
