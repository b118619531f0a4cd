"""Who earns what under a plan: the figures by which an owner judges it. Shares are in basis points, rounded down."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from .engine import ACTIVE, FORFEITED, PARTNER, Book
from .plan import BPS, Plan


@dataclass(frozen=True, slots=True)
class Summary:
    """A buyer is a member with a gift pack that was not returned. What one earned is its rewards without those that
    were reversed and without holds that were forfeited; `frozen_fen` of it is still held."""

    members: int
    buyers: int
    partners: int
    earned_nothing_bps: int
    recovered_price_bps: int
    top_percent_bps: int
    revenue_fen: int
    reward_expense_fen: int
    payout_bps: int
    support_fund_fen: int
    frozen_fen: int
    earned_median_fen: int
    balance_median_fen: int
    earned_max_fen: int
    depth_median: int
    depth_max: int
    teams: int
    team_size_median: int
    team_size_max: int
    team_depth_median: int
    team_depth_max: int


def summary_of(book: Book, plan: Plan) -> Summary:
    """Sum a book up. Medians are the lower of the two in the middle; what there is none of counts as zero.

    `top_percent_bps` is what the best hundredth of the buyers (at least one) earned of all that members earned.
    Depths count members: one who joined without a referrer stands at depth 1, a partner's own recruit at team depth 1.
    """
    earned, frozen = _earnings(book)
    buyers = [member for member in book.members.values() if member.packs]
    by_buyer = sorted(earned[member.id] for member in buyers)
    balances = [earned[member.id] - member.packs * plan.pack_price_fen for member in buyers]
    best = by_buyer[len(by_buyer) - (len(by_buyer) + 99) // 100 :]
    revenue_fen = plan.pack_price_fen * sum(member.packs for member in buyers)

    depths = _depths(book)
    teams = Counter(member.leader for member in book.members.values() if member.leader is not None)
    team_depths = [
        depths[id] - depths[member.leader] for id, member in book.members.items() if member.leader is not None
    ]

    return Summary(
        members=len(book.members),
        buyers=len(buyers),
        partners=sum(1 for member in book.members.values() if member.rank == PARTNER),
        earned_nothing_bps=_share(by_buyer.count(0), len(buyers)),
        recovered_price_bps=_share(sum(1 for balance in balances if balance >= 0), len(buyers)),
        top_percent_bps=_share(sum(best), earned.total()),
        revenue_fen=revenue_fen,
        reward_expense_fen=book.expense,
        payout_bps=_share(book.expense, revenue_fen),
        support_fund_fen=book.fund,
        frozen_fen=frozen,
        earned_median_fen=_median(by_buyer),
        balance_median_fen=_median(balances),
        earned_max_fen=max(by_buyer, default=0),
        depth_median=_median(list(depths.values())),
        depth_max=max(depths.values(), default=0),
        teams=len(teams),
        team_size_median=_median(list(teams.values())),
        team_size_max=max(teams.values(), default=0),
        team_depth_median=_median(team_depths),
        team_depth_max=max(team_depths, default=0),
    )


def _earnings(book: Book) -> tuple[Counter[Any], int]:
    """Return what each member earned, and how much of it all is still held."""
    earned: Counter[Any] = Counter()
    frozen = 0
    for order in book.orders.values():
        for reward in order.rewards:
            if reward.reversed or reward.member is None:
                continue
            earned[reward.member] += reward.amount - (reward.held if reward.hold == FORFEITED else 0)
            frozen += reward.held if reward.hold == ACTIVE else 0
    return earned, frozen


def _depths(book: Book) -> dict[Any, int]:
    depths: dict[Any, int] = {}
    # Members stand in the order in which they joined, a referrer before its recruits.
    for id, member in book.members.items():
        depths[id] = 1 if member.referrer is None else depths[member.referrer] + 1
    return depths


def _share(part: int, whole: int) -> int:
    return part * BPS // whole if whole > 0 else 0


def _median(values: list[int]) -> int:
    return median_low(values) if values else 0
