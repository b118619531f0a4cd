"""A supplier is paid by two operators, to an account that has rested; a correction takes two as well."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ledger.models import AccountKind
from ledger.queries import balance_fen
from mall.core.rights import RELEASE, REVIEW
from orders.queries import BANK_HOLDER
from payouts.commands import stop_payouts
from remittance.commands import (
    RemittanceRefused,
    answer_dispute,
    approve_payment,
    check_dispute,
    open_dispute,
    release_payment,
    send_back,
    set_account,
)
from remittance.models import DisputeState, Statement, StatementDispute, StatementLine, SupplierAccount
from suppliers.commands import seat_member
from tests.factories import a_paid_order, later
from tests.operators import operator
from tests.snapshots import nothing_changes

from .story import AFTER_DECEMBER, AFTER_NOVEMBER, DECEMBER, House, confirmed

pytestmark = pytest.mark.django_db
RESTED = later(days=34)


@pytest.fixture
def house() -> House:
    found = House()
    a_paid_order(sku=found.sku, quantity=5)
    return found


@pytest.fixture
def maker() -> Any:
    return operator("苏敏", REVIEW)


@pytest.fixture
def checker() -> Any:
    return operator("韩立", RELEASE)


def fresh(statement: Statement) -> Statement:
    return Statement.objects.get(pk=statement.pk)


def test_two_people_pay_what_is_owed_and_it_is_booked(house: House, maker: Any, checker: Any) -> None:
    statement = confirmed(house)
    house.account()
    approve_payment(statement=statement, by=maker, at=RESTED)
    release_payment(statement=statement, bank_reference="ICBC20261205001", by=checker, at=RESTED)
    paid = fresh(statement)
    assert (paid.state, paid.approved_by, paid.released_by) == ("paid", maker, checker)
    assert paid.account.number == "6222020012345678"
    assert house.owed_fen == 0
    assert balance_fen(kind=AccountKind.CASH, holder_id=BANK_HOLDER) == -20_000
    with nothing_changes(), pytest.raises(RemittanceRefused):
        release_payment(statement=statement, bank_reference="ICBC20261205002", by=checker, at=RESTED)


def test_the_same_person_does_not_do_both(house: House, maker: Any) -> None:
    statement = confirmed(house)
    house.account()
    approve_payment(statement=statement, by=maker, at=RESTED)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="另一位"):
        release_payment(statement=statement, bank_reference="ICBC1", by=maker, at=RESTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(
            state="paid", released_by=maker, paid_at=RESTED, bank_reference="ICBC1"
        )


def test_nobody_pays_the_own_house(house: House, maker: Any, checker: Any) -> None:
    statement = confirmed(house)
    house.account()
    seat_member(supplier=house.supplier, member=maker)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="供应商的人"):
        approve_payment(statement=statement, by=maker, at=RESTED)


def test_an_account_rests_for_72_hours_and_a_change_stops_what_was_approved(
    house: House, maker: Any, checker: Any
) -> None:
    statement = confirmed(house)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="还没有填写"):
        approve_payment(statement=statement, by=maker, at=RESTED)
    house.account(at=AFTER_NOVEMBER)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="72 小时"):
        approve_payment(statement=statement, by=maker, at=later(days=32))
    approve_payment(statement=statement, by=maker, at=RESTED)
    house.account(number="6222 0200 0000 9999", at=RESTED)
    for at, words in ((later(days=35), "72 小时"), (later(days=40), "账户变了")):
        with nothing_changes(), pytest.raises(RemittanceRefused, match=words):
            release_payment(statement=statement, bank_reference="ICBC1", by=checker, at=at)
    send_back(statement=statement, reason="账户变了", by=checker)
    approve_payment(statement=statement, by=maker, at=later(days=40))
    release_payment(statement=statement, bank_reference="ICBC1", by=checker, at=later(days=40))
    assert fresh(statement).account.label == "****9999"


def test_nothing_is_paid_while_payouts_are_stopped_or_under_a_reference_twice(
    house: House, maker: Any, checker: Any
) -> None:
    first = confirmed(house)
    house.account()
    other = House()
    a_paid_order(sku=other.sku)
    second = confirmed(other)
    other.account()
    for statement in (first, second):
        approve_payment(statement=statement, by=maker, at=RESTED)
    release_payment(statement=first, bank_reference="ICBC1", by=checker, at=RESTED)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="流水号"):
        release_payment(statement=second, bank_reference="ICBC1", by=checker, at=RESTED)
    stop_payouts(reason="核查", by=checker, at=RESTED)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="打款已暂停"):
        release_payment(statement=second, bank_reference="ICBC2", by=checker, at=RESTED)


@pytest.mark.parametrize("number", ["", "123", "abc", "6222-0200", "1" * 31, "６２２２０２００１２３４"])
def test_an_odd_account_is_refused(house: House, number: str) -> None:
    with nothing_changes(), pytest.raises(RemittanceRefused):
        set_account(
            supplier=house.supplier, holder="某公司", bank_name="某行", number=number, by=house.owner, at=RESTED
        )


def test_the_number_of_an_account_is_sealed(house: House) -> None:
    house.account()
    row = SupplierAccount.objects.values().get()
    assert "6222020012345678" not in str(row)
    assert row["label"] == "****5678"


def test_a_correction_takes_two_people_and_stands_on_the_next_statement(house: House, maker: Any, checker: Any) -> None:
    statement = confirmed(house)
    line = StatementLine.objects.get(statement=statement)
    dispute = open_dispute(line=line, reason="少算一件", by=house.owner, at=AFTER_NOVEMBER)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="已经提过"):
        open_dispute(line=line, reason="又一次", by=house.owner, at=AFTER_NOVEMBER)
    answer_dispute(dispute=dispute, answer="核对属实", amount_fen=4_000, by=maker, at=AFTER_NOVEMBER)
    with nothing_changes(), pytest.raises(RemittanceRefused, match="另一位"):
        check_dispute(dispute=dispute, by=maker, at=AFTER_NOVEMBER)
    check_dispute(dispute=dispute, by=checker, at=later(days=31))
    with nothing_changes(), pytest.raises(RemittanceRefused):
        check_dispute(dispute=dispute, by=checker, at=later(days=31))
    assert fresh(statement).payable_fen == statement.payable_fen
    december = house.close(DECEMBER, AFTER_DECEMBER)
    assert (december.other_fen, december.payable_fen) == (4_000, 4_000)
    assert house.owed_fen == 24_000


def test_a_line_is_kept_with_a_reason(house: House, maker: Any) -> None:
    line = StatementLine.objects.get(statement=confirmed(house))
    dispute = open_dispute(line=line, reason="少算一件", by=house.owner, at=AFTER_NOVEMBER)
    with nothing_changes():
        for answer, amount_fen in (("", 0), ("好", -1), ("好", 10_000_001)):
            with pytest.raises(RemittanceRefused):
                answer_dispute(dispute=dispute, answer=answer, amount_fen=amount_fen, by=maker, at=AFTER_NOVEMBER)
    answer_dispute(dispute=dispute, answer="数量无误", amount_fen=0, by=maker, at=AFTER_NOVEMBER)
    assert StatementDispute.objects.get().state == DisputeState.REFUSED
    with nothing_changes(), pytest.raises(RemittanceRefused, match="已经答复"):
        answer_dispute(dispute=dispute, answer="再来", amount_fen=1, by=maker, at=AFTER_NOVEMBER)
