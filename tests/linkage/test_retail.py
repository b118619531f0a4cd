"""Retail commission: earned by one shopkeeper, on what was paid and kept, by events of the numbered stream."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from ledger.models import AccountKind
from ledger.queries import balance_fen
from linkage import audit, retail_inbox
from linkage.models import Commission, CommissionCut, EventKind, LinkageEvent
from members.models import AdviserRelation, RelationEnd, Shopkeeper, ShopkeeperState
from orders.commands import refund_order
from orders.events import OrdersPaid, PaidOrder
from orders.models import Order
from suppliers.models import Product
from tests.factories import AT, a_gift_pack, a_member, a_paid_order, fresh, gift_pack_terms, later
from tests.linkage.retail import (
    a_customer_of,
    a_policy,
    a_sale,
    a_shopkeeper,
    an_earning_sku,
    balances,
    bind,
    commission_of,
    line_of,
    prove,
    receive,
    settle,
)
from tests.operators import as_, superuser
from tests.orders.after_sale import call_off
from tests.payouts.people import payable

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def test_a_paid_line_earns_the_floor_of_its_share_pending_for_the_shopkeeper():
    lin = a_shopkeeper()
    order = a_sale(lin, sku=an_earning_sku(price_fen=333, bps=1_234), quantity=7)
    commission = commission_of(order)
    assert (commission.net_fen, commission.amount_fen) == (2_331, 2_331 * 1_234 // 10_000)
    assert balances(lin).pending_fen == 287
    assert balance_fen(kind=AccountKind.COMMISSION_EXPENSE) == 287
    assert (order.adviser_id, order.adviser_reason) == (lin.pk, "relation")
    prove()


def test_it_is_available_when_the_cooling_off_after_receipt_is_over_and_not_a_second_before():
    lin = a_shopkeeper()
    order = a_sale(lin)
    received_at = AT + timedelta(days=2)
    receive(order, received_at)
    settle(received_at + WEEK - timedelta(seconds=1))
    assert (balances(lin).pending_fen, balances(lin).available_fen) == (816, 0)
    settle(received_at + WEEK)
    assert (balances(lin).pending_fen, balances(lin).available_fen) == (0, 816)
    assert commission_of(order).matured
    prove()


def test_a_part_that_goes_back_leaves_the_floor_of_what_was_kept():
    lin = a_shopkeeper()
    order = a_sale(lin, sku=an_earning_sku(price_fen=333, bps=1_234), quantity=3)
    call_off_some(order, 1, later(hours=1))
    commission = commission_of(order)
    assert (commission.kept_fen, commission.amount_fen, commission.first_fen) == (666, 82, 123)
    assert balances(lin).pending_fen == 82
    assert list(CommissionCut.objects.values_list("kept_fen", "amount_fen")) == [(666, 41)]
    call_off_some(order, 2, later(hours=3))
    assert balances(lin).pending_fen == 0
    assert balance_fen(kind=AccountKind.COMMISSION_EXPENSE) == 0
    prove()


def test_what_went_back_after_it_was_paid_out_becomes_debt_that_the_next_commission_repays():
    lin = a_shopkeeper()
    order = a_sale(lin, quantity=2)
    receive(order, AT)
    settle(AT + WEEK)
    spend(lin, 1_600)
    refunded_at = AT + timedelta(days=6)
    Order.objects.filter(pk=order.pk).update(cooling_off_days=30)
    refund_order(order=fresh(order), reason="七天无理由", at=refunded_at)
    settle(AT + WEEK)
    assert (balances(lin).available_fen, balances(lin).debt_fen) == (0, 1_600)
    again = a_sale(lin, quantity=2, at=AT + timedelta(days=8))
    receive(again, AT + timedelta(days=9))
    settle(AT + timedelta(days=16))
    assert (balances(lin).available_fen, balances(lin).debt_fen) == (32, 0)
    prove()


def test_a_repeated_message_earns_nothing_twice():
    lin = a_shopkeeper()
    order = a_sale(lin)
    told = PaidOrder(order.pk, order.number, order.member_id, order.member.shard, 0, order.total_fen, AT)
    retail_inbox.record_sales(OrdersPaid((told,)))
    settle(later(hours=1))
    assert balances(lin).pending_fen == 816
    assert LinkageEvent.objects.filter(kind=EventKind.SALE).count() == 1


@pytest.mark.parametrize("case", ["nobody", "no commission", "gift pack", "lapsed", "suspended", "own"])
def test_orders_that_earn_nothing_make_no_event(case: str):
    lin = a_shopkeeper()
    sku = an_earning_sku(bps=0) if case == "no commission" else an_earning_sku()
    customer = a_customer_of(lin)
    if case == "nobody":
        customer = a_member()
    elif case == "gift pack":
        gift_pack_terms()
        sku = a_gift_pack()
        Product.objects.filter(pk=sku.product_id).update(commission_bps=1_000)
    elif case == "lapsed":
        AdviserRelation.objects.update(until=AT, protected_until=AT)
    elif case == "suspended":
        Shopkeeper.objects.update(state=ShopkeeperState.SUSPENDED, reason="违规")
    elif case == "own":
        customer = lin
    order = a_paid_order(member=customer, sku=sku)
    settle(AT)
    assert not LinkageEvent.objects.filter(kind=EventKind.SALE).exists()
    assert not Commission.objects.exists()
    reasons = {
        "nobody": "nobody",
        "no commission": "relation",
        "gift pack": "",
        "lapsed": "nobody",
        "suspended": "not_open",
        "own": "own_refused",
    }
    assert order.adviser_reason == reasons[case]


def test_own_purchases_earn_where_the_policy_allows_it():
    a_policy(own_purchases=True)
    lin = a_shopkeeper()
    order = a_paid_order(member=lin, sku=an_earning_sku())
    settle(AT)
    assert (order.adviser_reason, balances(lin).pending_fen) == ("own", 816)


def test_a_later_change_of_the_adviser_moves_no_order():
    lin, mei = a_shopkeeper(), a_shopkeeper()
    order = a_sale(lin)
    AdviserRelation.objects.update(ended_at=later(hours=1), end_reason=RelationEnd.CHANGED)
    bind(order.member, mei, at=later(hours=1))
    receive(order, later(hours=2))
    settle(later(days=8))
    assert (balances(lin).available_fen, balances(mei).available_fen) == (816, 0)
    prove()


def test_commissions_of_shopkeepers_in_other_trees_and_much_that_falls_due_at_once():
    keepers = [a_shopkeeper() for _ in range(4)]
    orders = [a_sale(keeper) for keeper in keepers for _ in range(2)]
    for order in orders:
        receive(order, AT + timedelta(days=1))
    settle(AT + timedelta(days=30))
    assert [balances(keeper).available_fen for keeper in keepers] == [1_632] * 4
    prove()


TAMPERINGS = {
    "amount": ("UPDATE linkage_commission SET kept_fen = 10, amount_fen = 1", "kept is 10"),
    "owner": ("UPDATE linkage_commission SET member_id = (SELECT max(id) FROM members_member)", "member is"),
    "matured": ("UPDATE linkage_commission SET matured = false", "matured is False"),
    "lost": ("DELETE FROM linkage_commissioncut; DELETE FROM linkage_commission", "lacks its commission"),
    "cut": ("UPDATE linkage_commissioncut SET amount_fen = amount_fen + 1", "cut is"),
}


@pytest.mark.parametrize("case", TAMPERINGS)
def test_the_audit_names_what_was_changed_by_sql(case: str):
    lin = a_shopkeeper()
    order = a_sale(lin, quantity=2)
    call_off_some(order, 1, later(hours=1))
    receive(order, later(hours=3))
    settle(later(days=9))
    prove()
    sql, words = TAMPERINGS[case]
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert any(words in finding for finding in audit.findings(audit.replay()))


def test_the_database_refuses_a_commission_that_is_not_the_share_of_what_was_kept():
    order = a_sale(a_shopkeeper())
    with pytest.raises(IntegrityError, match="is_the_share_of_what_is_kept"), transaction.atomic():
        Commission.objects.filter(order=order).update(amount_fen=817)
    assert line_of(order).commission_bps == 1_200


def call_off_some(order, quantity, at):
    """Take back pieces that were not shipped; the money is decided at once."""
    call_off(fresh(order), quantity, at=at)
    settle(at)


def spend(member, amount_fen):
    """Take so much out of what is available, as a withdrawal that was paid does."""
    from linkage.commands import request_withdrawal
    from payouts.commands import approve_withdrawal

    payable(member, at=AT)
    asked = request_withdrawal(member=member, amount_fen=amount_fen, at=AT + WEEK)
    assert asked.amount_fen == amount_fen
    approve_withdrawal(number=asked.number, by=a_member(), at=AT + WEEK)


def test_operators_look_commissions_up_and_see_why():
    lin = a_shopkeeper()
    order = a_sale(lin, quantity=2)
    call_off_some(order, 1, later(hours=1))
    client = as_(superuser())
    listed = client.get("/ops/linkage/commission/", {"q": order.number}).content.decode()
    assert order.number in listed
    assert "12.00%" in listed
    page = client.get(f"/ops/linkage/commission/{line_of(order).pk}/change/").content.decode()
    assert "锁客期内，归专属顾问" in page
    assert page.count("8.16") >= 2
