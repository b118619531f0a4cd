from dataclasses import replace

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from ledger.models import JournalEntry
from ledger.queries import findings
from linkage.models import LinkageEvent
from members.commands import NewMember, import_members
from orders.commands import (
    ImportedOrder,
    import_paid_orders,
    import_receipts,
    import_refunds,
    record_paid_orders,
    refund_order,
    send_refund,
)
from orders.models import Order, OrderState, Payment, PaymentState, Refund
from suppliers.commands import OutOfStock
from suppliers.models import Sku
from suppliers.queries import miscounted_skus
from tests.factories import AT, PACK_PRICE_FEN, a_gift_pack, a_member, fresh, later
from tests.orders.books import books
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def rows(count: int, *, packs: int = 1) -> list[ImportedOrder]:
    members = import_members([NewMember() for _ in range(count)], at=AT)
    return [
        ImportedOrder(number=f"o{n}", member_id=member.pk, packs=packs, paid_at=later(seconds=n))
        for n, member in enumerate(members)
    ]


def take_in(orders: list[ImportedOrder], sku: Sku) -> list[int]:
    return import_paid_orders(orders, sku=sku, unit_price_fen=PACK_PRICE_FEN, cooling_off_days=7, plan_version=None)


def stock(sku: Sku) -> tuple[int, int]:
    return Sku.objects.values_list("on_hand", "reserved").get(pk=sku.pk)


def test_an_imported_order_leaves_the_rows_of_a_live_one() -> None:
    sku, referrer = a_gift_pack(supply_price_fen=15_000, on_hand=10), a_member()
    member = a_member(referrer=referrer)
    (order_id,) = take_in([ImportedOrder("o1", member.pk, 2, later(days=1))], sku)

    order = Order.objects.get(pk=order_id)
    assert (order.state, order.packs, order.total_fen) == (OrderState.PAID, 2, 99_800)
    assert (order.paid_at, order.referrer) == (later(days=1), referrer)
    assert order.lines.get().amount_fen == 99_800
    payment = order.purchase.payments.get()
    assert (payment.state, payment.provider) == (PaymentState.CAPTURED, "import")
    assert books(order.supplier_id) == {
        "imported_cash": 99_800,
        "revenue": 99_800,
        "cost": 30_000,
        "payable": 30_000,
    }
    assert stock(sku) == (10, 2)
    assert list(findings()) == []


def test_the_import_publishes_nothing_and_recording_tells_settlement() -> None:
    sku = a_gift_pack()
    take_in(rows(2), sku)
    assert not LinkageEvent.objects.filter(kind="order").exists()
    member = a_member()
    record_paid_orders(
        [ImportedOrder("told", member.pk, 1, AT)],
        sku=sku,
        unit_price_fen=PACK_PRICE_FEN,
        cooling_off_days=7,
        plan_version=None,
    )
    assert Order.objects.get(number="told").member == member


def test_receipts_and_refunds_are_taken_in_once_and_stock_stays_right() -> None:
    sku = a_gift_pack(on_hand=10)
    take_in(rows(4), sku)
    assert sorted(import_receipts([("o0", later(days=2)), ("o1", later(days=2)), ("nobody", AT)])) == ["o0", "o1"]
    assert stock(sku) == (8, 2)
    assert sorted(import_refunds([("o1", later(days=3)), ("o2", later(days=3))])) == ["o1", "o2"]
    assert stock(sku) == (8, 1)

    states = dict(Order.objects.values_list("number", "state"))
    assert states == {"o0": "received", "o1": "refunded", "o2": "refunded", "o3": "paid"}
    assert books(sku.product.supplier_id)["revenue"] == 2 * PACK_PRICE_FEN
    assert books(sku.product.supplier_id)["imported_cash"] == 2 * PACK_PRICE_FEN
    assert Refund.objects.filter(state="succeeded").count() == 2
    assert Payment.objects.filter(state="refunded").count() == 2
    assert not miscounted_skus().exists()
    assert list(findings()) == []
    with nothing_changes():
        assert import_receipts([("o0", AT), ("o1", AT), ("o2", AT)]) == []
        assert import_refunds([("o1", AT), ("o2", AT)]) == []


def test_an_imported_order_can_be_refunded_live_without_any_provider() -> None:
    sku = a_gift_pack()
    take_in(rows(1), sku)
    order = Order.objects.get()
    refund = refund_order(order=order, reason="", at=later(days=1))
    send_refund(number=refund.number, at=later(days=1))
    refund.refresh_from_db()
    assert (refund.state, fresh(order).state) == ("succeeded", "refunded")
    assert books(order.supplier_id) == {}


def test_a_known_number_an_unknown_member_or_too_little_stock_change_nothing() -> None:
    sku = a_gift_pack(on_hand=3)
    orders = rows(2)
    take_in(orders[:1], sku)
    with nothing_changes():
        with pytest.raises(IntegrityError):
            take_in(orders, sku)
        with pytest.raises(ValueError, match="unknown members"):
            take_in([ImportedOrder("o9", 10**12, 1, AT)], sku)
        with pytest.raises(OutOfStock):
            take_in([ImportedOrder("o9", orders[0].member_id, 4, AT)], sku)


def test_two_thousand_orders_are_taken_in_with_as_many_statements_as_ten() -> None:
    sku = a_gift_pack(on_hand=10_000)
    statements = []
    for orders in (rows(10), [replace(order, number=f"p{order.number}") for order in rows(2_000)]):
        with CaptureQueriesContext(connection) as made:
            take_in(orders, sku)
        statements.append(len(made))
    assert statements[0] == statements[1]
    assert JournalEntry.objects.filter(kind="payment").count() == 2_010
