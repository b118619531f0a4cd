"""However a line is given back, piece by piece and with compensations between, it adds up to what was paid."""

from hypothesis import given
from hypothesis import strategies as st

from orders.rules.returning import refund_fen, supply_back_fen

LINES = st.tuples(st.integers(1, 99), st.integers(1, 10**9), st.integers(1, 10**7))


@given(LINES, st.data())
def test_any_order_of_partial_refunds_adds_up_to_what_was_paid(line: tuple[int, int, int], data: st.DataObject) -> None:
    quantity, paid_fen, supply_price_fen = line
    refunded = given_back = taken_back = 0
    while refunded < quantity:
        pieces = data.draw(st.integers(1, quantity - refunded))
        amount = refund_fen(
            paid_fen=paid_fen, quantity=quantity, refunded=refunded, given_back_fen=given_back, pieces=pieces
        )
        supply = supply_back_fen(
            supply_price_fen=supply_price_fen,
            refunded=refunded,
            taken_back_fen=taken_back,
            pieces=pieces,
            amount_fen=amount,
        )
        assert amount >= 0
        assert supply >= 0
        compensation = data.draw(st.integers(0, amount))
        if compensation and compensation < amount and data.draw(st.booleans()):
            given_back += compensation
            taken_back += supply_back_fen(
                supply_price_fen=supply_price_fen,
                refunded=refunded,
                taken_back_fen=taken_back,
                pieces=0,
                amount_fen=compensation,
            )
        else:
            refunded += pieces
            given_back += amount
            taken_back += supply
        assert given_back <= paid_fen
        assert taken_back <= supply_price_fen * quantity
    assert given_back == paid_fen
    assert taken_back == supply_price_fen * quantity


@given(LINES, st.lists(st.integers(1, 99), max_size=20))
def test_without_compensation_an_amount_depends_on_the_count_alone(
    line: tuple[int, int, int], steps: list[int]
) -> None:
    quantity, paid_fen, _ = line
    refunded = given_back = 0
    for pieces in steps:
        if refunded + pieces > quantity:
            continue
        amount = refund_fen(
            paid_fen=paid_fen, quantity=quantity, refunded=refunded, given_back_fen=given_back, pieces=pieces
        )
        assert amount == paid_fen * (refunded + pieces) // quantity - paid_fen * refunded // quantity
        refunded, given_back = refunded + pieces, given_back + amount
