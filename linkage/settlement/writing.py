"""What a batch leaves behind, written in a fixed number of statements however many events it had."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from ledger.commands import Entry, Line, write_entries
from ledger.models import AccountKind
from linkage.models import HOLD_NAMES, KIND_NAMES, EventKind
from linkage.rules import engine
from mall.core import arrays, statements
from payouts.commands import OpenedWithdrawal, open_withdrawals

from .book import LoadedBook, LoadedMember
from .holders import cash_holders_of, holder_of
from .loading import Loaded
from .maturing import MATURING, maturing_changes

if TYPE_CHECKING:
    from .settle import Batch

_ACCOUNTS: dict[str, int] = {
    engine.PENDING: AccountKind.PENDING,
    engine.HELD: AccountKind.HELD,
    engine.AVAILABLE: AccountKind.AVAILABLE,
    engine.WITHDRAWING: AccountKind.WITHDRAWING,
    engine.DEBT: AccountKind.DEBT,
    engine.FUND: AccountKind.SUPPORT_FUND,
    engine.EXPENSE: AccountKind.REWARD_EXPENSE,
    engine.COMMISSION: AccountKind.COMMISSION_EXPENSE,
    engine.ADJUSTMENT: AccountKind.ADJUSTMENT_EXPENSE,
    engine.CASH: AccountKind.CASH,
    engine.FEE: AccountKind.WITHDRAWAL_FEE,
    engine.TAX: AccountKind.TAX_PAYABLE,
}

# Plain numbers, as array literals need them.
_ACCOUNTS = {name: int(kind) for name, kind in _ACCOUNTS.items()}
_KINDS = {name: int(kind) for name, kind in KIND_NAMES.items()}
_HOLDS = {name: int(hold) for name, hold in HOLD_NAMES.items()}

# What a batch leaves besides money, each part where there is something of it; together they are one statement.
_SETTLED = """settled AS (
    INSERT INTO linkage_settledorder (order_id, shard, member_id, packs, first_packs, plan_version, paid_at,
        received_at, matures_at, matured, holds_expire_at, refunded_at)
    SELECT id, %s, member_id, packs, first_packs, version, to_timestamp(paid_at), to_timestamp(received_at),
        to_timestamp(matures_at), matured, to_timestamp(holds_expire_at), to_timestamp(refunded_at)
    FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::smallint[], %s::int[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bool[], %s::bigint[], %s::bigint[])
        AS o(id, member_id, packs, first_packs, version, paid_at, received_at, matures_at, matured, holds_expire_at,
            refunded_at)
)"""

_REWARDED = """rewarded AS (
    INSERT INTO linkage_reward (order_id, kind, member_id, amount_fen, held_fen, seed_id, hold, reversed, acting,
        first_fen, further_fen, via, hold_ended_at, held_until, reversed_at)
    SELECT order_id, kind, member_id, amount_fen, held_fen, seed_id, hold, reversed_at IS NOT NULL, acting, first_fen,
        further_fen, via::bigint[], to_timestamp(hold_ended_at), to_timestamp(held_until), to_timestamp(reversed_at)
    FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[],
        %s::smallint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
        WITH ORDINALITY AS r(order_id, kind, member_id, amount_fen, held_fen, seed_id, hold, acting, first_fen,
            further_fen, via, hold_ended_at, held_until, reversed_at, place)
    ORDER BY place
)"""

_STANDING = """standing AS (
    UPDATE linkage_position AS p SET rank = s.rank, leader_id = s.leader_id, packs = s.packs,
        valid_referrals = s.valid_referrals, counted = s.counted, tasks_done = s.tasks_done, recruits = s.recruits,
        agent_at = coalesce(p.agent_at, to_timestamp(s.agent_at)),
        partner_at = coalesce(p.partner_at, to_timestamp(s.partner_at))
    FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::int[], %s::int[], %s::bool[], %s::bool[], %s::int[],
        %s::bigint[], %s::bigint[])
        AS s(member_id, rank, leader_id, packs, valid_referrals, counted, tasks_done, recruits, agent_at, partner_at)
    WHERE p.member_id = s.member_id
)"""

_JOINED = """joined AS (
    INSERT INTO linkage_position (member_id, shard, rank, leader_id, packs, valid_referrals, counted, tasks_done,
        recruits, agent_at, partner_at, referrer_id, strand_id, place)
    SELECT member_id, %s, rank, leader_id, packs, valid_referrals, counted, tasks_done, recruits,
        to_timestamp(agent_at), to_timestamp(partner_at), referrer_id, strand_id, place
    FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::int[], %s::int[], %s::bool[], %s::bool[], %s::int[],
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[])
        AS s(member_id, rank, leader_id, packs, valid_referrals, counted, tasks_done, recruits, agent_at, partner_at,
            referrer_id, strand_id, place)
    ORDER BY member_id
)"""

_SOLD = """sold AS (
    INSERT INTO linkage_commission (line_id, order_id, shard, member_id, net_fen, bps, days, first_fen, kept_fen,
        amount_fen, paid_at, received_at, matures_at, matured)
    SELECT id, order_id, %s, member_id, net_fen, bps, days, net_fen * bps / 10000, kept_fen, kept_fen * bps / 10000,
        to_timestamp(paid_at), to_timestamp(received_at), to_timestamp(matures_at), matured
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[], %s::smallint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[])
        AS s(id, order_id, member_id, net_fen, bps, days, kept_fen, paid_at, received_at, matures_at, matured)
)"""

_CHANGED_SALES = """kept AS (
    UPDATE linkage_commission AS c SET kept_fen = s.kept_fen, amount_fen = s.kept_fen * c.bps / 10000,
        received_at = to_timestamp(s.received_at), matures_at = to_timestamp(s.matures_at), matured = s.matured
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[])
        AS s(id, kept_fen, received_at, matures_at, matured)
    WHERE c.line_id = s.id
)"""

_CUTS = """cut AS (
    INSERT INTO linkage_commissioncut (commission_id, member_id, kept_fen, amount_fen, at)
    SELECT id, member_id, kept_fen, amount_fen, to_timestamp(at)
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS s(id, member_id, kept_fen, amount_fen, at)
)"""

# Where somebody left a team: seldom, and then in the same statement.
_MOVED = """moved AS (
    INSERT INTO linkage_teammove (order_id, member_id, kind, from_leader_id, to_leader_id, at)
    SELECT order_id, member_id, kind, from_leader_id, to_leader_id, to_timestamp(at)
    FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS m(order_id, member_id, kind, from_leader_id, to_leader_id, at)
)"""

_CHANGED_ORDERS = f"""
WITH {MATURING}, o AS (
    UPDATE linkage_settledorder AS o SET received_at = to_timestamp(c.received_at), matures_at =
        to_timestamp(c.matures_at),
        matured = c.matured, holds_expire_at = to_timestamp(c.holds_expire_at),
        refunded_at = coalesce(o.refunded_at, to_timestamp(c.refunded_at))
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bool[], %s::bigint[], %s::bigint[])
        AS c(id, received_at, matures_at, matured, holds_expire_at, refunded_at)
    WHERE o.order_id = c.id
)
UPDATE linkage_reward AS r SET hold = c.hold, reversed = r.reversed OR c.reversed_at IS NOT NULL,
    reversed_at = coalesce(r.reversed_at, to_timestamp(c.reversed_at)),
    hold_ended_at = coalesce(r.hold_ended_at, CASE WHEN c.hold > 1 OR r.reversed OR c.reversed_at IS NOT NULL
        THEN to_timestamp(c.ended_at) END)
FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::bigint[]) AS c(id, hold, reversed_at, ended_at)
WHERE r.id = c.id
"""

# Everyone below the promoted whose title is agent, through consumers and agents, not into or through other partners.
_FOLLOW = """
WITH RECURSIVE below AS (
    SELECT p.member_id, p.rank, p.referrer_id AS leader_id FROM linkage_position p
    WHERE p.referrer_id = ANY (%s::bigint[]) AND p.rank < 2
    UNION ALL
    SELECT p.member_id, p.rank, below.leader_id
    FROM below JOIN linkage_position p ON p.referrer_id = below.member_id WHERE p.rank < 2
)
UPDATE linkage_position AS p SET leader_id = below.leader_id FROM below
WHERE p.member_id = below.member_id AND below.rank = 1
"""

_REFUSALS = """
UPDATE linkage_event AS e SET refusal = r.reason
FROM unnest(%s::bigint[], %s::text[]) AS r(id, reason) WHERE e.id = r.id
"""

_STREAM = """
WITH stream AS (
    INSERT INTO linkage_stream AS stream (id, last_number) VALUES (1, %(count)s)
    ON CONFLICT (id) DO UPDATE SET last_number = stream.last_number + excluded.last_number
    RETURNING stream.last_number - %(count)s AS base
), clock AS (
    UPDATE linkage_shard SET clock_at = to_timestamp(%(clock)s) WHERE id = %(shard)s
)"""

_NUMBERS = f"""{_STREAM}
UPDATE linkage_event AS e SET number = stream.base + s.place, effective_at = greatest(e.at, to_timestamp(s.at))
FROM unnest(%(events)s::bigint[], %(at)s::bigint[]) WITH ORDINALITY AS s(id, at, place), stream WHERE e.id = s.id
"""

_TICK = f"""{_STREAM}
INSERT INTO linkage_event (key, shard, kind, at, number, effective_at)
SELECT 'tick:' || (base + 1), %(shard)s, 'tick', to_timestamp(%(at)s), base + 1, to_timestamp(%(at)s) FROM stream
"""


def write_batch(loaded: Loaded, book: LoadedBook, batch: Batch) -> None:
    """Write the outcome of a batch. The caller holds the lock of the shard; the stream's number is taken last."""
    _write_entries(book)
    _write_outcome(loaded, book, batch)
    if book.took_along:
        _execute(_FOLLOW, [arrays.numbers(book.took_along)])
    _open_withdrawals(batch, loaded.shard)
    if batch.refused:
        events, reasons = zip(*batch.refused, strict=True)
        _execute(_REFUSALS, [arrays.numbers([event.id for event in events]), arrays.texts(reasons)])
    stream = {"clock": batch.clock, "shard": loaded.shard}
    if batch.tick is not None:
        _execute(_TICK, stream | {"count": 1, "at": batch.tick})
        return
    numbered = {
        "count": len(batch.settled),
        "events": arrays.numbers([event.id for event, _ in batch.settled]),
        "at": arrays.numbers([at for _, at in batch.settled]),
    }
    _execute(_NUMBERS, stream | numbered, keep=loaded.is_small)


