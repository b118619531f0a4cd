"""What holds at every moment of every story: nothing is lost, nothing is negative, a refusal changes nothing."""

from typing import Any

from hypothesis import given, settings

from linkage.rules.engine import Book
from tests.properties.stories import Story, examples, stories, tell

BALANCES = ("pending", "held", "available", "withdrawing", "withdrawn", "debt")


def state(book: Book) -> dict[str, Any]:
    """All that a book knows and that outlives an event, in comparable form."""
    return {
        "members": {
            id: {name: getattr(member, name) for name in member.__slots__ if name != "recruits"}
            for id, member in book.members.items()
        },
        "orders": {
            id: (order.received_at, order.matured, order.refunded, order.packs) for id, order in book.orders.items()
        },
        "rewards": [
            (id, reward.kind, reward.member, reward.amount, reward.held, reward.hold, reward.reversed)
            for id, order in book.orders.items()
            for reward in order.rewards
        ],
        "withdrawals": {id: (asked.amount, asked.decided) for id, asked in book.withdrawals.items()},
        "due": sorted(book.due),
        "platform": (book.fund, book.expense, book.cash_out, book.tax, book.fee),
    }


def assert_conserved(book: Book) -> None:
    owed = sum(
        member.pending + member.held + member.available + member.withdrawing + member.withdrawn - member.debt
        for member in book.members.values()
    )
    assert owed + book.fund == book.expense
    rewards = [reward for order in book.orders.values() for reward in order.rewards]
    assert book.expense == sum(reward.amount for reward in rewards if not reward.reversed)
    assert book.cash_out + book.tax + book.fee == sum(member.withdrawn for member in book.members.values())


def assert_nothing_negative(book: Book) -> None:
    for member in book.members.values():
        assert all(getattr(member, balance) >= 0 for balance in BALANCES), (
            member.id,
            state(book)["members"][member.id],
        )
        assert member.packs >= 0
        assert member.valid_referrals >= 0
        assert member.available == 0 or member.debt == 0
    assert min(book.expense, book.cash_out, book.tax, book.fee) >= 0


@settings(max_examples=examples(200))
@given(stories(versions=2, most_events=40))
def test_no_fen_is_lost_and_nothing_but_the_fund_is_ever_negative(story: Story) -> None:
    book, terms = Book(story.parsed), story.terms
    for event, version in story.events:
        tell(book, event, terms, version)
        assert_conserved(book)
        assert_nothing_negative(book)


@settings(max_examples=examples(100))
@given(stories(versions=2, most_events=40))
def test_a_refused_event_changes_nothing_but_the_time(story: Story) -> None:
    book, terms = Book(story.parsed), story.terms
    for event, version in story.events:
        book.advance(event["at"])
        before = state(book)
        if not tell(book, event, terms, version):
            assert state(book) == before


@settings(max_examples=examples(100))
@given(stories(versions=2, most_events=40))
def test_the_same_events_told_again_give_the_same_book(story: Story) -> None:
    books, terms = (Book(story.parsed), Book(story.parsed)), story.terms
    for book in books:
        for event, version in story.events:
            tell(book, event, terms, version)
    assert state(books[0]) == state(books[1])


@settings(max_examples=examples(100))
@given(stories(versions=2, most_events=40))
def test_refused_events_can_be_left_out(story: Story) -> None:
    told, without, terms = Book(story.parsed), Book(story.parsed), story.terms
    for event, version in story.events:
        if tell(told, event, terms, version):
            assert tell(without, event, terms, version)
        else:
            without.advance(event["at"])
    assert state(told) == state(without)


@settings(max_examples=examples(100))
@given(stories(versions=2, most_events=40))
def test_every_event_enters_balanced_lines_that_add_up_to_the_balances(story: Story) -> None:
    """The journal entries that the ledger gets: each sums to zero, and together they are the members' balances."""
    entries: list[Any] = []
    book, terms = Book(story.parsed, entries), story.terms
    for event, version in story.events:
        tell(book, event, terms, version)
    balances: dict[tuple[str, Any], int] = {}
    now = 0
    for kind, reference, moves, at in entries:
        assert at >= now
        now = at
        assert sum(move.amount_fen for move in moves) == 0, (kind, reference)
        for move in moves:
            place = move.account, move.member
            balances[place] = balances.get(place, 0) - move.amount_fen
    for id, member in book.members.items():
        for account in ("pending", "held", "available", "withdrawing"):
            assert balances.get((account, id), 0) == getattr(member, account)
        assert balances.get(("debt", id), 0) == -member.debt
    known = [(kind, reference) for kind, reference, _, _ in entries if kind != "grant"]
    assert len(known) == len(set(known))
    assert balances.get(("fund", None), 0) == book.fund
    assert balances.get(("expense", None), 0) == -book.expense
    assert balances.get(("cash", None), 0) == book.cash_out
    assert balances.get(("fee", None), 0) == book.fee
    assert balances.get(("tax", None), 0) == book.tax
