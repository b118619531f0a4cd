"""An adviser's customers: how long each is one's own, what it last did, what one wrote down, what to do next.

Only relations that stand are found; a former customer is not there any more, whatever was written about it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from agents.advice import Advice, CustomerFacts, advice
from agents.models import CustomerNote, CustomerTag, Reminder
from members.models import AdviserRelation, DayVisit, Member
from orders.models import Order, OrderState

PAGE = 20
DUE_SHOWN = 3
NOTES_SHOWN = 50
ORDERS_SHOWN = 10
REMINDERS_SHOWN = 20
TAGS_SHOWN = 30
_CURSOR = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer as its adviser sees it."""

    relation: AdviserRelation
    member: Member
    last_visit: date | None
    tags: list[str]
    due_date: date | None
    advice: Advice | None
    days_left: int
    days_protected: int
    today: date

    @property
    def is_due(self) -> bool:
        return self.due_date is not None and self.due_date <= self.today

    @property
    def ends_soon(self) -> bool:
        return self.days_left <= 7


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """A page of customers, the relation that ends first first, and the cursor of the next one, empty at the end."""

    rows: list[Customer]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """All that an adviser knows of one customer."""

    customer: Customer
    notes: list[CustomerNote]
    reminders: list[Reminder]
    orders: list[Order]


def customers_page(
    *, adviser: Member, tag: str = "", due: bool = False, after: str = "", at: datetime
) -> CustomersPage:
    """Return a page of an adviser's customers, those with a tag or with a reminder that is due where asked for."""
    standing = _standing(adviser, at)
    if tag:
        tagged = CustomerTag.objects.filter(adviser=adviser, name=tag)
        standing = standing.filter(customer__in=tagged.values("customer"))
    if due:
        open_ones = Reminder.objects.filter(adviser=adviser, done_at=None, due_date__lte=_today(at))
        standing = standing.filter(customer__in=open_ones.values("customer"))
    if _CURSOR.fullmatch(after):
        last = AdviserRelation.objects.filter(adviser=adviser, pk=int(after)).first()
        if last is not None:
            standing = standing.filter(Q(until__gt=last.until) | Q(until=last.until, pk__gt=last.pk))
    rows = list(standing.select_related("customer").order_by("until", "id")[: PAGE + 1])
    shown = rows[:PAGE]
    return CustomersPage(_customers(adviser, shown, at), str(shown[-1].pk) if len(rows) > PAGE else "")


def customer_card(*, adviser: Member, public_id: str, at: datetime) -> CustomerCard | None:
    """Return one of the adviser's own customers; None for everybody else."""
    relation = standing_relation(adviser=adviser, public_id=public_id, at=at)
    if relation is None:
        return None
    mine = {"adviser": adviser, "customer": relation.customer}
    orders = Order.objects.filter(member=relation.customer, adviser=adviser).exclude(
        state__in=[OrderState.PLACED, OrderState.CANCELLED]
    )
    return CustomerCard(
        customer=_customers(adviser, [relation], at)[0],
        notes=list(CustomerNote.objects.filter(**mine).order_by("-id")[:NOTES_SHOWN]),
        reminders=list(Reminder.objects.filter(**mine, done_at=None).order_by("due_date", "id")[:REMINDERS_SHOWN]),
        orders=list(orders.prefetch_related("lines").order_by("-placed_at")[:ORDERS_SHOWN]),
    )


def standing_relation(*, adviser: Member, public_id: str, at: datetime) -> AdviserRelation | None:
    """Return the relation to a customer that stands, by the customer's public id."""
    return _standing(adviser, at).select_related("customer").filter(customer__public_id=public_id).first()


def tags_of(*, adviser: Member) -> list[tuple[str, int]]:
    """Return the adviser's tags with how many customers bear each, the most used first."""
    counted = CustomerTag.objects.filter(adviser=adviser).values_list("name").annotate(count=Count("id"))
    return list(counted.order_by("-count", "name")[:TAGS_SHOWN])


@dataclass(frozen=True, slots=True)
class DueReminders:
    """How many reminders are due, and the first of them."""

    count: int
    first: list[Reminder]


def due_reminders(*, adviser: Member, at: datetime) -> DueReminders:
    """Return what the adviser wanted to have done by today, about customers that are still its own."""
    standing = _standing(adviser, at)
    due = Reminder.objects.filter(
        adviser=adviser, done_at=None, due_date__lte=_today(at), customer__in=standing.values("customer")
    )
    rows = list(due.select_related("customer").order_by("due_date", "id")[:100])
    return DueReminders(len(rows), rows[:DUE_SHOWN])


def _standing(adviser: Member, at: datetime) -> QuerySet[AdviserRelation]:
    return AdviserRelation.objects.filter(adviser=adviser, ended_at=None, until__gt=at)


def _customers(adviser: Member, relations: Iterable[AdviserRelation], at: datetime) -> list[Customer]:
    shown, today = list(relations), _today(at)
    ids = [relation.customer_id for relation in shown]
    visits = dict(
        DayVisit.objects.filter(member_id__in=ids).values_list("member_id").annotate(last=Max("date")).order_by()
    )
    tags: dict[int, list[str]] = defaultdict(list)
    for customer_id, name in (
        CustomerTag.objects.filter(adviser=adviser, customer_id__in=ids)
        .order_by("id")
        .values_list("customer_id", "name")
    ):
        tags[customer_id].append(name)
    due = dict(
        Reminder.objects.filter(adviser=adviser, customer_id__in=ids, done_at=None)
        .values_list("customer_id")
        .annotate(first=Min("due_date"))
        .order_by()
    )
    return [
        _customer(relation, visits.get(relation.customer_id), tags[relation.customer_id], due, at, today)
        for relation in shown
    ]


def _customer(
    relation: AdviserRelation,
    last_visit: date | None,
    tags: list[str],
    due: dict[int, date],
    at: datetime,
    today: date,
) -> Customer:
    due_date = due.get(relation.customer_id)
    last_order = relation.last_order_at
    facts = CustomerFacts(
        days_left=(relation.until - at).days,
        days_since_bound=(at - relation.since).days,
        days_since_order=None if last_order is None else (at - last_order).days,
        days_since_visit=None if last_visit is None else (today - last_visit).days,
        is_reminder_due=due_date is not None and due_date <= today,
    )
    return Customer(
        relation=relation,
        member=relation.customer,
        last_visit=last_visit,
        tags=tags,
        due_date=due_date,
        advice=advice(facts),
        days_left=facts.days_left,
        days_protected=max(timedelta(0), relation.protected_until - at).days,
        today=today,
    )


def _today(at: datetime) -> date:
    return timezone.localtime(at).date()
