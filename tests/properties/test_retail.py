"""Retail commission in random stories: no fen is lost, and the order of partial refunds does not matter."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.rules.engine import DAY, Book, Refused
from tests.properties.stories import examples

LINES = st.integers(1, 3)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("sale"), LINES, st.integers(0, 40_000), st.sampled_from([0, 1, 777, 3_333, 10_000])),
        st.tuples(st.just("received"), LINES, st.just(0), st.just(0)),
        st.tuples(st.just("kept"), LINES, st.integers(0, 40_000), st.just(0)),
        st.tuples(st.just("wait"), LINES, st.integers(0, 9), st.just(0)),
        st.tuples(st.just("withdraw"), LINES, st.integers(1, 9_000), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=examples(200))
@given(ACTS)
def test_what_is_owed_is_what_was_spent_on_commission(acts):
    book = Book({}, entries=[])
    for name in (1, 2, 3):
        book.join(0, name, None)
    for step, (act, line, amount, bps) in enumerate(acts):
        try:
            if act == "sale":
                book.sale(book.now, line, f"order {line}", line, amount, bps, line - 1)
            elif act == "received":
                book.sale_received(book.now, f"order {line}")
            elif act == "kept":
                book.sale_kept(book.now, line, amount)
            elif act == "withdraw":
                book.withdraw(book.now, step, line, amount, min_fen=1, fee_bps=0, tax_bps=0)
                book.payout(book.now, step, approved=True)
            else:
                book.tick(book.now + amount * DAY)
        except Refused:
            pass
        members = book.members.values()
        owed = sum(m.pending + m.held + m.available + m.withdrawing + m.withdrawn - m.debt for m in members)
        assert owed == book.commission == sum(earned.amount for earned in book.commissions.values())
        assert all(min(m.pending, m.available, m.withdrawing, m.debt) >= 0 for m in members)
        assert all(earned.amount == earned.kept * earned.bps // 10_000 for earned in book.commissions.values())
    assert all(sum(move.amount_fen for move in moves) == 0 for _, _, moves, _ in book.entries)


@settings(max_examples=examples(100))
@given(st.lists(st.integers(1, 999), min_size=1, max_size=6), st.integers(0, 10_000), st.booleans())
def test_partial_refunds_in_any_order_leave_the_same(parts, bps, matured):
    left = []
    for order in (parts, sorted(parts), sorted(parts, reverse=True)):
        book = Book({})
        book.join(0, "lin", None)
        book.sale(0, "line", "order", "lin", sum(parts), bps, 0)
        if matured:
            book.sale_received(0, "order")
            book.tick(1)
        kept, back = sum(parts), 0
        for part in order:
            kept -= part
            back += book.sale_kept(1, "line", kept)
        assert back == sum(parts) * bps // 10_000
        left.append((book.commission, book.members["lin"].pending, book.members["lin"].available))
    assert left == [(0, 0, 0)] * 3
