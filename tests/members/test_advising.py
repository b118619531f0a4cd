"""Whose customer somebody is: each rule as a short story of days, with who the adviser is at its end and whose the
orders are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from members.commands import (
    PolicyTerms,
    bind_on_login,
    change_adviser,
    claim_touches,
    end_lapsed_relations,
    keep_first_policy,
    leave_adviser,
    note_paid_order,
    publish_policy,
    suspend_shopkeeper,
)
from members.models import AdviserRelation, Member, RelationPolicy
from members.queries import order_attribution, relation_of, relation_policy
from orders.models import Order
from service.models import Message
from tests.factories import AT, a_member, a_placed_order, a_sku, later, pay
from tests.members.shopkeepers import a_shopkeeper, a_touch, open_shop, shop_of
from tests.payouts.people import person

pytestmark = pytest.mark.django_db

Step = tuple[float, str]
NOBODY: tuple[str, str, float] | None = None


class Stage:
    """A customer C, shopkeepers A and B, and N, who is none. Each act happens so many days after AT."""

    def __init__(self) -> None:
        self.people = {
            "A": a_shopkeeper("甲"),
            "B": a_shopkeeper("乙"),
            "N": a_member(nickname="无"),
            "C": a_member(nickname="客"),
        }
        self.sku = a_sku()
        self.orders: list[Order] = []

    @property
    def customer(self) -> Member:
        return Member.objects.get(pk=self.people["C"].pk)

    def play(self, steps: Sequence[Step]) -> datetime:
        at = AT
        for day, step in steps:
            at = later(days=day)
            act, _, name = step.partition(" ")
            getattr(self, act)(at, *([self.people[name]] if name else []))
        return at

    def touch(self, at: datetime, owner: Member) -> None:
        a_touch(owner, self.customer, at=at)

    def login(self, at: datetime) -> None:
        bind_on_login(member=self.customer, at=at)

    def place(self, at: datetime) -> None:
        self.orders.append(a_placed_order(member=self.customer, sku=self.sku, at=at))

    def pay(self, at: datetime) -> None:
        pay(self.orders[-1], at=at)

    def order(self, at: datetime) -> None:
        self.place(at)
        self.pay(at)

    def change(self, at: datetime, adviser: Member) -> None:
        change_adviser(member=self.customer, code=adviser.referral_code, at=at)

    def leave(self, at: datetime) -> None:
        leave_adviser(member=self.customer, at=at)

    def suspend(self, at: datetime, who: Member) -> None:
        suspend_shopkeeper(shopkeeper=shop_of(who), reason="核实中", by=person("审核", staff=True), at=at)

    def open(self, at: datetime) -> None:
        open_shop(self.customer, at=at)

    def staff(self, at: datetime) -> None:
        Member.objects.filter(pk=self.customer.pk).update(is_staff=True)

    def follow(self, at: datetime, who: Member) -> None:
        """`who` becomes a customer of C, before it was a shopkeeper itself."""
        AdviserRelation.objects.create(
            customer=who,
            adviser=self.customer,
            reason="login",
            policy=keep_first_policy(),
            since=at,
            protected_until=at,
            until=at + timedelta(days=90),
        )

    def name_of(self, member_id: int | None) -> str:
        return next((name for name, person in self.people.items() if person.pk == member_id), "-")

    def told(self, at: datetime) -> tuple[str, str, float] | None:
        """Who the adviser is, how that came, and until which day."""
        relation = relation_of(customer_id=self.customer.pk, at=at)
        if relation is None:
            return None
        return self.name_of(relation.adviser_id), relation.reason, (relation.until - AT) / timedelta(days=1)

    def whose(self) -> list[str]:
        return [f"{self.name_of(order.adviser_id)} {order.adviser_reason}" for order in self.orders]


# Steps; adviser, reason and last day; whose the orders are and why.
STORIES: dict[str, tuple[list[Step], Any, list[str]]] = {
    "a touch alone binds nobody": ([(0, "touch A")], NOBODY, []),
    "a login without a touch binds nobody": ([(0, "login")], NOBODY, []),
    "a login after a touch binds": ([(0, "touch A"), (1, "login")], ("A", "login", 91), []),
    "the newest touch counts": ([(0, "touch A"), (1, "touch B"), (2, "login")], ("B", "login", 92), []),
    "a touch is too old after thirty days": ([(0, "touch A"), (30, "login")], NOBODY, []),
    "whoever is no shopkeeper gets nobody": ([(0, "touch N"), (1, "login"), (2, "order")], NOBODY, ["- nobody"]),
    "the newest touch of a shopkeeper counts": (
        [(0, "touch A"), (1, "touch N"), (2, "login")],
        ("A", "login", 92),
        [],
    ),
    "one's own link binds nobody": ([(0, "touch C"), (1, "login"), (2, "order")], NOBODY, ["- nobody"]),
    "a paid order after a touch binds": ([(0, "touch A"), (1, "order")], ("A", "order", 181), ["A touch"]),
    "an order that is not paid binds nobody": ([(0, "touch A"), (1, "place")], NOBODY, ["A touch"]),
    "each paid order extends": (
        [(0, "touch A"), (0, "login"), (80, "order"), (200, "order")],
        ("A", "login", 380),
        ["A relation", "A relation"],
    ),
    "a login takes nobody over": (
        [(0, "touch A"), (0, "login"), (20, "touch B"), (21, "login")],
        ("A", "login", 90),
        [],
    ),
    "within the protection nobody takes over": (
        [(0, "touch A"), (0, "login"), (5, "touch B"), (6, "order")],
        ("A", "login", 186),
        ["A relation"],
    ),
    "a touch within the protection takes nobody over later": (
        [(0, "touch A"), (0, "login"), (14, "touch B"), (20, "order")],
        ("A", "login", 200),
        ["A relation"],
    ),
    "after the protection an order by a later touch takes over": (
        [(0, "touch A"), (0, "login"), (16, "touch B"), (17, "order"), (18, "order")],
        ("B", "takeover", 198),
        ["B takeover", "B relation"],
    ),
    "a later touch of the adviser changes nothing": (
        [(0, "touch A"), (0, "login"), (16, "touch A"), (17, "order")],
        ("A", "login", 197),
        ["A relation"],
    ),
    "when the lock has lapsed a login binds anew": (
        [(0, "touch A"), (0, "login"), (89, "touch B"), (91, "login")],
        ("B", "login", 181),
        [],
    ),
    "when the lock has lapsed an order binds anew": (
        [(0, "touch A"), (0, "login"), (92, "touch B"), (93, "order")],
        ("B", "order", 273),
        ["B touch"],
    ),
    "when the lock has lapsed and nobody came by a link": (
        [(0, "touch A"), (0, "login"), (91, "order")],
        NOBODY,
        ["- nobody"],
    ),
    "placed while it stood and paid when it had lapsed": (
        [(0, "touch A"), (0, "login"), (89.99, "place"), (90.001, "pay")],
        ("A", "order", 270.001),
        ["A relation"],
    ),
    "a suspended shopkeeper gets no new customer": (
        [(0, "touch A"), (1, "suspend A"), (2, "login"), (3, "order")],
        NOBODY,
        ["- nobody"],
    ),
    "a suspended adviser stays and earns nothing": (
        [(0, "touch A"), (0, "login"), (1, "suspend A"), (2, "order")],
        ("A", "login", 90),
        ["- not_open"],
    ),
    "a touch of before does not bring back whom one left": (
        [(0, "touch A"), (0, "login"), (2, "leave"), (3, "login"), (4, "order")],
        NOBODY,
        ["- nobody"],
    ),
    "a touch afterwards does": (
        [(0, "touch A"), (0, "login"), (2, "leave"), (3, "touch A"), (4, "login")],
        ("A", "login", 94),
        [],
    ),
    "whom the customer chose is the adviser": (
        [(0, "touch A"), (0, "login"), (2, "change B"), (3, "order")],
        ("B", "chosen", 183),
        ["B relation"],
    ),
    "an order stays whose it was when the adviser changes before it is paid": (
        [(0, "touch A"), (0, "login"), (1, "place"), (1.001, "change B"), (1.002, "pay")],
        ("B", "chosen", 91.001),
        ["A relation"],
    ),
    "a choice is not taken over by what was placed before": (
        [(0, "touch A"), (0, "login"), (16, "touch B"), (17, "place"), (17.001, "leave"), (17.002, "pay")],
        NOBODY,
        ["B takeover"],
    ),
    "a shopkeeper has no adviser and earns nothing from itself": (
        [(0, "open"), (1, "touch A"), (2, "login"), (3, "order")],
        NOBODY,
        ["- own_refused"],
    ),
    "whoever becomes a shopkeeper has an adviser no more": ([(0, "touch A"), (0, "login"), (1, "open")], NOBODY, []),
    "staff have no adviser": ([(0, "staff"), (0, "touch A"), (1, "login"), (2, "order")], NOBODY, ["- staff"]),
    "nobody becomes the customer of a customer": (
        [(0, "follow A"), (1, "touch A"), (2, "login"), (3, "order")],
        NOBODY,
        ["- nobody"],
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_the_rules_of_the_relation(story: str) -> None:
    steps, adviser, orders = STORIES[story]
    stage = Stage()
    at = stage.play(steps)
    found = stage.told(at)
    assert (found and (*found[:2], round(found[2], 3))) == adviser
    assert stage.whose() == orders
    assert [f"{stage.name_of(o.adviser_id)} {o.adviser_reason}" for o in Order.objects.order_by("id")] == orders


def test_a_touch_as_a_stranger_is_the_members_who_logs_in() -> None:
    adviser, other, member = a_shopkeeper(), a_member(), a_member()
    mine, own, taken = a_touch(adviser, None), a_touch(member, None), a_touch(adviser, other)
    assert claim_touches(member=member, touch_ids=[mine.pk, own.pk, taken.pk]) == 1
    for touch in (mine, own, taken):
        touch.refresh_from_db()
    assert (mine.member, own.member, taken.member) == (member, None, other)
    assert claim_touches(member=other, touch_ids=[mine.pk]) == 0
    assert claim_touches(member=other, touch_ids=[]) == 0


def test_a_customer_is_told_of_a_new_adviser_once() -> None:
    stage = Stage()
    stage.play([(0, "touch A"), (0, "login"), (1, "login"), (2, "order"), (3, "change B")])
    assert list(Message.objects.filter(wording="adviser_bound").values_list("member", flat=True)) == [stage.customer.pk]


def test_what_is_paid_again_changes_nothing() -> None:
    stage = Stage()
    stage.play([(0, "touch A"), (1, "order")])
    before = AdviserRelation.objects.values().get()
    order = Order.objects.get()
    for _ in range(2):
        note_paid_order(
            customer_id=order.member_id,
            adviser_id=order.adviser_id,
            reason=order.adviser_reason,
            touch_id=order.adviser_touch_id,
            policy_version=order.relation_version,
            placed_at=order.placed_at,
            at=later(days=1),
        )
    assert AdviserRelation.objects.values().get() == before
    assert before["last_order_at"] == later(days=1)


def test_shorter_terms_shorten_nothing_that_stands() -> None:
    stage = Stage()
    stage.play([(0, "touch A"), (0, "login"), (10, "order")])
    publish_policy(terms=PolicyTerms(30, 5, 20, 40, 7), by=None, at=later(days=11))
    stage.play([(12, "order")])
    assert stage.told(later(days=12)) == ("A", "login", 190)
    assert [order.relation_version for order in stage.orders] == [1, 2]


def test_an_order_binds_by_the_terms_of_when_it_was_placed() -> None:
    stage = Stage()
    stage.play([(0, "touch A"), (1, "place")])
    publish_policy(terms=PolicyTerms(30, 5, 20, 40, 7), by=None, at=later(days=1, seconds=10))
    stage.play([(1.001, "pay")])
    relation = AdviserRelation.objects.get()
    assert (relation.policy_id, round((relation.until - AT) / timedelta(days=1), 3)) == (1, 181.001)


def test_own_purchases_earn_where_the_terms_allow_it() -> None:
    publish_policy(terms=PolicyTerms(30, 15, 90, 180, 7, own_purchases=True), by=None, at=AT)
    shopkeeper = a_shopkeeper(at=AT)
    found = order_attribution(member=shopkeeper, at=later(days=1))
    assert (found.reason, found.adviser_id) == ("own", shopkeeper.pk)
    order = a_placed_order(member=shopkeeper, at=later(days=1))
    pay(order, at=later(days=1))
    assert not AdviserRelation.objects.exists()


def test_the_sweep_ends_what_has_lapsed_at_its_own_time() -> None:
    stage = Stage()
    stage.play([(0, "touch A"), (0, "login")])
    assert end_lapsed_relations(at=later(days=89)) == 0
    assert end_lapsed_relations(at=later(days=95)) == 1
    relation = AdviserRelation.objects.get()
    assert (relation.ended_at, relation.end_reason) == (later(days=90), "lapsed")
    assert end_lapsed_relations(at=later(days=96)) == 0


def test_terms_are_never_edited() -> None:
    first = keep_first_policy()
    assert keep_first_policy() == first
    for change in (lambda: RelationPolicy.objects.update(lock_days=1), lambda: first.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    publish_policy(terms=PolicyTerms(10, 5, 20, 40, 7), by=None, at=AT, starts_at=later(days=3))
    assert relation_policy(at=later(days=2)).version == 1
    assert relation_policy(at=later(days=3)).version == 2
