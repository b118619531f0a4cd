"""What an adviser writes down about a customer of its own: tags, notes, reminders. Every command locks the relation
first, so that nothing is written about somebody who has just changed the adviser."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import CustomerNote, CustomerTag, Reminder
from mall.core.text import clean_line
from members.models import AdviserRelation, Member

TAGS_MAX = 8
NOTES_MAX = 200
REMINDERS_MAX = 20
REMINDER_DAYS_MAX = 366
# A former customer's notes are deleted so many days after the relation ended.
KEPT_DAYS = 30


class NoCustomer(Exception):
    """There is no such customer, or it is somebody else's."""


class CustomerRefused(Exception):
    """This cannot be written down; the message says why."""


def add_tag(*, adviser: Member, public_id: str, name: str, at: datetime) -> CustomerTag:
    """Give a customer a tag; one that it has already stays. Raises NoCustomer and CustomerRefused."""
    words = _line(name, 12, _("标签最多 12 个字"))
    with transaction.atomic():
        customer_id = _customer(adviser, public_id, at)
        mine = CustomerTag.objects.filter(adviser=adviser, customer_id=customer_id)
        known = mine.filter(name=words).first()
        if known is not None:
            return known
        if mine.count() >= TAGS_MAX:
            raise CustomerRefused(_("每位客户最多 %(number)s 个标签") % {"number": TAGS_MAX})
        return CustomerTag.objects.create(adviser=adviser, customer_id=customer_id, name=words)


def drop_tag(*, adviser: Member, public_id: str, name: str, at: datetime) -> None:
    """Take a tag off a customer; a repeat changes nothing. Raises NoCustomer."""
    with transaction.atomic():
        customer_id = _customer(adviser, public_id, at)
        CustomerTag.objects.filter(adviser=adviser, customer_id=customer_id, name=name).delete()


def write_note(*, adviser: Member, public_id: str, text: str, at: datetime) -> CustomerNote:
    """Write a note; the same text as the newest one writes nothing more. Raises NoCustomer and CustomerRefused."""
    words = _line(text, 300, _("备注最多 300 个字"))
    with transaction.atomic():
        customer_id = _customer(adviser, public_id, at)
        mine = CustomerNote.objects.filter(adviser=adviser, customer_id=customer_id).order_by("-id")
        newest = mine.first()
        if newest is not None and newest.text == words:
            return newest
        if mine.count() >= NOTES_MAX:
            raise CustomerRefused(_("每位客户最多 %(number)s 条备注，请先删掉旧的") % {"number": NOTES_MAX})
        return CustomerNote.objects.create(adviser=adviser, customer_id=customer_id, text=words, at=at)


def drop_note(*, adviser: Member, public_id: str, note_id: int, at: datetime) -> None:
    """Delete a note of one's own about this customer; a repeat changes nothing. Raises NoCustomer."""
    with transaction.atomic():
        customer_id = _customer(adviser, public_id, at)
        CustomerNote.objects.filter(adviser=adviser, customer_id=customer_id, pk=note_id).delete()


def set_reminder(*, adviser: Member, public_id: str, due_date: date, text: str, at: datetime) -> Reminder:
    """Set a reminder for a day from today on; one that says the same is set once. Raises NoCustomer and
    CustomerRefused."""
    words = _line(text, 60, _("事项最多 60 个字"))
    today = timezone.localtime(at).date()
    if due_date < today:
        raise CustomerRefused(_("提醒日期不能早于今天"))
    if due_date > today + timedelta(days=REMINDER_DAYS_MAX):
        raise CustomerRefused(_("提醒日期最多一年以后"))
    with transaction.atomic():
        customer_id = _customer(adviser, public_id, at)
        mine = Reminder.objects.filter(adviser=adviser, customer_id=customer_id, done_at=None)
        known = mine.filter(due_date=due_date, text=words).first()
        if known is not None:
            return known
        if mine.count() >= REMINDERS_MAX:
            raise CustomerRefused(_("每位客户最多 %(number)s 条未完成的提醒") % {"number": REMINDERS_MAX})
        return Reminder.objects.create(adviser=adviser, customer_id=customer_id, due_date=due_date, text=words)


def finish_reminder(*, adviser: Member, public_id: str, reminder_id: int, at: datetime) -> None:
    """Mark a reminder as done; a repeat changes nothing. Raises NoCustomer."""
    with transaction.atomic():
        customer_id = _customer(adviser, public_id, at)
        Reminder.objects.filter(adviser=adviser, customer_id=customer_id, pk=reminder_id, done_at=None).update(
            done_at=at
        )


def forget_former_customers(*, at: datetime) -> int:
    """Delete what advisers wrote about people who have not been their customers for `KEPT_DAYS`. Returns how many
    rows."""
    forgotten = 0
    for model in (CustomerTag, CustomerNote, Reminder):
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                DELETE FROM {model._meta.db_table} AS written WHERE NOT EXISTS (
                    SELECT 1 FROM members_adviserrelation relation
                    WHERE relation.customer_id = written.customer_id AND relation.adviser_id = written.adviser_id
                        AND least(relation.until, coalesce(relation.ended_at, relation.until)) > %s)
                """,
                [at - timedelta(days=KEPT_DAYS)],
            )
            forgotten += cursor.rowcount
    return forgotten


def _customer(adviser: Member, public_id: str, at: datetime) -> int:
    """Lock the relation that stands and return whose it is. The caller is in a transaction."""
    relation = (
        AdviserRelation.objects.select_for_update()
        .filter(adviser=adviser, ended_at=None, until__gt=at, customer_id__in=_ids(public_id))
        .first()
    )
    if relation is None:
        raise NoCustomer(public_id)
    return relation.customer_id


def _ids(public_id: str) -> list[int]:
    return list(Member.objects.filter(public_id=public_id).values_list("pk", flat=True))


def _line(text: str, longest: int, too_long: str) -> str:
    try:
        words = clean_line(text, longest)
    except ValueError:
        raise CustomerRefused(too_long) from None
    if not words:
        raise CustomerRefused(_("请先写点什么"))
    return words
