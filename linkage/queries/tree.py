"""Reading the referral tree: who stands below somebody, who bears the nearest title above."""

from collections.abc import Sequence

from django.db import connection

from linkage.models import Position, Rank
from mall.core import arrays

# One look for each strand on the way up, see `Position`.
_NEAREST = """
WITH RECURSIVE climb AS (
    SELECT spot.strand_id, head.member_id
    FROM (SELECT strand_id, place FROM linkage_position WHERE member_id = %s) AS spot
    LEFT JOIN LATERAL (
        SELECT member_id FROM linkage_position AS titled
        WHERE titled.strand_id = spot.strand_id AND titled.place <= spot.place AND titled.rank > 0
        ORDER BY titled.place DESC LIMIT 1
    ) AS head ON true
    UNION ALL
    SELECT spot.strand_id, head.member_id
    FROM climb CROSS JOIN LATERAL (
        SELECT above.strand_id, above.place
        FROM linkage_position AS first JOIN linkage_position AS above ON above.member_id = first.referrer_id
        WHERE first.member_id = climb.strand_id LIMIT 1
    ) AS spot
    LEFT JOIN LATERAL (
        SELECT member_id FROM linkage_position AS titled
        WHERE titled.strand_id = spot.strand_id AND titled.place <= spot.place AND titled.rank > 0
        ORDER BY titled.place DESC LIMIT 1
    ) AS head ON true
    WHERE climb.member_id IS NULL
)
SELECT member_id FROM climb WHERE member_id IS NOT NULL
"""

# So many of each title are read by the index, and of these so many in the order of joining.
_RECRUITS = """
SELECT above.id, recruit.member_id
FROM unnest(%(above)s::bigint[]) WITH ORDINALITY AS above(id, place) CROSS JOIN LATERAL (
    SELECT member_id FROM unnest(%(ranks)s::smallint[]) AS title(rank) CROSS JOIN LATERAL (
        SELECT member_id FROM linkage_position
        WHERE referrer_id = above.id AND rank = title.rank AND member_id {beyond} %(cursor)s::bigint
        ORDER BY member_id {order} LIMIT %(limit)s
    ) AS of_title
    ORDER BY member_id {order} LIMIT %(limit)s
) AS recruit
ORDER BY above.place, recruit.member_id {order}
"""
# Whom a promotion under `follow` would take along; of all below, only so many are looked at.
_AGENTS_BELOW = """
WITH RECURSIVE below AS (
    SELECT member_id, rank FROM linkage_position WHERE referrer_id = %(member)s AND rank < 2
    UNION ALL
    SELECT recruit.member_id, recruit.rank
    FROM below JOIN linkage_position AS recruit ON recruit.referrer_id = below.member_id
    WHERE recruit.rank < 2
)
SELECT count(*) FILTER (WHERE rank = 1) FROM (SELECT rank FROM below LIMIT %(most)s) AS first
"""
_LAST = 1 << 62


def nearest_title(*, member_id: int) -> Position | None:
    """Return who bears the nearest title: the member itself, else somebody above; none where nobody does."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [member_id])
        row = cursor.fetchone()
    return None if row is None else Position.objects.get(member_id=row[0])


def agents_below(*, member_id: int, most: int) -> int:
    """Return how many agents stand below somebody, not through partners, among the first `most` people there."""
    with connection.cursor() as cursor:
        cursor.execute(_AGENTS_BELOW, {"member": member_id, "most": most})
        count: int = cursor.fetchone()[0]
    return count


def recruits_of(
    *,
    referrer_ids: Sequence[int],
    limit: int,
    cursor: int | None = None,
    newest_first: bool = False,
    ranks: Sequence[int] = tuple(Rank),
) -> dict[int, list[int]]:
    """Return up to `limit` recruits of each of these members, by id; `cursor` is the last one seen.

    However many somebody brought in, this reads no more than `limit` of each title.
    """
    found: dict[int, list[int]] = {referrer_id: [] for referrer_id in referrer_ids}
    if cursor is None:
        cursor = _LAST if newest_first else 0
    text = _RECRUITS.format(beyond="<" if newest_first else ">", order="DESC" if newest_first else "ASC")
    with connection.cursor() as reading:
        reading.execute(
            text,
            {
                "above": arrays.numbers(list(referrer_ids)),
                "ranks": arrays.numbers([int(rank) for rank in ranks]),
                "cursor": cursor,
                "limit": limit,
            },
        )
        for referrer_id, member_id in reading.fetchall():
            found[referrer_id].append(member_id)
    return found
