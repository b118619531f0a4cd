"""Malls with many members, built by settling events: shapes of referral trees, and the orders to be settled in them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import connection, transaction

from linkage.commands import (
    acknowledge_compliance,
    ask_simulation,
    draft_plan,
    publish_plan,
    run_simulation,
    submit_plan,
)
from linkage.models import RunKind
from linkage.rules.compliance import TEXT_VERSION
from linkage.settlement import drain_shard
from members.commands import NewMember, import_members
from members.models import Member

SHARD = 0
# A few days ago, so that nothing is due when a worker with its own clock settles.
BEGAN_AT = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=6)
BOUGHT_AT = BEGAN_AT + timedelta(days=1)
MEASURED_AT = BEGAN_AT + timedelta(days=2)

# (number of the referrer among the members, or none; whether the member buys a gift pack)
Row = tuple[int | None, bool]
Shape = Callable[[int, Random], Iterator[Row]]

# So many of the founder's own recruits buy, and make a partner of it under any plan that is measured.
FOUNDERS = 60


def random_tree(size: int, chance: Random) -> Iterator[Row]:
    """Everybody was referred by somebody who came before, all alike; two in three have bought.

    Who made a partner of the founder refers nobody: below an agent without a leader nobody would earn.
    """
    yield from _founding(size)
    for number in range(FOUNDERS + 1, size):
        referrer = chance.randrange(FOUNDERS, number)
        yield 0 if referrer == FOUNDERS else referrer, chance.random() < 0.66


def tree_of_agents(size: int, chance: Random) -> Iterator[Row]:
    """The same tree, in which everybody has bought."""
    for referrer, _ in random_tree(size, chance):
        yield referrer, True


def chains_of_agents(size: int, chance: Random) -> Iterator[Row]:
    """Under the founder, chains of a thousand members each of whom referred the next; all have bought."""
    yield from _chains(size, everybody_buys=True)


def chains_of_consumers(size: int, chance: Random) -> Iterator[Row]:
    """The same chains, in which only the founder and its first recruits have bought."""
    yield from _chains(size, everybody_buys=False)


def star(size: int, chance: Random) -> Iterator[Row]:
    """All were referred by the founder; two in three have bought."""
    yield from _founding(size)
    for _ in range(FOUNDERS + 1, size):
        yield 0, chance.random() < 0.66


def _founding(size: int) -> Iterator[Row]:
    yield None, True
    for _ in range(min(FOUNDERS, size - 1)):
        yield 0, True


def _chains(size: int, *, everybody_buys: bool, length: int = 1000) -> Iterator[Row]:
    yield from _founding(size)
    for number in range(FOUNDERS + 1, size):
        begins = (number - FOUNDERS - 1) % length == 0
        yield 0 if begins else number - 1, everybody_buys


@dataclass(slots=True)
class Mall:
    """A built mall: members' ids in the order in which they joined."""

    database: str
    members: list[int] = field(default_factory=list)
    orders: int = 0


def found(mall: Mall, *, plan: dict[str, Any], at: datetime = BEGAN_AT) -> None:
    """Publish a version of the plan, in an empty mall version 1."""
    author, checker = (_operator(name) for name in ("author", "checker"))
    version = draft_plan(name="bench", params=plan, by=author).version
    inputs = {"size": 100, "seed": 1, "days": 30}
    run = ask_simulation(version=version, kind=RunKind.SYNTHETIC, inputs=inputs, by=author, at=at)
    run_simulation(run_id=run.pk, tick=lambda: at)
    acknowledge_compliance(version=version, text_version=TEXT_VERSION, by=author, at=at)
    submit_plan(version=version, by=author, at=at)
    publish_plan(version=version, starts_at=at, by=checker, at=at)


def _operator(name: str) -> Member:
    """Return an operator who stands in no tree."""
    values = {"nickname": name, "shard": SHARD, "is_staff": True, "is_superuser": True, "joined_at": BEGAN_AT}
    return Member.objects.get_or_create(public_id=f"bench-{name}", defaults=values)[0]


