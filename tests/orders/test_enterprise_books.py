"""Goods at agreed prices go through the books like any others: payment, commission, refunds, the statement."""

import pytest

from ledger.models import AccountKind
from ledger.queries import balance_fen, findings
from mall.core.money import share_fen
from orders.commands import refund_order
from orders.commands.after_sale import set_return_address
from orders.models import Refund
from remittance.models import LineKind, StatementLine
from suppliers.models import Product
from suppliers.queries import miscounted_skus
from tests.factories import fresh, later, pay
from tests.linkage.retail import a_customer_of, a_shopkeeper, balances, commission_of, prove, settle
from tests.orders.after_sale import call_off, line_of
from tests.orders.books import books
from tests.remittance.story import House

from .enterprise import accepted, asked, quoted

pytestmark = pytest.mark.django_db

PRICE = 5_333


@pytest.fixture
def house() -> House:
    return House()


def test_the_commission_is_the_floor_of_its_share_of_the_agreed_price(house: House) -> None:
    Product.objects.filter(pk=house.sku.product_id).update(commission_bps=1_234)
    lin = a_shopkeeper()
    request = quoted(asked(house.sku, member=a_customer_of(lin), quantity=77), PRICE)
    order = accepted(request).orders.get()
    pay(order)
    settle(later(hours=1))
    commission = commission_of(order)
    assert (commission.net_fen, commission.amount_fen) == (77 * PRICE, share_fen(77 * PRICE, 1_234))
    assert balances(lin).pending_fen == 77 * PRICE * 1_234 // 10_000
    # The mall loses nothing by it.
    assert order.total_fen - order.supply_total_fen - commission.amount_fen >= 0
    prove()


def test_parts_that_are_refunded_add_up_to_what_was_paid_and_the_books_are_empty_again(house: House) -> None:
    set_return_address(supplier=house.supplier, name="仓库", phone="13900000000", address="浙江省杭州市余杭区 1 号仓")
    order = accepted(quoted(asked(house.sku, quantity=100), PRICE)).orders.get()
    pay(order)
    paid = {"cash": 533_300, "revenue": 533_300, "cost": 400_000, "payable": 400_000}
    assert books(house.supplier.pk) == paid
    for quantity in (1, 33, 59):
        call_off(fresh(order), quantity=quantity)
    assert line_of(fresh(order)).refunded_fen == 93 * PRICE
    refund_order(order=fresh(order), reason="", at=later(days=1))
    refunds = Refund.objects.filter(order=order).values_list("amount_fen", flat=True)
    assert (sum(refunds), fresh(order).refunded_fen) == (533_300, 533_300)
    assert house.owed_fen == 0
    assert list(findings()) == []
    assert not miscounted_skus().exists()


def test_the_suppliers_statement_holds_supply_price_fee_and_refund_and_equals_the_ledger(house: House) -> None:
    house.terms(fee_bps=200)
    kept = accepted(quoted(asked(house.sku, quantity=200), PRICE, fee_bps=200)).orders.get()
    returned = accepted(quoted(asked(house.sku, quantity=100), 6_000, fee_bps=200)).orders.get()
    for order in (kept, returned):
        pay(order)
    refund_order(order=fresh(returned), reason="", at=later(days=2))
    statement = house.close()
    assert (statement.supply_fen, statement.refund_fen, statement.fee_fen) == (1_200_000, 400_000, 16_000)
    assert (statement.payable_fen, statement.gross_fen) == (784_000, 200 * PRICE)
    assert house.owed_fen == statement.payable_fen
    assert balance_fen(kind=AccountKind.PLATFORM_FEE) == 16_000
    lines = StatementLine.objects.filter(statement=statement).order_by("id")
    assert [(line.kind, line.order_id, line.amount_fen) for line in lines] == [
        (LineKind.SALE, kept.pk, 800_000),
        (LineKind.SALE, returned.pk, 400_000),
        (LineKind.REFUND, returned.pk, -400_000),
    ]
