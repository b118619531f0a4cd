"""Rows as settlement reads them."""

from typing import NamedTuple


class EventRow(NamedTuple):
    id: int
    kind: str
    at: int
    member_id: int | None
    referrer_id: int | None
    order_id: int | None
    reference: str
    packs: int | None
    plan_version: int | None
    amount_fen: int | None
    min_fen: int | None
    fee_bps: int | None
    tax_bps: int | None
    approved: bool | None
    plan_row: str | None
    due_at: int | None
    commission_due_at: int | None
    line_id: int | None
    commission_bps: int | None
    cooling_off_days: int | None
    fee_fen: int | None
    tax_fen: int | None


class OrderRow(NamedTuple):
    """A settled order as it stands in its row."""

    id: int
    member_id: int
    packs: int
    first_packs: int
    version: int
    paid_at: int
    received_at: int | None
    matures_at: int | None
    matured: bool
    holds_expire_at: int | None
    refunded: bool


class RewardRow(NamedTuple):
    id: int
    kind: int
    member_id: int | None
    amount_fen: int
    held_fen: int
    seed_id: int
    hold: int
    reversed: bool


class CommissionRow(NamedTuple):
    """The commission of one order line as it stands in its row."""

    line_id: int
    order_id: int
    member_id: int
    net_fen: int
    bps: int
    days: int
    kept_fen: int
    paid_at: int
    received_at: int | None
    matures_at: int | None
    matured: bool


class MemberRow(NamedTuple):
    """A member's standing. `strand` and `place` say where it stands in the referral tree (`Position`)."""

    id: int
    referrer_id: int | None
    rank: int
    leader_id: int | None
    packs: int
    valid_referrals: int
    counted: bool
    tasks_done: bool
    recruits: int
    strand: int
    place: int


# A strand, and a place in it.
Spot = tuple[int, int]