def _write_entries(book: LoadedBook) -> None:
    if not book.entries:
        return
    accounts = _ACCOUNTS
    cash = cash_holders_of([str(reference) for kind, reference, _, _ in book.entries if kind == "payout"])
    write_entries(
        [
            Entry(
                kind,
                str(reference),
                datetime.fromtimestamp(at, UTC),
                [
                    Line(accounts[account], holder_of(account, member, cash.get(str(reference))), amount)
                    for account, member, amount in moves
                ],
            )
            for kind, reference, moves, at in book.entries
        ]
    )


def _order_state(book: LoadedBook, order: engine.Order) -> tuple[int | None, int | None, bool, int | None]:
    plan = book.plans[order.version]
    matures_at = expires_at = None
    if not order.refunded:
        if order.received_at is not None and not order.matured:
            matures_at = order.received_at + plan.cooling_off_days * engine.DAY
        if any(reward.hold is engine.ACTIVE for reward in order.rewards):
            expires_at = order.paid_at + plan.hold_days * engine.DAY
    return order.received_at, matures_at, order.matured, expires_at


def _write_outcome(loaded: Loaded, book: LoadedBook, batch: Batch) -> None:
    new_orders: list[tuple[Any, ...]] = []
    new_rewards: list[tuple[Any, ...]] = []
    changed_orders: list[tuple[Any, ...]] = []
    changed_rewards: list[tuple[Any, ...]] = []
    ended = book.hold_ended
    kinds, holds = _KINDS, _HOLDS
    for order in book.orders.values():
        received_at, matures_at, matured, expires_at = _order_state(book, order)
        row = loaded.orders.get(order.id)
        if row is None:
            new_orders.append(
                (
                    order.id,
                    order.member,
                    order.packs,
                    order.first_packs,
                    order.version,
                    order.paid_at,
                    received_at,
                    matures_at,
                    matured,
                    expires_at,
                    batch.refunded_at.get(order.id),
                )
            )
            for reward in order.rewards:
                new_rewards.append(
                    (
                        order.id,
                        kinds[reward.kind],
                        reward.member,
                        reward.amount,
                        reward.held,
                        reward.seed,
                        holds[reward.hold],
                        reward.acting,
                        reward.first_fen,
                        reward.further_fen,
                        "{" + ",".join(map(str, reward.via)) + "}",
                        ended.get(reward),
                        order.paid_at + book.plans[order.version].hold_days * engine.DAY if reward.held else None,
                        batch.refunded_at[order.id] if reward.reversed else None,
                    )
                )
            continue
        if (received_at, matures_at, matured, expires_at, order.refunded) != (
            row.received_at,
            row.matures_at,
            row.matured,
            row.holds_expire_at,
            row.refunded,
        ):
            changed_orders.append(
                (order.id, received_at, matures_at, matured, expires_at, batch.refunded_at.get(order.id))
            )
        for reward in order.rewards:
            reward_row = loaded.rewards_built[reward]
            hold = holds[reward.hold]
            if hold != reward_row.hold or reward.reversed != reward_row.reversed:
                reversed_at = batch.refunded_at.get(order.id) if reward.reversed else None
                changed_rewards.append((reward_row.id, hold, reversed_at, ended.get(reward)))
    parts: list[str] = []
    params: list[Any] = []
    if new_orders:
        parts.append(_SETTLED)
        params += [loaded.shard, *_columns(new_orders)]
    if new_rewards:
        *numbers, ways, ended_at, held_until, taken_back_at = zip(*new_rewards, strict=True)
        parts.append(_REWARDED)
        params += [*map(arrays.numbers, numbers), arrays.texts(ways)]
        params += map(arrays.numbers, (ended_at, held_until, taken_back_at))
    changed = [_standing(member) for member in book.changed.values() if not member.is_new]
    if changed:
        parts.append(_STANDING)
        params += _columns(changed)
    joined = [
        (*_standing(member), member.referrer, member.strand, member.place)
        for member in book.changed.values()
        if member.is_new
    ]
    if joined:
        parts.append(_JOINED)
        params += [loaded.shard, *_columns(joined)]
    if book.team_moves:
        parts.append(_MOVED)
        params += _columns(book.team_moves)
    _add_commissions(loaded, book, parts, params)
    maturing = maturing_changes(loaded, book)
    if maturing and not changed_orders and not changed_rewards:
        parts.append(MATURING)
        params += _columns(maturing)
    if parts:
        _execute(f"WITH {', '.join(parts)} SELECT", params, keep=loaded.is_small)
    if changed_orders or changed_rewards:
        _execute(
            _CHANGED_ORDERS,
            [*_columns(maturing, 4), *_columns(changed_orders, 6), *_columns(changed_rewards, 4)],
        )


