"""What the stories and properties cannot see from outside: how far the engine walks, and what it says about it."""

from typing import Any

from linkage.rules.engine import Book, Member
from linkage.rules.plan import Plan


class CountingBook(Book):
    """Counts the steps that are taken up the line of referrals."""

    steps = 0

    def _above(self, member: Member) -> Member | None:
        self.steps += 1
        return super()._above(member)


def line_of(book: Book, *members: Any) -> None:
    """Join members, each referred by the one before."""
    for referrer, member in zip((None, *members), members, strict=False):
        book.join(0, member, referrer)


def test_a_long_line_of_consumers_is_passed_in_one_step() -> None:
    book = CountingBook({1: Plan(unranked_referrer="roll_up")})
    line_of(book, *range(1_000))
    book.order(1, "o1", 0, 1)
    book.order(1, "o2", 999, 1)
    assert book.steps <= 2
    assert [(reward.member, reward.via) for reward in book.orders["o2"].rewards] == [(0, (998, 0))]


def test_whoever_buys_in_the_middle_of_a_line_is_found_by_those_below() -> None:
    book = Book({1: Plan(unranked_referrer="roll_up")})
    line_of(book, *range(10))
    for order, member in enumerate((0, 7, 3, 5), start=1):
        book.order(1, f"o{order}", member, 1)
    book.join(2, "late", 9)
    book.order(2, "o9", "late", 1)
    assert [reward.member for reward in book.orders["o2"].rewards] == [0]
    assert [reward.member for reward in book.orders["o4"].rewards] == [3]
    assert [reward.member for reward in book.orders["o9"].rewards] == [7]
    assert [book.members[member].skip for member in (2, 4, 6, 8, "late")] == [0, 3, 5, 7, 7]


def test_an_agent_without_a_pack_is_looked_at_and_passed() -> None:
    book = Book({1: Plan(unranked_referrer="roll_up")})
    line_of(book, "zoe", "ann", "bob", "cat", "dan")
    for order, member in enumerate(("zoe", "ann"), start=1):
        book.order(1, f"o{order}", member, 1)
    book.refund(2, "o2")
    book.order(3, "o3", "dan", 1)
    assert [(reward.member, reward.via) for reward in book.orders["o3"].rewards] == [("zoe", ("cat", "ann", "zoe"))]