def populate(mall: Mall, rows: Iterable[Row], *, at: datetime = BEGAN_AT) -> list[int]:
    """Let members join, and those buy who buy, through the stream; return the ids of who joined."""
    first = len(mall.members)
    buyers = []
    for chunk in _chunks(rows, 5000):
        offset = len(mall.members)
        new = [
            NewMember(
                public_id=f"m{offset + place}",
                referrer=None if referrer is None else f"m{referrer}",
                joined_at=at,
            )
            for place, (referrer, _) in enumerate(chunk)
        ]
        joined = [member.pk for member in import_members(new, at=at, shard_of_roots=SHARD)]
        mall.members += joined
        buyers += [pk for pk, (_, buys) in zip(joined, chunk, strict=True) if buys]
        _put_joins(joined)
    drain_shard(SHARD, int(at.timestamp()))
    put_orders(mall, [(buyer, 1) for buyer in buyers], at=at + timedelta(days=1))
    drain_shard(SHARD, int((at + timedelta(days=1)).timestamp()))
    return mall.members[first:]


def put_orders(mall: Mall, wanted: Sequence[tuple[int, int]], *, at: datetime, version: int = 1) -> None:
    """Let members have paid for gift packs, (member, packs) each, and leave the events waiting."""
    if not wanted:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO suppliers_supplier (id, name, seal, slug, hue, is_active, created_at)
            VALUES (1000000, '量', '量', 'bench', 1, true, %s) ON CONFLICT DO NOTHING
            """,
            [BEGAN_AT],
        )
        cursor.execute(
            """
            WITH wanted AS (
                SELECT 'B' || (%(first)s + place) AS number, member_id, packs, place
                FROM unnest(%(members)s::bigint[], %(packs)s::int[]) WITH ORDINALITY AS row(member_id, packs, place)
            ), purchased AS (
                INSERT INTO orders_purchase (number, member_id, state, total_fen, placed_at, expires_at, paid_at,
                    idempotency_key)
                SELECT number, member_id, 'paid', 49900 * packs, %(at)s, %(at)s, %(at)s, number
                FROM wanted ORDER BY place
                RETURNING id, number
            ), paid AS (
                INSERT INTO orders_order (number, purchase_id, member_id, supplier_id, state, packs, goods_fen,
                    total_fen, supply_total_fen, placed_at, expires_at, paid_at, cooling_off_days, plan_version)
                SELECT number, purchased.id, member_id, 1000000, 'paid', packs, 49900 * packs, 49900 * packs,
                    15000 * packs, %(at)s, %(at)s, %(at)s, 7, %(version)s
                FROM wanted JOIN purchased USING (number) ORDER BY place
                RETURNING id, number
            )
            INSERT INTO linkage_event (key, shard, kind, at, member_id, order_id, reference, packs, plan_version)
            SELECT 'order:' || paid.id, %(shard)s, 'order', %(at)s, member_id, paid.id, number, wanted.packs,
                %(version)s
            FROM wanted JOIN paid USING (number) ORDER BY place
            """,
            {
                "first": mall.orders,
                "members": [member for member, _ in wanted],
                "packs": [packs for _, packs in wanted],
                "at": at,
                "shard": SHARD,
                "version": version,
            },
        )
    mall.orders += len(wanted)


def put_events(kind: str, first: int, last: int, *, at: datetime) -> None:
    """Let the orders from the one numbered `first` on, before `last`, be received or refunded; the events wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO linkage_event (key, shard, kind, at, member_id, order_id, reference)
            SELECT %(kind)s || ':' || order_id, shard, %(kind)s, %(at)s, member_id, order_id, reference
            FROM linkage_event WHERE kind = 'order' AND reference = ANY (%(numbers)s) ORDER BY id
            """,
            {"kind": kind, "at": at, "numbers": [f"B{number}" for number in range(first, last)]},
        )


def _put_joins(joined: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO linkage_event (key, shard, kind, at, member_id, referrer_id)
            SELECT 'join:' || id, shard, 'join', joined_at, id, referrer_id
            FROM members_member WHERE id = ANY (%s) ORDER BY id
            """,
            [list(joined)],
        )


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
