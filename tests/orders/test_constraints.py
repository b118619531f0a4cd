"""What the database refuses by itself, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from orders.commands import refund_order
from orders.models import Payment
from tests.factories import AT, a_paid_order, a_payment, a_placed_order
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(statement: str, name: str) -> None:
    with nothing_changes(), pytest.raises(IntegrityError, match=name):
        run(statement)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("state = 'lost'", "orders_order_(state_known|paid_when_paid)"),
        ("discount_fen = goods_fen, total_fen = 0", "orders_order_total_positive"),
        ("supply_total_fen = 0", "orders_order_supply_total_positive"),
        ("state = 'paid'", "orders_order_paid_when_paid"),
        ("paid_at = now()", "orders_order_paid_when_paid"),
        ("state = 'shipped', paid_at = now()", "orders_order_shipped_when_shipped"),
        ("state = 'received', paid_at = now(), shipped_at = now()", "orders_order_received_when_received"),
        ("state = 'refunded', paid_at = now()", "orders_order_refunded_when_refunded"),
        ("refunded_at = now()", "orders_order_refunded_when_refunded"),
        ("packs = -1", "packs"),
    ],
)
def test_an_order_is_refused(change: str, name: str) -> None:
    order = a_placed_order()
    refused(f"UPDATE orders_order SET {change} WHERE id = {order.pk}", name)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("total_fen = total_fen + 1", "orders_order_total_is_its_parts"),
        ("freight_fen = 1", "orders_order_total_is_its_parts"),
        ("freight_fen = -1, total_fen = total_fen - 1", "orders_order_parts_not_negative"),
        ("discount_fen = -1, total_fen = total_fen + 1", "orders_order_parts_not_negative"),
        ("discount_fen = goods_fen + 1, freight_fen = 9, total_fen = 8", "orders_order_parts_not_negative"),
        ("refunded_fen = total_fen + 1", "orders_order_refunded_within_total"),
        ("refunded_fen = -1", "orders_order_refunded_within_total"),
    ],
)
def test_the_amounts_of_an_order_fit_together(change: str, name: str) -> None:
    order = a_placed_order()
    refused(f"UPDATE orders_order SET {change} WHERE id = {order.pk}", name)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("state = 'lost'", "orders_purchase_state_known"),
        ("total_fen = 0", "orders_purchase_total_positive"),
        ("state = 'paid'", "orders_purchase_paid_when_paid"),
        ("paid_at = now()", "orders_purchase_paid_when_paid"),
        ("state = 'cancelled'", "orders_purchase_cancelled_when_cancelled"),
        ("cancelled_at = now()", "orders_purchase_cancelled_when_cancelled"),
    ],
)
def test_a_purchase_is_refused(change: str, name: str) -> None:
    order = a_placed_order()
    refused(f"UPDATE orders_purchase SET {change} WHERE id = {order.purchase_id}", name)


def test_a_member_uses_a_key_once() -> None:
    first = a_placed_order()
    second = a_placed_order(member=first.member)
    refused(
        f"UPDATE orders_purchase SET idempotency_key = '{first.purchase.idempotency_key}'"
        f" WHERE id = {second.purchase_id}",
        "orders_purchase_once_a_key",
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("quantity = 0", "quantity"),
        ("quantity = quantity + 1", "orders_orderline_amount_is_price_by_quantity"),
        ("amount_fen = amount_fen - 1", "orders_orderline_amount_is_price_by_quantity"),
        ("unit_price_fen = 0, amount_fen = 0, paid_fen = 0", "orders_orderline_price_positive"),
        ("paid_fen = amount_fen + 1", "orders_orderline_paid_within_amount"),
        ("paid_fen = -1", "orders_orderline_paid_within_amount"),
        ("shipped_quantity = quantity + 1", "orders_orderline_shipped_within_quantity"),
        ("refunded_quantity = quantity + 1", "orders_orderline_refunded_within_quantity"),
        ("refunded_fen = paid_fen + 1", "orders_orderline_refunded_within_paid"),
        ("refunded_fen = -1", "orders_orderline_refunded_within_paid"),
    ],
)
def test_a_line_is_refused(change: str, name: str) -> None:
    order = a_placed_order()
    refused(f"UPDATE orders_orderline SET {change} WHERE order_id = {order.pk}", name)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("state = 'lost'", "orders_payment_(state_known|captured_when_captured)"),
        ("amount_fen = 0", "orders_payment_amount_positive"),
        ("state = 'captured'", "orders_payment_captured_when_captured"),
        ("captured_at = now()", "orders_payment_captured_when_captured"),
        ("refunded_fen = amount_fen + 1", "orders_payment_refunded_within_amount"),
        ("refunded_fen = -1", "orders_payment_refunded_within_amount"),
    ],
)
def test_a_payment_is_refused(change: str, name: str) -> None:
    payment = a_payment(a_placed_order())
    refused(f"UPDATE orders_payment SET {change} WHERE id = {payment.pk}", name)


def another_payment(payment: Payment, values: str) -> str:
    return (
        "INSERT INTO orders_payment (number, purchase_id, amount_fen, created_at, provider, state, captured_at)"
        f" VALUES ('PY2', {payment.purchase_id}, 1, now(), {values})"
    )


def test_a_purchase_has_one_open_payment_with_each_provider() -> None:
    payment = a_payment(a_placed_order())
    refused(another_payment(payment, "'sandbox', 'created', NULL"), "orders_payment_one_open_a_provider")
    run(another_payment(payment, "'other', 'created', NULL"))


def test_one_payment_counts_for_a_purchase() -> None:
    payment = a_paid_order().purchase.payments.get()
    refused(another_payment(payment, "'other', 'captured', now()"), "orders_payment_one_captured_a_purchase")
    run(another_payment(payment, "'other', 'refunding', now()"))


def test_a_reference_of_a_provider_is_one_payments() -> None:
    paid, other = a_paid_order().purchase.payments.get(), a_payment(a_placed_order())
    refused(f"UPDATE orders_payment SET provider_ref = '{paid.provider_ref}' WHERE id = {other.pk}", "provider_ref")


def test_a_refund_is_refused() -> None:
    refund = refund_order(order=a_paid_order(), reason="", at=AT)
    refused(
        "INSERT INTO orders_refund (number, payment_id, amount_fen, state, created_at)"
        f" VALUES ('{refund.number}', {refund.payment_id}, 1, 'requested', now())",
        "orders_refund_number",
    )
    refused(f"UPDATE orders_refund SET state = 'succeeded' WHERE id = {refund.pk}", "orders_refund_succeeded")
    refused(f"UPDATE orders_refund SET amount_fen = 0 WHERE id = {refund.pk}", "orders_refund_amount_positive")


def test_a_notice_is_written_down_once() -> None:
    insert = "INSERT INTO orders_notice (provider, notice_id, body, result, received_at)"
    run(f"{insert} VALUES ('sandbox', 'SN1', '', '', now())")
    refused(f"{insert} VALUES ('sandbox', 'SN1', '', '', now())", "orders_notice_once")
