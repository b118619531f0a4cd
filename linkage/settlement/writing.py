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
from .statements import (
    CHANGED_ORDERS,
    CHANGED_SALES,
    CUTS,
    FOLLOW,
    JOINED,
    MOVED,
    NUMBERS,
    REFUSALS,
    REWARDED,
    SETTLED,
    SOLD,
    STANDING,
    TICK,
)

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


def write_batch(loaded: Loaded, book: LoadedBook, batch: Batch) -> None:
    """Write the outcome of a batch. The caller holds the lock of the shard; the stream's number is taken last."""
    _write_entries(book)
    _write_outcome(loaded, book, batch)
    if book.took_along:
        _execute(FOLLOW, [arrays.numbers(book.took_along)])
    _open_withdrawals(batch, loaded.shard)
    if batch.refused:
        events, reasons = zip(*batch.refused, strict=True)
        _execute(REFUSALS, [arrays.numbers([event.id for event in events]), arrays.texts(reasons)])
    stream = {"clock": batch.clock, "shard": loaded.shard}
    if batch.tick is not None:
        _execute(TICK, stream | {"count": 1, "at": batch.tick})
        return
    numbered = {
        "count": len(batch.settled),
        "events": arrays.numbers([event.id for event, _ in batch.settled]),
        "at": arrays.numbers([at for _, at in batch.settled]),
    }
    _execute(NUMBERS, stream | numbered, keep=loaded.is_small)


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
        parts.append(SETTLED)
        params += [loaded.shard, *_columns(new_orders)]
    if new_rewards:
        *numbers, ways, ended_at, held_until, taken_back_at = zip(*new_rewards, strict=True)
        parts.append(REWARDED)
        params += [*map(arrays.numbers, numbers), arrays.texts(ways)]
        params += map(arrays.numbers, (ended_at, held_until, taken_back_at))
    changed = [_standing(member) for member in book.changed.values() if not member.is_new]
    if changed:
        parts.append(STANDING)
        params += _columns(changed)
    joined = [
        (*_standing(member), member.referrer, member.strand, member.place)
        for member in book.changed.values()
        if member.is_new
    ]
    if joined:
        parts.append(JOINED)
        params += [loaded.shard, *_columns(joined)]
    if book.team_moves:
        parts.append(MOVED)
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
            CHANGED_ORDERS,
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
        parts.append(SOLD)
        params += [loaded.shard, *_columns(sold)]
    if changed:
        parts.append(CHANGED_SALES)
        params += _columns(changed)
    if book.cuts:
        parts.append(CUTS)
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
