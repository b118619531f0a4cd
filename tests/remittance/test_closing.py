"""A statement holds what the ledger says, to the fen, once, whatever comes after its period was closed."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from ledger.commands import Entry, Line, post_entry
from ledger.models import AccountKind
from ledger.queries import balance_fen
from orders.commands import refund_order
from orders.models import OrderLine
from remittance.commands import (
    RemittanceRefused,
    close_due_periods,
    confirm_overdue,
    confirm_statement,
    set_terms,
)
from remittance.models import LineKind, Statement, StatementLine
from tests.factories import AT, a_paid_order, a_sku, later
from tests.snapshots import nothing_changes

from .story import AFTER_DECEMBER, AFTER_NOVEMBER, DECEMBER, NOVEMBER, House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return House()


def test_a_statement_adds_up_to_what_the_ledger_owes(house: House) -> None:
    house.terms(fee_bps=200)
    kept, returned = a_paid_order(sku=house.sku, quantity=3), a_paid_order(sku=house.sku, at=later(days=1))
    refund_order(order=returned, reason="", at=later(days=2))
    a_paid_order(sku=a_sku())
    statement = house.close()

    assert (statement.supply_fen, statement.refund_fen) == (16_000, 4_000)
    assert (statement.fee_fen, statement.commission_fen, statement.payable_fen) == (240, 0, 11_760)
    assert statement.gross_fen == kept.total_fen
    assert house.owed_fen == statement.payable_fen
    assert balance_fen(kind=AccountKind.PLATFORM_FEE) == 240
    lines = StatementLine.objects.filter(statement=statement).order_by("id")
    assert [(line.kind, line.order_id, line.amount_fen) for line in lines] == [
        (LineKind.SALE, kept.pk, 12_000),
        (LineKind.SALE, returned.pk, 4_000),
        (LineKind.REFUND, returned.pk, -4_000),
    ]


def test_a_refund_after_the_close_stands_on_the_next_statement_and_all_of_them_equal_the_ledger(house: House) -> None:
    house.terms(fee_bps=333)
    orders = [a_paid_order(sku=house.sku, quantity=n, at=later(hours=n)) for n in (1, 2, 3)]
    november = house.close()
    before = Statement.objects.values().get(pk=november.pk)
    refund_order(order=orders[1], reason="", at=later(days=31))
    a_paid_order(sku=house.sku, at=later(days=40))
    # Something of November that became known in December.
    a_paid_order(sku=house.sku, quantity=7, at=later(days=29))
    december = house.close(DECEMBER, AFTER_DECEMBER)

    assert Statement.objects.values().get(pk=november.pk) == before
    assert (december.supply_fen, december.refund_fen) == (32_000, 8_000)
    assert december.fee_fen == 24_000 * 333 // 10_000
    assert house.owed_fen == november.payable_fen + december.payable_fen
    a_paid_order(sku=house.sku, at=later(days=62))
    assert house.owed_fen == november.payable_fen + december.payable_fen + 4_000


def test_more_returned_than_sold_is_carried_over_once(house: House) -> None:
    house.terms(fee_bps=1_000)
    order = a_paid_order(sku=house.sku)
    november = house.close()
    refund_order(order=order, reason="", at=later(days=31))
    december = house.close(DECEMBER, AFTER_DECEMBER)
    assert (december.state, december.fee_fen, december.payable_fen) == ("carried", -400, -3_600)
    a_paid_order(sku=house.sku, quantity=2, at=later(days=62))
    january = house.close((date(2027, 1, 1), date(2027, 2, 1)), later(days=92))
    assert (january.carried_fen, january.payable_fen) == (-3_600, 8_000 - 800 - 3_600)
    assert house.owed_fen == november.payable_fen + january.payable_fen


def test_commissions_borne_are_taken_from_the_books_with_what_was_taken_back(house: House) -> None:
    """The share of each posting of the commission expense for a line of this supplier, and of none else's."""
    house.terms(fee_bps=0, commission_bps=5_000)
    line, foreign = a_paid_order(sku=house.sku).lines.get(), a_paid_order(sku=a_sku()).lines.get()
    OrderLine.objects.update(commission_bps=1_000)
    for kind, reference, fen in (
        ("commission", f"{line.pk}", 681),
        ("commission", f"{foreign.pk}", 999),
        ("commission_back", f"{line.pk}:3400", -340),
        ("commission", f"{line.pk}9", 777),
    ):
        pending = Line(AccountKind.PENDING, 1, -fen)
        post_entry(Entry(kind, reference, later(days=1), (Line(AccountKind.COMMISSION_EXPENSE, 0, fen), pending)))
    expense = balance_fen(kind=AccountKind.COMMISSION_EXPENSE)
    statement = house.close()
    assert statement.commission_fen == 340 - 170
    assert statement.payable_fen == house.owed_fen == 4_000 - 170
    assert balance_fen(kind=AccountKind.COMMISSION_EXPENSE) == expense
    assert balance_fen(kind=AccountKind.COMMISSION_BORNE) == 170


