"""What a course comes to: who earns what, what the mall owes, and what returned packs would take back."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from random import Random
from statistics import median_low
from typing import Any

from linkage.rules.engine import FORFEITED, PARTNER
from linkage.rules.plan import BPS

from .course import Course

STRESSES_BPS = (500, 1_000, 2_000, 3_000)
COHORTS = 8
CURVE = 20


@dataclass(slots=True)
class Figures:
    """`shown` is all that is kept of a course, as JSON of integers; `earned` and `bought` are by member in the order
    of joining, for laying two courses together."""

    shown: dict[str, Any]
    earned: array[int]
    partners: bytearray


def figures_of(course: Course, *, seed: int) -> Figures:
    """Sum a course up. The stress is played on its book, which is spent afterwards."""
    book, plan = course.book, course.plan
    places = {member: place for place, member in enumerate(book.members)}
    earned = array("q", bytes(8 * len(places)))
    kinds: Counter[str] = Counter()
    frozen = 0
    for order in book.orders.values():
        if order.paid_at < course.begins_at:
            continue
        for reward in order.rewards:
            if reward.reversed:
                continue
            kinds[reward.kind if reward.member is not None else "fund"] += reward.amount
            if reward.member is None:
                continue
            lost = reward.held if reward.hold is FORFEITED else 0
            earned[places[reward.member]] += reward.amount - lost
            frozen += reward.held if reward.hold == "active" else 0
    bought = _bought(course, places)
    buyers = [place for place, packs in enumerate(bought) if packs]
    by_buyer = sorted(earned[place] for place in buyers)
    last = course.samples[-1] if course.samples else None
    revenue = course.sold_fen - course.returned_fen
    expense = book.expense - course.spent_before_fen
    partners = bytearray(member.rank == PARTNER for member in book.members.values())
    price = plan.pack_price_fen
    recovered = [place for place in buyers if earned[place] >= bought[place] * price]
    shown: dict[str, Any] = {
        "members": len(places),
        "buyers": len(buyers),
        "partners": sum(partners),
        "price_fen": price,
        "revenue_fen": revenue,
        "expense_fen": expense,
        "payout_bps": _share(expense, revenue),
        "earned_nothing": by_buyer.count(0),
        "earned_nothing_bps": _share(by_buyer.count(0), len(buyers)),
        "not_recovered": len(buyers) - len(recovered),
        "not_recovered_bps": _share(len(buyers) - len(recovered), len(buyers)),
        "median_fen": median_low(by_buyer) if by_buyer else 0,
        "mean_fen": sum(by_buyer) // len(by_buyer) if by_buyer else 0,
        "most_fen": by_buyer[-1] if by_buyer else 0,
        "top_percent_bps": _top(by_buyer, 100),
        "top_tenth_bps": _top(by_buyer, 10),
        "gini_bps": _gini(by_buyer),
        "buckets": _buckets(by_buyer, price),
        "concentration": _concentration(by_buyer),
        "cohorts": _cohorts(buyers, earned, bought, price),
        "kinds": dict(sorted(kinds.items())),
        "fund_fen": book.fund,
        "frozen_fen": frozen,
        "liability_fen": last.liability_fen if last else 0,
        "samples": [list(sample) for sample in course.samples],
        "refused": course.refused,
    }
    shown["stress"] = _stress(course, seed)
    return Figures(shown, earned, partners)


def comparison(before: Figures, after: Figures) -> list[dict[str, int | str]]:
    """Return who gains and who loses from one course to the other, by title at the end of the second."""
    rows: list[dict[str, int | str]] = []
    for title, wanted in (("agent", 0), ("partner", 1), ("all", None)):
        more = same = less = old = new = 0
        for place, (was, is_now) in enumerate(zip(before.earned, after.earned, strict=True)):
            if wanted is not None and after.partners[place] != wanted:
                continue
            more += is_now > was
            same += is_now == was
            less += is_now < was
            old += was
            new += is_now
        people = more + same + less
        rows.append(
            {
                "title": title,
                "people": people,
                "more": more,
                "same": same,
                "less": less,
                "before_fen": old // people if people else 0,
                "after_fen": new // people if people else 0,
            }
        )
    return rows


def _bought(course: Course, places: dict[Any, int]) -> array[int]:
    """Return the packs of each member that were paid since the beginning and not returned."""
    bought = array("i", bytes(4 * len(places)))
    for order in course.book.orders.values():
        if order.paid_at >= course.begins_at and not order.refunded:
            bought[places[order.member]] += order.packs
    return bought


def _edges(price_fen: int) -> list[int]:
    """Return where the classes of earnings begin, after that of nothing at all; the price of a pack is one of them."""
    return [1, price_fen * 2 // 10, price_fen * 4 // 10, price_fen * 6 // 10, price_fen, price_fen * 2, price_fen * 6]


def _buckets(by_buyer: list[int], price_fen: int) -> list[dict[str, int | None]]:
    edges = [0, *_edges(price_fen)]
    counts = [0] * len(edges)
    for amount in by_buyer:
        counts[bisect_right(edges, amount) - 1] += 1
    return [
        {"from_fen": edge, "below_fen": edges[place + 1] if place + 1 < len(edges) else None, "people": counts[place]}
        for place, edge in enumerate(edges)
    ]


def _concentration(by_buyer: list[int]) -> list[int]:
    """Return which share of all earnings the poorest twentieth, two twentieths … of the buyers have."""
    total, points, reached, place = sum(by_buyer), [0], 0, 0
    for step in range(1, CURVE + 1):
        until = len(by_buyer) * step // CURVE
        reached += sum(by_buyer[place:until])
        place = until
        points.append(_share(reached, total))
    return points


def _cohorts(buyers: list[int], earned: array[int], bought: array[int], price_fen: int) -> list[dict[str, int]]:
    """Return by turn of joining how many got their price back."""
    rows = []
    for number in range(COHORTS):
        some = buyers[len(buyers) * number // COHORTS : len(buyers) * (number + 1) // COHORTS]
        back = sum(1 for place in some if earned[place] >= bought[place] * price_fen)
        rows.append({"people": len(some), "recovered_bps": _share(back, len(some))})
    return rows


def _stress(course: Course, seed: int) -> list[dict[str, int]]:
    """Everybody has taken what was available; then more and more of the packs come back."""
    book = course.book
    orders = [order for order in book.orders.values() if order.paid_at >= course.begins_at and not order.refunded]
    Random(seed).shuffle(orders)
    course.pay_everybody(book.now)
    debt_before = sum(member.debt for member in book.members.values())
    fund_before, expense_before = book.fund, book.expense
    rows: list[dict[str, int]] = []
    place = owed = 0
    for share in STRESSES_BPS:
        until = len(orders) * share // BPS
        for order in orders[place:until]:
            owed += order.packs * book.plans[order.version].pack_price_fen
            book.refund(book.now, order.id)
        place = until
        back = expense_before - book.expense
        debt = sum(member.debt for member in book.members.values()) - debt_before
        fund = fund_before - book.fund
        rows.append(
            {
                "share_bps": share,
                "packs": place,
                "refund_fen": owed,
                "back_fen": back,
                "unpaid_fen": back - debt - fund,
                "fund_fen": fund,
                "debt_fen": debt,
            }
        )
    return rows


def _top(by_buyer: list[int], part: int) -> int:
    best = by_buyer[len(by_buyer) - (len(by_buyer) + part - 1) // part :]
    return _share(sum(best), sum(by_buyer))


def _gini(by_buyer: list[int]) -> int:
    """0: everybody has the same; 10,000: one has all."""
    count, total = len(by_buyer), sum(by_buyer)
    if not total:
        return 0
    weighted = sum(place * amount for place, amount in enumerate(by_buyer, start=1))
    return (2 * weighted - (count + 1) * total) * BPS // (count * total)


def _share(part: int, whole: int) -> int:
    return part * BPS // whole if whole > 0 else 0
