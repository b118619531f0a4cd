"""What a batch touches, read in a handful of statements and kept as plain rows, so that the rules can start again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.db import connection

from ledger.models import AccountKind, account_id
from linkage.models import HOLD_NAMES, KIND_NAMES, EventKind
from linkage.rules import engine
from linkage.rules.plan import Plan
from mall.core import arrays, statements

from .book import LoadedBook, LoadedMember, Missing
from .plans import parsed_plans, plans_by_version
from .rows import CommissionRow, EventRow, OrderRow, RewardRow
from .tree import Tree

DUE_LIMIT = 1000
# Events that concern one member alone: nothing of the tree above matters.
_ALONE = frozenset({EventKind.SALE, EventKind.SALE_RECEIVED, EventKind.SALE_KEPT, EventKind.ADJUST, EventKind.FORGIVE})
NEVER = 1 << 62

KIND_OF = {number: name for name, number in KIND_NAMES.items()}
HOLD_OF = {number: name for name, number in HOLD_NAMES.items()}


_LOCK = "SELECT extract(epoch FROM clock_at)::bigint FROM linkage_shard WHERE id = %s FOR UPDATE"

# With each event which row its plan was read from, so that a plan is parsed once and its row need not be read again;
# and, the same for all, when the next order and the next commission of the shard fall due.
_WAITING = """
SELECT event.id, kind, extract(epoch FROM at)::bigint, member_id, referrer_id, order_id, reference, packs, plan_version,
    amount_fen, min_fen, fee_bps, tax_bps, approved, plan.xmin::text,
    (SELECT extract(epoch FROM least(
        (SELECT min(matures_at) FROM linkage_settledorder WHERE shard = %(shard)s),
        (SELECT min(holds_expire_at) FROM linkage_settledorder WHERE shard = %(shard)s)
    ))::bigint),
    (SELECT extract(epoch FROM min(matures_at))::bigint FROM linkage_commission WHERE shard = %(shard)s),
    line_id, commission_bps, cooling_off_days, fee_fen, tax_fen
FROM linkage_event event LEFT JOIN linkage_planversion plan ON plan.version = event.plan_version
WHERE shard = %(shard)s AND number IS NULL AND refusal = '' ORDER BY event.id LIMIT %(limit)s
"""

_ORDERS = """
WITH wanted AS (
    (SELECT order_id FROM linkage_settledorder WHERE shard = %(shard)s AND matures_at <= to_timestamp(%(until)s)
        ORDER BY matures_at LIMIT %(limit)s)
    UNION
    (SELECT order_id FROM linkage_settledorder WHERE shard = %(shard)s AND holds_expire_at <= to_timestamp(%(until)s)
        ORDER BY holds_expire_at LIMIT %(limit)s)
    UNION
    SELECT unnest(%(orders)s::bigint[])
    UNION
    SELECT order_id FROM linkage_reward WHERE seed_id = ANY (%(seeds)s::bigint[]) AND hold = 1 AND NOT reversed
)
SELECT o.order_id, o.member_id, o.packs, o.first_packs, o.plan_version, extract(epoch FROM o.paid_at)::bigint,
    extract(epoch FROM o.received_at)::bigint, extract(epoch FROM o.matures_at)::bigint, o.matured,
    extract(epoch FROM o.holds_expire_at)::bigint, o.refunded_at IS NOT NULL,
    r.id, r.kind, r.member_id, r.amount_fen, r.held_fen, r.seed_id, r.hold, r.reversed
FROM wanted JOIN linkage_settledorder o USING (order_id) LEFT JOIN linkage_reward r ON r.order_id = o.order_id
ORDER BY o.order_id, r.id
"""


_COMMISSIONS = """
WITH wanted AS (
    (SELECT line_id FROM linkage_commission WHERE shard = %(shard)s AND matures_at <= to_timestamp(%(until)s)
        ORDER BY matures_at LIMIT %(limit)s)
    UNION
    SELECT line_id FROM linkage_commission WHERE order_id = ANY (%(orders)s::bigint[])
    UNION
    SELECT unnest(%(lines)s::bigint[])
)
SELECT line_id, order_id, member_id, net_fen, bps, days, kept_fen, extract(epoch FROM paid_at)::bigint,
    extract(epoch FROM received_at)::bigint, extract(epoch FROM matures_at)::bigint, matured
