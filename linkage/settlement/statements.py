"""The statements in which a batch is written."""

from .maturing import MATURING

# What a batch leaves besides money, each part where there is something of it; together they are one statement.
SETTLED = """settled AS (
    INSERT INTO linkage_settledorder (order_id, shard, member_id, packs, first_packs, plan_version, paid_at,
        received_at, matures_at, matured, holds_expire_at, refunded_at)
    SELECT id, %s, member_id, packs, first_packs, version, to_timestamp(paid_at), to_timestamp(received_at),
        to_timestamp(matures_at), matured, to_timestamp(holds_expire_at), to_timestamp(refunded_at)
    FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::smallint[], %s::int[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bool[], %s::bigint[], %s::bigint[])
        AS o(id, member_id, packs, first_packs, version, paid_at, received_at, matures_at, matured, holds_expire_at,
            refunded_at)
)"""

REWARDED = """rewarded AS (
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

STANDING = """standing AS (
    UPDATE linkage_position AS p SET rank = s.rank, leader_id = s.leader_id, packs = s.packs,
        valid_referrals = s.valid_referrals, counted = s.counted, tasks_done = s.tasks_done, recruits = s.recruits,
        agent_at = coalesce(p.agent_at, to_timestamp(s.agent_at)),
        partner_at = coalesce(p.partner_at, to_timestamp(s.partner_at))
    FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::int[], %s::int[], %s::bool[], %s::bool[], %s::int[],
        %s::bigint[], %s::bigint[])
        AS s(member_id, rank, leader_id, packs, valid_referrals, counted, tasks_done, recruits, agent_at, partner_at)
    WHERE p.member_id = s.member_id
)"""

JOINED = """joined AS (
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

SOLD = """sold AS (
    INSERT INTO linkage_commission (line_id, order_id, shard, member_id, net_fen, bps, days, first_fen, kept_fen,
        amount_fen, paid_at, received_at, matures_at, matured)
    SELECT id, order_id, %s, member_id, net_fen, bps, days, net_fen * bps / 10000, kept_fen, kept_fen * bps / 10000,
        to_timestamp(paid_at), to_timestamp(received_at), to_timestamp(matures_at), matured
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[], %s::smallint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[])
        AS s(id, order_id, member_id, net_fen, bps, days, kept_fen, paid_at, received_at, matures_at, matured)
)"""

CHANGED_SALES = """kept AS (
    UPDATE linkage_commission AS c SET kept_fen = s.kept_fen, amount_fen = s.kept_fen * c.bps / 10000,
        received_at = to_timestamp(s.received_at), matures_at = to_timestamp(s.matures_at), matured = s.matured
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[])
        AS s(id, kept_fen, received_at, matures_at, matured)
    WHERE c.line_id = s.id
)"""

CUTS = """cut AS (
    INSERT INTO linkage_commissioncut (commission_id, member_id, kept_fen, amount_fen, at)
    SELECT id, member_id, kept_fen, amount_fen, to_timestamp(at)
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS s(id, member_id, kept_fen, amount_fen, at)
)"""

# Where somebody left a team: seldom, and then in the same statement.
MOVED = """moved AS (
    INSERT INTO linkage_teammove (order_id, member_id, kind, from_leader_id, to_leader_id, at)
    SELECT order_id, member_id, kind, from_leader_id, to_leader_id, to_timestamp(at)
    FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS m(order_id, member_id, kind, from_leader_id, to_leader_id, at)
)"""

CHANGED_ORDERS = f"""
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
FOLLOW = """
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

REFUSALS = """
UPDATE linkage_event AS e SET refusal = r.reason
FROM unnest(%s::bigint[], %s::text[]) AS r(id, reason) WHERE e.id = r.id
"""

STREAM = """
WITH stream AS (
    INSERT INTO linkage_stream AS stream (id, last_number) VALUES (1, %(count)s)
    ON CONFLICT (id) DO UPDATE SET last_number = stream.last_number + excluded.last_number
    RETURNING stream.last_number - %(count)s AS base
), clock AS (
    UPDATE linkage_shard SET clock_at = to_timestamp(%(clock)s) WHERE id = %(shard)s
)"""

NUMBERS = f"""{STREAM}
UPDATE linkage_event AS e SET number = stream.base + s.place, effective_at = greatest(e.at, to_timestamp(s.at))
FROM unnest(%(events)s::bigint[], %(at)s::bigint[]) WITH ORDINALITY AS s(id, at, place), stream WHERE e.id = s.id
"""

TICK = f"""{STREAM}
INSERT INTO linkage_event (key, shard, kind, at, number, effective_at)
SELECT 'tick:' || (base + 1), %(shard)s, 'tick', to_timestamp(%(at)s), base + 1, to_timestamp(%(at)s) FROM stream
"""