def test_a_repeat_changes_nothing(house: House) -> None:
    a_paid_order(sku=house.sku)
    first = house.close()
    with nothing_changes():
        assert house.close() == first
        assert close_due_periods(at=AFTER_NOVEMBER) == 0


def test_periods_are_closed_when_they_are_over_in_order_and_where_something_happened(house: House) -> None:
    with nothing_changes():
        assert house.close() is None
    a_paid_order(sku=house.sku)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="没有结束"):
        house.close(at=later(days=29))
    house.close(DECEMBER, AFTER_DECEMBER)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="之后的账期"):
        house.close(NOVEMBER, AFTER_DECEMBER)


def test_every_suppliers_last_period_is_closed_by_its_own_terms(house: House) -> None:
    half = House()
    half.terms(period="half", fee_bps=0)
    for each in (house, half):
        a_paid_order(sku=each.sku)
    assert close_due_periods(at=later(days=16)) == 1
    assert close_due_periods(at=AFTER_NOVEMBER) == 1
    found = {(row.supplier, row.start_date.day, row.end_date.day) for row in Statement.objects.all()}
    assert found == {(half.supplier, 1, 16), (house.supplier, 1, 1)}


def test_a_statement_is_confirmed_once_or_by_itself_after_seven_days(house: House) -> None:
    a_paid_order(sku=house.sku)
    statement = house.close()
    assert confirm_overdue(at=later(days=36)) == 0
    confirm_statement(statement=statement, by=house.owner, at=AFTER_NOVEMBER)
    with nothing_changes(), pytest.raises(RemittanceRefused):
        confirm_statement(statement=statement, by=house.owner, at=AFTER_NOVEMBER)
    a_paid_order(sku=house.sku, at=later(days=31))
    house.close(DECEMBER, AFTER_DECEMBER)
    assert confirm_overdue(at=later(days=68)) == 1


def test_terms_do_not_reach_back_into_what_was_stated(house: House) -> None:
    a_paid_order(sku=house.sku)
    house.close()
    given = {"supplier": house.supplier, "period": "month", "fee_bps": 100, "commission_bps": 0, "by": None, "at": AT}
    with nothing_changes():
        for wrong in (
            {"starts_on": date(2026, 11, 30)},
            {"starts_on": date(2027, 1, 1), "fee_bps": 3_001},
            {"starts_on": date(2027, 1, 1), "fee_bps": -1},
            {"starts_on": date(2027, 1, 1), "commission_bps": 10_001},
            {"starts_on": date(2027, 1, 1), "period": "day"},
        ):
            with pytest.raises(RemittanceRefused):
                set_terms(**given | wrong)
    set_terms(**given, starts_on=date(2026, 12, 1))


def test_the_database_refuses_sums_that_do_not_add_up_and_a_posting_on_two_statements(house: House) -> None:
    a_paid_order(sku=house.sku)
    statement = house.close()
    for change in ({"payable_fen": 4_001}, {"state": "carried"}, {"state": "paid"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Statement.objects.filter(pk=statement.pk).update(**change)
    line = StatementLine.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementLine.objects.create(
            statement=statement, posting_id=line.posting_id, kind="sale", reference="x", at=AT, amount_fen=1
        )