FROM wanted JOIN linkage_commission USING (line_id) ORDER BY line_id
"""


class Loaded:
    """The rows that one batch works on."""

    def __init__(self, shard: int, clock: int) -> None:
        self.shard = shard
        self.clock = clock
        self.plans: dict[int, Plan] = {}
        self.events: list[EventRow] = []
        self.tree = Tree()
        self.balances: dict[int, tuple[int, int]] = {}
        self.orders: dict[int, OrderRow] = {}
        self.rewards: dict[int, list[RewardRow]] = {}
        self.commissions: dict[int, CommissionRow] = {}
        self.withdrawals: dict[str, tuple[int, int, int, int, bool]] = {}
        self.fund_fen: int | None = None
        self.rewards_built: dict[engine.Reward, RewardRow] = {}

    def book(self) -> LoadedBook:
        """Return the rules over these rows, as they were when the batch began."""
        book = LoadedBook(self.plans, self.clock, self.tree)
        members: dict[Any, engine.Member] = book.members
        balances = self.balances
        for row in self.tree.members.values():
            member = LoadedMember(row[0], row[1])
            (
                _,
                _,
                member.rank,
                member.leader,
                member.packs,
                member.valid_referrals,
                member.counted,
                member.tasks_done,
                member.recruit_count,
                member.strand,
                member.place,
            ) = row
            if row[0] in balances:
                member.funded = True
                member.available, member.debt = balances[row[0]]
            members[row[0]] = member
        self.rewards_built = {}
        for order_row in self.orders.values():
            self._build_order(book, order_row)
        for commission_row in self.commissions.values():
            self._build_commission(book, commission_row)
        for number, (member_id, amount, fee, tax, decided) in self.withdrawals.items():
            withdrawal = engine.Withdrawal(number, member_id, amount, fee, tax)
            withdrawal.decided = decided
            book.withdrawals[number] = withdrawal
        book.fund = self.fund_fen or 0
        return book

    def _build_order(self, book: LoadedBook, row: OrderRow) -> None:
        order = engine.Order(row.id, row.member_id, row.packs, row.version, row.paid_at, row.first_packs)
        order.received_at = row.received_at
        order.matured = row.matured
        order.refunded = row.refunded
        for reward_row in self.rewards.get(row.id, ()):
            reward = engine.Reward(
                order,
                KIND_OF[reward_row.kind],
                reward_row.member_id,
                reward_row.amount_fen,
                reward_row.seed_id,
                0,
                0,
                0,
                (),
            )
            reward.held = reward_row.held_fen
            reward.hold = HOLD_OF[reward_row.hold]
            reward.reversed = reward_row.reversed
            order.rewards.append(reward)
            self.rewards_built[reward] = reward_row
            if reward.hold is engine.ACTIVE and not reward.reversed:
                book._hold(reward)
        book.orders[row.id] = order
        if row.matures_at is not None:
            book._put_due(row.matures_at, engine.MATURE, order.id)
        if row.holds_expire_at is not None:
            book._put_due(row.holds_expire_at, engine.EXPIRE, order.id)

    def _build_commission(self, book: LoadedBook, row: CommissionRow) -> None:
        commission = engine.Commission(
            row.line_id, row.order_id, row.member_id, row.net_fen, row.bps, row.days, row.paid_at
        )
        commission.kept = row.kept_fen
        commission.amount = row.kept_fen * row.bps // engine.BPS
        commission.received_at = row.received_at
        commission.matured = row.matured
        book._keep_commission(commission)
        if row.matures_at is not None:
            book._put_due(row.matures_at, engine.EARN, row.line_id)

    @property
    def is_small(self) -> bool:
        return len(self.events) + len(self.orders) + len(self.commissions) <= statements.FEW

    @property
    def is_empty(self) -> bool:
        return not (self.events or self.orders or self.commissions)

    # Reading

    def take_events(self, limit: int) -> None:
        with connection.cursor() as cursor:
            statements.run(cursor, _WAITING, {"shard": self.shard, "limit": limit}, keep=True)
            self.events = [EventRow._make(row) for row in cursor.fetchall()]

    def take_due(self, until: int) -> int:
        """Load the orders and commissions that the events name or that fall due by `until`; return the time up to which
        all that is due was loaded, which is earlier than `until` where too much falls due for one batch."""
        return min(_whole(self._take_orders, until), _whole(self._take_commissions, until))

    def _take_orders(self, until: int, limit: int) -> int | None:
        named = [event.order_id for event in self.events if event.kind in (EventKind.RECEIVE, EventKind.REFUND)]
        seeds = [event.member_id for event in self.events if event.kind == EventKind.TASKS_DONE]
        if self.events and not named and not seeds and (self.events[0].due_at or NEVER) > until:
            return until
        with connection.cursor() as cursor:
            cursor.execute(
                _ORDERS,
                {
                    "shard": self.shard,
                    "until": until,
                    "limit": limit,
                    "orders": arrays.numbers(named),
                    "seeds": arrays.numbers(seeds),
                },
            )
            rows = cursor.fetchall()
        self.orders = {}
        self.rewards = {}
        for row in rows:
            if row[0] not in self.orders:
                self.orders[row[0]] = OrderRow._make(row[:11])
                self.rewards[row[0]] = []
            if row[11] is not None:
                self.rewards[row[0]].append(RewardRow._make(row[11:]))
        orders = self.orders.values()
        return _complete(
            until, limit, [order.matures_at for order in orders], [order.holds_expire_at for order in orders]
        )

    def _take_commissions(self, until: int, limit: int) -> int | None:
        named = [event.order_id for event in self.events if event.kind == EventKind.SALE_RECEIVED]
        lines = [event.line_id for event in self.events if event.kind == EventKind.SALE_KEPT]
        if self.events and not named and not lines and (self.events[0].commission_due_at or NEVER) > until:
            return until
        wanted = {"shard": self.shard, "until": until, "limit": limit}
        with connection.cursor() as cursor:
            cursor.execute(_COMMISSIONS, wanted | {"orders": arrays.numbers(named), "lines": arrays.numbers(lines)})
            self.commissions = {row[0]: CommissionRow._make(row) for row in cursor.fetchall()}
        return _complete(until, limit, [row.matures_at for row in self.commissions.values()])

    def take_plans(self) -> None:
        rows = {(event.plan_version, event.plan_row) for event in self.events if event.plan_version is not None}
        self.plans = parsed_plans(rows)
        versions = {version for version, _ in rows} | {order.version for order in self.orders.values()}
        missing = versions - self.plans.keys()
        if missing:
            self.plans.update(plans_by_version(missing))

    def take_members(self) -> None:
        named = {event.member_id for event in self.events if event.member_id is not None and event.kind not in _ALONE}
        for event in self.events:
            if event.kind == EventKind.REFUND and event.order_id in self.orders:
                named.add(self.orders[event.order_id].member_id)
        owners = {
            reward.member_id for rewards in self.rewards.values() for reward in rewards if reward.member_id is not None
        }
        owners |= {event.member_id for event in self.events if event.member_id is not None and event.kind in _ALONE}
        owners |= {commission.member_id for commission in self.commissions.values()}
        referrers = {event.referrer_id for event in self.events if event.referrer_id is not None}
        self._take_members(members=named, referrers=referrers, owners=owners)

    def take_balances(self, owners: Iterable[int]) -> None:
        ids = {}
        for owner in owners:
            self.balances[owner] = (0, 0)
            ids[account_id(AccountKind.AVAILABLE, owner)] = (owner, 0)
            ids[account_id(AccountKind.DEBT, owner)] = (owner, 1)
        if not ids:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, balance_fen FROM ledger_account WHERE id = ANY (%s::bigint[])",
                [arrays.numbers(sorted(ids))],
            )
            for account, balance in cursor.fetchall():
                owner, place = ids[account]
                available, debt = self.balances[owner]
                self.balances[owner] = (balance, debt) if place == 0 else (available, balance)

    def take_withdrawals(self) -> None:
        """Load the accepted withdrawals that the events ask for again or decide on."""
        numbers = [event.reference for event in self.events if event.kind in (EventKind.WITHDRAW, EventKind.PAYOUT)]
        if not numbers:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT asked.reference, asked.member_id, asked.amount_fen, asked.fee_bps, asked.tax_bps,
                    asked.fee_fen, asked.tax_fen, EXISTS (
                    SELECT 1 FROM linkage_event decided
                    WHERE decided.kind = 'payout' AND decided.reference = asked.reference AND decided.number IS NOT
                        NULL)
                FROM linkage_event asked
                WHERE asked.kind = 'withdraw' AND asked.reference = ANY (%s::text[]) AND asked.number IS NOT NULL
                """,
                [arrays.texts(numbers)],
            )
            self.withdrawals = {
                number: (
                    member_id,
                    amount,
                    engine.withheld(amount, fee_bps, fee),
                    engine.withheld(amount, tax_bps, tax),
                    decided,
                )
                for number, member_id, amount, fee_bps, tax_bps, fee, tax, decided in cursor.fetchall()
            }

    def lock_fund(self) -> None:
        """Read the support fund under its lock: it spans the shards."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT balance_fen FROM ledger_account WHERE id = %s FOR UPDATE",
                [account_id(AccountKind.SUPPORT_FUND)],
            )
            row = cursor.fetchone()
            self.fund_fen = row[0] if row else 0

    def load_missing(self, missing: Missing) -> None:
        """Load what the rules asked for, and the same for all other events, which may be about to ask."""
        if missing.balances_of is not None:
            self.take_balances(set(self.tree.members) - self.balances.keys() | {missing.balances_of})
        elif missing.above is not None:
            spots = {missing.above, *self.tree.spots_of(self._referrers())}
            # Whoever returns a pack may be passed over from then on.
            spots |= {(strand, place - 1) for strand, place in self.tree.spots_of(self._returning()) if place}
            self._take_members(spots=spots)
        elif missing.team_of is not None:
            self.tree.take_teams({missing.team_of, *self._referrers()})
        elif missing.member is not None:
            self._take_members(members={missing.member})

    def _referrers(self) -> Iterator[int]:
        """Yield the referrers of those who buy, as far as they are known."""
        joining = {event.member_id: event.referrer_id for event in self.events if event.kind == EventKind.JOIN}
        for event in self.events:
            if event.kind == EventKind.ORDER and event.member_id is not None:
                row = self.tree.members.get(event.member_id)
                referrer = joining.get(event.member_id) if row is None else row.referrer_id
                if referrer is not None:
                    yield referrer

    def _returning(self) -> set[int]:
        """Return the buyers of the orders that are refunded in this batch."""
        return {
            event.member_id for event in self.events if event.kind == EventKind.REFUND and event.member_id is not None
        }

    def _take_members(self, **wanted: Collection[Any]) -> None:
        plans = self.plans.values()
        self.tree.take(
            returning=self._returning(),
            rolls=any(plan.unranked_referrer == "roll_up" for plan in plans),
            peers=any(plan.peer_rate_bps for plan in plans),
            promotion=min((plan.promotion_referrals for plan in plans), default=0),
            keep=self.is_small,
            **wanted,
        )


def _whole(take: Callable[[int, int], int | None], until: int) -> int:
    """Load what falls due, and more of it where one instant has more than one batch takes in."""
    limit = DUE_LIMIT
    while True:
        complete = take(until, limit)
        if complete is not None:
            return complete
        limit *= 4


def _complete(until: int, limit: int, *dues: list[int | None]) -> int | None:
    """Return up to which instant all is there of what was read in the order in which it falls due, `limit` of each at
    the most; none where it is all of one instant."""
    complete = until
    for due in dues:
        reached = sorted(at for at in due if at is not None and at <= until)
        if len(reached) >= limit:
            if reached[-1] == reached[0]:
                return None
            complete = min(complete, reached[limit - 1] - 1)
    return complete


def lock_shard(shard: int, clock_if_new: int = 0) -> int:
    """Take the lock of the shard and return its clock (Unix seconds). The caller is in a transaction."""
    with connection.cursor() as cursor:
        statements.run(cursor, _LOCK, [shard], keep=True)
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO linkage_shard (id, clock_at) VALUES (%s, to_timestamp(%s)) ON CONFLICT DO NOTHING",
                [shard, clock_if_new],
            )
            cursor.execute(_LOCK, [shard])
            row = cursor.fetchone()
    return row[0]
