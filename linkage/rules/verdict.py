"""Why a referrer gets no direct reward for an order: the rules are run on it, and what they looked at is read off."""

from __future__ import annotations

from .engine import AGENT, CONSUMER, DIRECT, PARTNER, Book
from .plan import Plan

EARNS, UNRANKED, REPEAT, NONE_PLANNED = "earns", "unranked", "repeat", "none_planned"


def direct_verdict(plan: Plan, *, packs: int, first_packs: int, referrer_packs: int, referrer_is_partner: bool) -> str:
    """Settle an order of `packs` gift packs (`first_packs` of them the buyer's first) whose referrer had
    `referrer_packs` standing ones, and say whether it earns the direct reward, or else the condition that failed."""
    book = Book({1: plan})
    referrer = book.join(0, "referrer", None)
    buyer = book.join(0, "buyer", "referrer")
    referrer.packs = referrer_packs
    if referrer_is_partner:
        referrer.rank, referrer.valid_referrals = PARTNER, plan.promotion_referrals
    elif referrer_packs:
        referrer.rank = AGENT
    if not first_packs:
        buyer.rank, buyer.packs = AGENT, 1
    acting = book.acting(referrer, plan)
    order = book.order(0, "order", "buyer", packs)
    if any(reward.kind is DIRECT and reward.member == "referrer" for reward in order.rewards):
        return EARNS
    if acting == CONSUMER:
        return UNRANKED
    return NONE_PLANNED if first_packs else REPEAT
