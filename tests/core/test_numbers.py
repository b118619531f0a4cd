"""Numbers are drawn by chance: one that is taken already is drawn anew, and nothing is left of the first try."""

import secrets

import pytest
from django.db import IntegrityError, transaction

from linkage.commands import WithdrawalRefused, grant_from_fund, request_withdrawal
from linkage.models import EventKind, LinkageEvent
from mall.core.numbers import TRIES, drawn_anew
from members.models import Member
from orders.commands import place_purchase, start_payment
from orders.models import AfterSale, Order, Payment, Purchase
from payouts.models import Withdrawal
from service.commands import open_ticket
from service.models import Ticket, Topic
from suppliers.queries import miscounted_skus
from tests.factories import AT, a_member, a_placed_order, a_sku, an_address
from tests.linkage.stories import Mall, three_generations
from tests.orders.after_sale import a_case, an_order, shipped
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db(transaction=True)


class Dice:
    """What the next numbers end in, and after that, chance again."""

    def __init__(self) -> None:
        self._next: list[int] = []
        self._chance = secrets.randbelow
        self.thrown = 0

    def fall(self, *digits: int) -> None:
        self._next, self.thrown = list(digits), 0

    def throw(self, below: int) -> int:
        if below != 10**10:
            return self._chance(below)
        self.thrown += 1
        return self._next.pop(0) if self._next else self._chance(below)


@pytest.fixture
def mall() -> Mall:
    return Mall()


@pytest.fixture
def dice(monkeypatch: pytest.MonkeyPatch) -> Dice:
    loaded = Dice()
    monkeypatch.setattr(secrets, "randbelow", loaded.throw)
    return loaded


def place(member: Member, *skus: int, key: str = "k1") -> Purchase:
    return place_purchase(
        member=member,
        items=[(sku, 1) for sku in skus],
        address=an_address(member),
        notes="",
        idempotency_key=key,
        at=AT,
    )


def tail(number: str) -> int:
    return int(number[-10:])


def test_a_purchase_whose_number_is_taken_gets_another(dice: Dice) -> None:
    dice.fall(7)
    place(a_member(), a_sku().pk)
    sku = a_sku()
    dice.fall(7, 8, 2)

    purchase = place(a_member(), sku.pk)

    assert tail(purchase.number) == 8
    assert [tail(order.number) for order in purchase.orders.all()] == [2]
    sku.refresh_from_db()
    assert (sku.reserved, list(miscounted_skus())) == (1, [])
    assert Purchase.objects.count() == Order.objects.count() == 2


def test_an_order_whose_number_is_taken_takes_its_purchase_along(dice: Dice) -> None:
    dice.fall(7, 70)
    place(a_member(), a_sku().pk)
    dice.fall(8, 90, 70, 9, 91, 92)

    purchase = place(a_member(), a_sku().pk, a_sku().pk)

    assert tail(purchase.number) == 9
    assert {tail(order.number) for order in purchase.orders.all()} == {91, 92}
    assert Purchase.objects.count() == 2
    assert Order.objects.count() == 3


def test_after_so_many_collisions_nothing_is_placed(dice: Dice) -> None:
    dice.fall(7)
    place(a_member(), a_sku().pk)
    buyer, sku = a_member(), a_sku()
    address = an_address(buyer)
    dice.fall(*[7] * TRIES)

    with nothing_changes(), pytest.raises(IntegrityError):
        place_purchase(member=buyer, items=[(sku.pk, 1)], address=address, notes="", idempotency_key="k2", at=AT)
    assert dice.thrown == TRIES


def test_another_mistake_than_a_number_is_not_tried_again() -> None:
    tries = []

    def write() -> None:
        tries.append(1)
        again = Purchase.objects.get()
        again.pk, again.number = None, "HP2"
        with transaction.atomic():
            again.save(force_insert=True)

    a_placed_order()
    with nothing_changes(), pytest.raises(IntegrityError, match="once_a_key"):
        drawn_anew(write)
    assert len(tries) == 1


def test_a_payment_whose_number_is_taken_gets_another(dice: Dice) -> None:
    first, second = a_placed_order(), a_placed_order()
    dice.fall(7, 7, 8)
    for order in (first, second):
        start_payment(purchase=order.purchase, provider="sandbox", at=AT)
    assert [tail(number) for number in Payment.objects.order_by("pk").values_list("number", flat=True)] == [7, 8]


def test_a_case_whose_number_is_taken_gets_another(dice: Dice) -> None:
    orders = [shipped(an_order(1)) for _ in range(2)]
    dice.fall(7, 7, 8)
    for order in orders:
        a_case(order)
    cases = AfterSale.objects.order_by("pk")
    assert [tail(case.number) for case in cases] == [7, 8]
    assert [case.steps.count() for case in cases] == [1, 1]


def test_a_ticket_whose_number_is_taken_gets_another(dice: Dice) -> None:
    dice.fall(7, 7, 8)
    for key in ("a", "b"):
        open_ticket(member=a_member(), topic=Topic.OTHER, text="在吗", idempotency_key=key, reply_hours=24, at=AT)
    tickets = Ticket.objects.order_by("pk")
    assert [tail(ticket.number) for ticket in tickets] == [7, 8]
    assert [ticket.posts.count() for ticket in tickets] == [1, 1]


def test_a_withdrawal_whose_number_is_taken_gets_another_and_is_its_own(mall: Mall, dice: Dice) -> None:
    three_generations(mall)
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.payable("ann")
    ann = mall.members["ann"]
    dice.fall(7, 7, 8)

    first = request_withdrawal(member=ann, amount_fen=2_000, at=mall.at)
    second = request_withdrawal(member=ann, amount_fen=3_000, at=mall.at)

    assert [(tail(one.number), one.amount_fen) for one in (first, second)] == [(7, 2_000), (8, 3_000)]
    assert mall.balances("ann").withdrawing_fen == 5_000
    mall.prove()


def test_nobody_gets_the_withdrawal_of_somebody_else(mall: Mall) -> None:
    three_generations(mall)
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.payable("ann")
    mall.payable("bob")
    asked = request_withdrawal(member=mall.members["ann"], amount_fen=2_000, at=mall.at)

    with pytest.raises(WithdrawalRefused) as refusal:
        request_withdrawal(member=mall.members["bob"], amount_fen=2_000, number=asked.number, at=mall.at)
    assert refusal.value.code == "number_taken"
    assert Withdrawal.objects.count() == 1


def test_a_grant_whose_number_is_taken_gets_another(mall: Mall, dice: Dice) -> None:
    three_generations(mall)
    mall.pass_time(days=31)
    mall.settle()
    dice.fall(7, 7, 8)

    for amount_fen in (100, 200):
        grant_from_fund(
            member=mall.members["bob"], amount_fen=amount_fen, by=mall.members["zoe"], reason="帮扶", at=mall.at
        )
    grants = LinkageEvent.objects.filter(kind=EventKind.GRANT).order_by("pk")
    assert [(tail(grant.reference), grant.amount_fen) for grant in grants] == [(7, 100), (8, 200)]
    assert mall.balances("bob").available_fen == 300
    mall.prove()
