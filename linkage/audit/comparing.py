"""The second half of the audit: what the replay makes, held against the rows and the ledger."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from ledger.models import AccountKind
from ledger.queries import balance_fen
from linkage.models import HOLD_NAMES, KIND_NAMES
from linkage.queries.maturing import wrong_maturing_sums
from linkage.rules import engine

from .replaying import Replay

_MEMBER_ACCOUNTS = {
    AccountKind.PENDING: "pending",
    AccountKind.HELD: "held",
    AccountKind.AVAILABLE: "available",
    AccountKind.WITHDRAWING: "withdrawing",
    AccountKind.DEBT: "debt",
}


def findings(outcome: Replay) -> Iterator[str]:
    """Compare the replay with the rows and the ledger; yield one sentence for each difference."""
    yield from outcome.findings
    yield from _compare_members(outcome)
    yield from _compare_orders(outcome)
    yield from _compare_moves(outcome)
    yield from _compare_rewards(outcome)
    yield from _compare_commissions(outcome)
    yield from _compare_balances(outcome)
    yield from wrong_maturing_sums()


def _rows(sql: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(5000):
            yield from rows


def _differences(what: str, names: tuple[str, ...], ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> Iterator[str]:
    for name, our, their in zip(names, ours, theirs, strict=True):
        if our != their:
            yield f"{what}: {name} is {their!r} in the database, the replay makes it {our!r}"


def _compare_members(outcome: Replay) -> Iterator[str]:
    spots = {}
    for book in outcome.books.values():
        spots.update(_strands(book))
    ours = {
        member.id: (
            shard,
            member.referrer,
            member.rank,
            member.leader,
            member.packs,
            member.valid_referrals,
            member.counted,
            member.tasks_done,
            len(member.recruits or ()),
            *spots[member.id],
        )
        for shard, book in outcome.books.items()
        for member in book.members.values()
    }
    names = (
        "shard",
        "referrer",
        "rank",
        "leader",
        "packs",
        "valid referrals",
        "counted",
        "tasks done",
        "recruits",
        "strand",
        "place",
    )
    for member_id, *theirs in _rows(
        "SELECT member_id, shard, referrer_id, rank, leader_id, packs, valid_referrals, counted, tasks_done, recruits,"
        " strand_id, place"
        " FROM linkage_position ORDER BY member_id"
    ):
        our = ours.pop(member_id, None)
        if our is None:
            yield f"member {member_id} has a standing, but no event made it"
            continue
        yield from _differences(f"member {member_id}", names, our, tuple(theirs))
    for member_id in ours:
        yield f"member {member_id} joined, but has no standing"


def _strands(book: engine.Book) -> dict[Any, tuple[Any, int]]:
    """Return strand and place of every member, who are in the order in which they joined."""
    spots: dict[Any, tuple[Any, int]] = {}
    for member in book.members.values():
        referrer = book.members.get(member.referrer)
        if referrer is not None and referrer.recruits is not None and referrer.recruits[0] is member:
            strand, place = spots[referrer.id]
            spots[member.id] = (strand, place + 1)
        else:
            spots[member.id] = (member.id, 0)
    return spots


def _compare_orders(outcome: Replay) -> Iterator[str]:
    ours = {
        order.id: (
            order.member,
            order.packs,
            order.first_packs,
            order.version,
            order.paid_at,
            order.received_at,
            order.matured,
            order.refunded,
        )
        for order in outcome.orders
    }
    names = ("buyer", "packs", "first packs", "plan version", "paid at", "received at", "matured", "refunded")
    for order_id, *theirs in _rows(
        "SELECT order_id, member_id, packs, first_packs, plan_version, extract(epoch FROM paid_at)::bigint,"
        " extract(epoch FROM received_at)::bigint, matured, refunded_at IS NOT NULL"
        " FROM linkage_settledorder ORDER BY order_id"
    ):
        our = ours.pop(order_id, None)
        if our is None:
            yield f"order {order_id} is settled, but no event made it"
            continue
        yield from _differences(f"order {order_id}", names, our, tuple(theirs))
    for order_id in ours:
        yield f"order {order_id} was settled, but its row is missing"


def _compare_moves(outcome: Replay) -> Iterator[str]:
    ours = {
        (move.order, move.member): (move.kind, move.from_leader, move.to_leader, move.at) for move in outcome.team_moves
    }
    names = ("kind", "former leader", "new leader", "time")
    for order_id, member_id, *theirs in _rows(
        "SELECT order_id, member_id, kind, from_leader_id, to_leader_id, extract(epoch FROM at)::bigint"
        " FROM linkage_teammove ORDER BY id"
    ):
        our = ours.pop((order_id, member_id), None)
        if our is None:
            yield f"member {member_id} left a team by order {order_id}, but no event made it"
            continue
        yield from _differences(f"move of member {member_id} by order {order_id}", names, our, tuple(theirs))
    for order_id, member_id in ours:
        yield f"member {member_id} left a team by order {order_id}, but no row says so: linkage_moves writes it"


def _compare_rewards(outcome: Replay) -> Iterator[str]:
    ours = {
        (reward.order.id, int(KIND_NAMES[reward.kind])): (
            reward.member,
            reward.amount,
            reward.held,
            reward.seed,
            int(HOLD_NAMES[reward.hold]),
            reward.reversed,
            reward.acting,
            reward.first_fen,
            reward.further_fen,
            (reward.via[0], reward.via[-1]),
        )
        for order in outcome.orders
        for reward in order.rewards
    }
    names = (
        "member",
        "amount",
        "held",
        "seed",
        "hold",
        "reversed",
        "acting rank",
        "first pack",
        "further pack",
        "way",
    )
    for order_id, kind, *theirs, first, last in _rows(
        "SELECT order_id, kind, member_id, amount_fen, held_fen, seed_id, hold, reversed, acting, first_fen,"
        " further_fen,"
        " via[1], via[array_upper(via, 1)] FROM linkage_reward ORDER BY order_id, kind"
    ):
        our = ours.pop((order_id, kind), None)
        if our is None:
            yield f"order {order_id} has a reward of kind {kind} that no event made"
            continue
        yield from _differences(f"reward of order {order_id}, kind {kind}", names, our, (*theirs, (first, last)))
    for order_id, kind in ours:
        yield f"order {order_id} lacks its reward of kind {kind}"


def _compare_commissions(outcome: Replay) -> Iterator[str]:
    ours = {
        commission.id: (
            commission.order,
            commission.member,
            commission.net,
            commission.bps,
            commission.days,
            commission.kept,
            commission.amount,
            commission.paid_at,
            commission.received_at,
            commission.matured,
            commission.net * commission.bps // engine.BPS - commission.amount,
        )
        for book in outcome.books.values()
        for commission in book.commissions.values()
    }
    names = ("order", "member", "net", "share", "days", "kept", "amount", "paid at", "received at", "matured", "cut")
    for line_id, *theirs in _rows(
        "SELECT line_id, order_id, member_id, net_fen, bps, days, kept_fen, amount_fen,"
        " extract(epoch FROM paid_at)::bigint, extract(epoch FROM received_at)::bigint, matured,"
        " (SELECT coalesce(sum(cut.amount_fen), 0)::bigint FROM linkage_commissioncut cut"
        " WHERE cut.commission_id = line_id)"
        " FROM linkage_commission ORDER BY line_id"
    ):
        our = ours.pop(line_id, None)
        if our is None:
            yield f"line {line_id} has a commission that no event made"
            continue
        yield from _differences(f"commission of line {line_id}", names, our, tuple(theirs))
    for line_id in ours:
        yield f"line {line_id} lacks its commission"


def _compare_balances(outcome: Replay) -> Iterator[str]:
    ours = {
        (member.id, kind.value): amount
        for member in outcome.members
        for kind, name in _MEMBER_ACCOUNTS.items()
        if (amount := getattr(member, name))
    }
    for holder_id, kind, balance in _rows(
        "SELECT holder_id, kind, balance_fen FROM ledger_account WHERE kind <= 5 AND balance_fen <> 0"
        " ORDER BY holder_id, kind"
    ):
        our = ours.pop((holder_id, kind), 0)
        if our != balance:
            name = _MEMBER_ACCOUNTS[AccountKind(kind)]
            yield f"member {holder_id}: {name} is {balance} fen, the replay makes it {our}"
    for (holder_id, kind), our in ours.items():
        yield f"member {holder_id}: {_MEMBER_ACCOUNTS[AccountKind(kind)]} is 0 fen, the replay makes it {our}"
    sums = {
        AccountKind.SUPPORT_FUND: outcome.fund,
        AccountKind.REWARD_EXPENSE: sum(book.expense for book in outcome.books.values()),
        AccountKind.COMMISSION_EXPENSE: sum(book.commission for book in outcome.books.values()),
        AccountKind.ADJUSTMENT_EXPENSE: sum(book.adjusted for book in outcome.books.values()),
        AccountKind.WITHDRAWAL_FEE: sum(book.fee for book in outcome.books.values()),
        AccountKind.TAX_PAYABLE: sum(book.tax for book in outcome.books.values()),
    }
    for account, our in sums.items():
        balance = balance_fen(kind=account)
        if balance != our:
            yield f"{account.name.lower()}: the ledger holds {balance} fen, the replay makes it {our}"
