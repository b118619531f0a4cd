"""What the database refuses by itself, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from orders.commands import refund_order
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
        ("total_fen = 0", "orders_order_total_positive"),
        ("total_fen = -1", "orders_order_total_positive"),
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


def test_a_member_uses_a_key_once() -> None:
    first = a_placed_order()
    second = a_placed_order(member=first.member)
    refused(
        f"UPDATE orders_order SET idempotency_key = '{first.idempotency_key}' WHERE id = {second.pk}",
        "orders_order_once_a_key",
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("quantity = 0", "quantity"),
        ("quantity = quantity + 1", "orders_orderline_amount_is_price_by_quantity"),
        ("amount_fen = amount_fen - 1", "orders_orderline_amount_is_price_by_quantity"),
        ("unit_price_fen = 0, amount_fen = 0", "orders_orderline_price_positive"),
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
    ],
)
def test_a_payment_is_refused(change: str, name: str) -> None:
    payment = a_payment(a_placed_order())
    refused(f"UPDATE orders_payment SET {change} WHERE id = {payment.pk}", name)


def test_an_order_has_one_open_payment() -> None:
    payment = a_payment(a_placed_order())
    refused(
        "INSERT INTO orders_payment (number, order_id, provider, amount_fen, state, created_at)"
        f" VALUES ('PY2', {payment.order_id}, 'sandbox', 1, 'created', now())",
        "orders_payment_one_open_an_order",
    )


def test_a_reference_of_a_provider_is_one_payments() -> None:
    paid, other = a_paid_order().payments.get(), a_payment(a_placed_order())
    refused(f"UPDATE orders_payment SET provider_ref = '{paid.provider_ref}' WHERE id = {other.pk}", "provider_ref")


def test_a_payment_has_one_refund() -> None:
    refund = refund_order(order=a_paid_order(), reason="", at=AT)
    refused(
        "INSERT INTO orders_refund (number, payment_id, amount_fen, state, created_at)"
        f" VALUES ('R2', {refund.payment_id}, 1, 'requested', now())",
        "orders_refund_one_a_payment",
    )
    refused(f"UPDATE orders_refund SET state = 'succeeded' WHERE id = {refund.pk}", "orders_refund_succeeded")
    refused(f"UPDATE orders_refund SET amount_fen = 0 WHERE id = {refund.pk}", "orders_refund_amount_positive")


def test_a_notice_is_written_down_once() -> None:
    insert = "INSERT INTO orders_notice (provider, notice_id, body, result, received_at)"
    run(f"{insert} VALUES ('sandbox', 'SN1', '', '', now())")
    refused(f"{insert} VALUES ('sandbox', 'SN1', '', '', now())", "orders_notice_once")
