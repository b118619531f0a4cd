"""The same work in the plainest set-based SQL: one statement a batch under the same constraints, rules included.

It knows less than the settlement: the orders of one plan, among which no order changes what another one earns. It is
what the settlement is measured against, and nothing else uses it.
"""

from typing import Any

from django.db import connection, transaction

from linkage.rules.plan import Plan

_BATCH = """
WITH batch AS MATERIALIZED (
    SELECT id AS event_id, order_id, member_id, packs, plan_version, at, row_number() OVER (ORDER BY id) AS place
    FROM linkage_event WHERE shard = %(shard)s AND number IS NULL AND refusal = '' ORDER BY id LIMIT %(limit)s
), found AS MATERIALIZED (
    SELECT origin.member_id AS origin_id, head.*
    FROM (
        SELECT DISTINCT buyer.referrer_id AS member_id
        FROM batch JOIN linkage_position buyer ON buyer.member_id = batch.member_id
    ) AS origin CROSS JOIN LATERAL (
        WITH RECURSIVE climb AS (
            SELECT p.member_id, p.referrer_id, p.rank, p.leader_id
            FROM linkage_position p WHERE p.member_id = origin.member_id
            UNION ALL
            SELECT p.member_id, p.referrer_id, p.rank, p.leader_id
            FROM climb JOIN linkage_position p ON p.member_id = climb.referrer_id WHERE climb.rank = 0
        )
        SELECT member_id, rank, leader_id FROM climb WHERE rank > 0
    ) AS head
), faced AS MATERIALIZED (
    SELECT batch.*, buyer.packs = 0 AS activation, buyer.rank AS rank, buyer.tasks_done,
        batch.packs - (buyer.packs = 0)::int AS further, referrer.member_id AS referrer_id,
        CASE WHEN referrer.packs = 0 OR referrer.rank = 0 THEN 0
            WHEN referrer.rank = 2 AND referrer.valid_referrals >= %(promotion)s THEN 2 ELSE 1 END AS referrer_acting,
        leader.member_id AS leader_id,
        CASE WHEN leader.packs = 0 OR leader.rank = 0 THEN 0
            WHEN leader.rank = 2 AND leader.valid_referrals >= %(promotion)s THEN 2 ELSE 1 END AS leader_acting
    FROM batch
    JOIN linkage_position buyer ON buyer.member_id = batch.member_id
    LEFT JOIN linkage_position referrer ON referrer.member_id = buyer.referrer_id
    LEFT JOIN found AS head ON head.origin_id = buyer.referrer_id
    LEFT JOIN linkage_position leader ON leader.member_id = CASE
        WHEN buyer.packs > 0 THEN CASE WHEN buyer.rank = 1 THEN buyer.leader_id END
        WHEN head.rank = 2 THEN head.member_id ELSE head.leader_id END
), earned AS (
    SELECT place, order_id, at, 1 AS kind, referrer_id AS member_id, referrer_acting AS acting, member_id AS seed_id,
        tasks_done, CASE WHEN NOT activation THEN 0 WHEN referrer_acting = 2 THEN %(direct_partner)s
            ELSE %(direct_agent)s END AS first_fen,
        %(repeat_direct)s AS further_fen, further, ARRAY[referrer_id] AS via
    FROM faced WHERE referrer_acting > 0
    UNION ALL
    SELECT place, order_id, at, 2, CASE WHEN leader_acting = 2 THEN leader_id END, leader_acting, member_id, tasks_done,
        CASE WHEN activation THEN %(see_point)s ELSE 0 END, %(repeat_see_point)s, further,
        CASE WHEN referrer_id IS NULL THEN ARRAY[leader_id] ELSE ARRAY[referrer_id, leader_id] END
    FROM faced WHERE leader_id IS NOT NULL
), amounts AS (
    SELECT *, first_fen + further * further_fen AS amount_fen FROM earned
), reward AS MATERIALIZED (
    SELECT *, CASE WHEN acting = 2 AND NOT tasks_done THEN amount_fen * %(hold)s / 10000 ELSE 0 END AS held_fen
    FROM amounts WHERE amount_fen > 0
), settled AS (
    INSERT INTO linkage_settledorder (order_id, shard, member_id, packs, first_packs, plan_version, paid_at, matured,
        holds_expire_at)
    SELECT order_id, %(shard)s, member_id, packs, activation::int, plan_version, at, false,
        CASE WHEN EXISTS (SELECT 1 FROM reward WHERE reward.place = faced.place AND held_fen > 0)
            THEN at + %(hold_days)s * interval '24 hours' END
    FROM faced ORDER BY place
), rewarded AS (
    INSERT INTO linkage_reward (order_id, kind, member_id, amount_fen, held_fen, seed_id, hold, reversed, acting,
        first_fen, further_fen, via)
    SELECT order_id, kind, member_id, amount_fen, held_fen, seed_id, (held_fen > 0)::int, false, acting, first_fen,
        further_fen, via
    FROM reward ORDER BY place, kind
), line AS MATERIALIZED (
    SELECT place, 10 * kind AS turn, member_id AS holder_id, 2 AS account, -held_fen AS amount_fen
    FROM reward WHERE held_fen > 0
    UNION ALL SELECT place, 10 * kind + 1, 0, 24, amount_fen FROM reward
    UNION ALL SELECT place, 10 * kind + 2, coalesce(member_id, 0), CASE WHEN member_id IS NULL THEN 10 ELSE 1 END,
        held_fen - amount_fen FROM reward WHERE amount_fen > held_fen
), entry AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('ledger_journalentry', 'id')) AS id, head.*
    FROM (
        SELECT place, order_id, at, sum(amount_fen) FILTER (WHERE amount_fen > 0) AS debit_fen, count(*) AS line_count
        FROM faced JOIN line USING (place) GROUP BY place, order_id, at ORDER BY place
    ) AS head
), entered AS (
    INSERT INTO ledger_journalentry (id, kind, reference, at, memo, debit_fen, line_count)
    SELECT id, 'reward', order_id::text, at, '', debit_fen, line_count FROM entry
), posted AS (
    INSERT INTO ledger_posting (entry_id, account_id, amount_fen)
    SELECT entry.id, line.holder_id * 32 + line.account, line.amount_fen
    FROM line JOIN entry USING (place) ORDER BY place, turn
), moved AS MATERIALIZED (
    SELECT holder_id * 32 + account AS id, account AS kind, holder_id,
        CASE WHEN account <= 10 THEN -sum(amount_fen) ELSE 0 END AS delta_fen
    FROM line GROUP BY holder_id, account
), kept AS (
    UPDATE ledger_account SET balance_fen = balance_fen + moved.delta_fen FROM moved
    WHERE ledger_account.id = moved.id AND moved.delta_fen <> 0 RETURNING ledger_account.id
), opened AS (
    INSERT INTO ledger_account (id, kind, holder_id, balance_fen)
    SELECT id, kind, holder_id, delta_fen FROM moved WHERE id NOT IN (SELECT id FROM kept)
    ON CONFLICT (id) DO NOTHING
), change AS (
    SELECT member_id, sum(packs) AS packs, sum(referrals) AS referrals, bool_or(bought) AS bought,
        bool_or(counts) AS counts, max(leader_id) AS leader_id, max(at) AS at
    FROM (
        SELECT member_id, packs, 0 AS referrals, activation AS bought, activation AND referrer_acting > 0 AS counts,
            leader_id, at FROM faced
        UNION ALL SELECT referrer_id, 0, 1, false, false, NULL, NULL FROM faced WHERE activation AND referrer_acting > 0
    ) AS changes GROUP BY member_id
), standing AS (
    UPDATE linkage_position AS p SET packs = p.packs + change.packs,
        valid_referrals = p.valid_referrals + change.referrals, counted = p.counted OR change.counts,
        rank = CASE WHEN change.bought AND p.rank = 0 THEN 1 ELSE p.rank END,
        leader_id = CASE WHEN change.bought AND p.rank < 2 THEN change.leader_id ELSE p.leader_id END,
        agent_at = CASE WHEN change.bought AND p.rank = 0 THEN change.at ELSE p.agent_at END
    FROM change WHERE p.member_id = change.member_id
), clock AS (
    UPDATE linkage_shard SET clock_at = (SELECT max(at) FROM batch)
    WHERE id = %(shard)s AND EXISTS (SELECT 1 FROM batch)
), stream AS (
    UPDATE linkage_stream SET last_number = last_number + (SELECT count(*) FROM batch)
    RETURNING last_number - (SELECT count(*) FROM batch) AS base
)
UPDATE linkage_event SET number = stream.base + batch.place, effective_at = batch.at
FROM batch, stream WHERE linkage_event.id = batch.event_id
"""


def settle_waiting(shard: int, plan: Plan) -> int:
    """Settle all orders that wait, batch by batch; return how many."""
    total = 0
    while settled := settle_batch(shard, plan):
        total += settled
    return total


def settle_batch(shard: int, plan: Plan, limit: int = 1000) -> int:
    """Settle up to `limit` waiting orders in one statement; return how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM linkage_shard WHERE id = %s FOR UPDATE", [shard])
        cursor.execute(_BATCH, _parameters(plan) | {"shard": shard, "limit": limit})
        return cursor.rowcount


def _parameters(plan: Plan) -> dict[str, Any]:
    return {
        "promotion": plan.promotion_referrals,
        "direct_agent": plan.direct_agent_fen,
        "direct_partner": plan.direct_partner_fen,
        "see_point": plan.see_point_fen,
        "repeat_direct": plan.repeat_direct_fen,
        "repeat_see_point": plan.repeat_see_point_fen,
        "hold": plan.hold_bps,
        "hold_days": plan.hold_days,
    }