def _add_commissions(loaded: Loaded, book: LoadedBook, parts: list[str], params: list[Any]) -> None:
    sold: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    for commission in book.commissions.values():
        row = loaded.commissions.get(commission.id)
        matures_at = None
        if commission.received_at is not None and not commission.matured:
            matures_at = commission.received_at + commission.days * engine.DAY
        state = (commission.kept, commission.received_at, matures_at, commission.matured)
        if row is None:
            head = (commission.id, commission.order, commission.member, commission.net, commission.bps, commission.days)
            sold.append((*head, commission.kept, commission.paid_at, *state[1:]))
        elif state != (row.kept_fen, row.received_at, row.matures_at, row.matured):
            changed.append((commission.id, *state))
    if sold:
        parts.append(_SOLD)
        params += [loaded.shard, *_columns(sold)]
    if changed:
        parts.append(_CHANGED_SALES)
        params += _columns(changed)
    if book.cuts:
        parts.append(_CUTS)
        params += _columns([(cut.id, cut.member, kept, back, at) for cut, kept, back, at in book.cuts])


def _standing(member: LoadedMember) -> tuple[Any, ...]:
    return (
        member.id,
        member.rank,
        member.leader,
        member.packs,
        member.valid_referrals,
        member.counted,
        member.tasks_done,
        member.recruit_count,
        member.agent_at,
        member.partner_at,
    )


def _open_withdrawals(batch: Batch, shard: int) -> None:
    accepted = [event for event, _ in batch.settled if event.kind == EventKind.WITHDRAW]
    if accepted:
        open_withdrawals(
            [
                OpenedWithdrawal(
                    number=event.reference,
                    member_id=event.member_id or 0,
                    shard=shard,
                    amount_fen=event.amount_fen or 0,
                    fee_bps=event.fee_bps or 0,
                    tax_bps=event.tax_bps or 0,
                    fee_fen=engine.withheld(event.amount_fen or 0, event.fee_bps or 0, event.fee_fen),
                    tax_fen=engine.withheld(event.amount_fen or 0, event.tax_bps or 0, event.tax_fen),
                    at=datetime.fromtimestamp(event.at, UTC),
                )
                for event in accepted
            ]
        )


def _columns(rows: list[tuple[Any, ...]], width: int = 0) -> list[str]:
    """Return the columns of some rows of numbers as array literals."""
    return [arrays.numbers(column) for column in zip(*rows, strict=True)] if rows else ["{}"] * width


def _execute(sql: str, params: Any, *, keep: bool = False) -> None:
    with connection.cursor() as cursor:
        statements.run(cursor, sql, params, keep=keep)
