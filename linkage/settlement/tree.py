"""The part of the referral tree that a batch touches: members, and who stands above them.

The tree is cut into strands (`linkage.models.Position`), so that the nearest member above with a title is found by one
look into an index for each strand on the way, however long the line, and no order moves anybody's pointers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import connection

from mall.core import arrays, statements

from .rows import MemberRow, Spot

_COLUMNS = (
    "member_id, referrer_id, rank, leader_id, packs, valid_referrals, counted, tasks_done, recruits, strand_id, place"
)

# Who bears the nearest title at a spot or above it in its strand.
_HEAD = f"""
    LEFT JOIN LATERAL (
        SELECT {_COLUMNS} FROM linkage_position AS titled
        WHERE titled.strand_id = spot.strand_id AND titled.place <= spot.place AND titled.rank > 0
        ORDER BY titled.place DESC LIMIT 1
    ) AS head ON true
"""

# From the spots asked about up to the first title, strand by strand; where rewards roll up, on to the first title with
# a standing pack. Each row says of a spot who bears the nearest title there (`head`, or nobody in this strand), and
# which member was passed on the way to it. One look-up a step, whatever the planner expects of a recursion.
_CLIMB = f"""climb AS (
    SELECT NULL::bigint AS passed_id, spot.strand_id AS spot_strand, spot.place AS spot_place, head.*
    FROM asked AS spot {_HEAD}
    UNION
    SELECT spot.passed_id, spot.strand_id, spot.place, head.*
    FROM climb CROSS JOIN LATERAL (
        SELECT passed.member_id AS passed_id, above.strand_id, above.place
        FROM linkage_position AS passed CROSS JOIN LATERAL (
            SELECT strand_id, place FROM linkage_position WHERE member_id = passed.referrer_id LIMIT 1
        ) AS above
        WHERE passed.member_id = coalesce(climb.member_id, climb.spot_strand) LIMIT 1
    ) AS spot {_HEAD}
    WHERE climb.member_id IS NULL
        OR (%(rolls)s::bool AND (climb.packs = 0 OR climb.member_id = ANY (%(returning)s::bigint[])))
)"""

# Above whoever is met: the leaders, the referrer of a referrer that this batch may make a partner, and, where partners
# share, the referrers of leaders.
_AROUND = f"""leader AS (
    SELECT {_COLUMNS} FROM linkage_position WHERE member_id IN (
        SELECT leader_id FROM named UNION SELECT leader_id FROM referrer UNION SELECT leader_id FROM climb)
), peer AS (
    SELECT {_COLUMNS} FROM linkage_position WHERE member_id IN (
        SELECT referrer_id FROM referrer WHERE rank = 1 AND valid_referrals + recruits_named >= %(promotion)s::int
        UNION SELECT referrer_id FROM leader WHERE %(peers)s::bool
        UNION SELECT referrer_id FROM climb WHERE %(peers)s::bool)
)"""

# The members named, the referrers of buyers, and whom those look up to. That is all that an order touches but in rare
# cases: what else is needed is asked for (`Missing`).
_MEMBERS = f"""
WITH RECURSIVE named AS (
    SELECT {_COLUMNS} FROM linkage_position WHERE member_id = ANY (%(members)s::bigint[])
), referred AS (
    SELECT member_id, count(recruit_id) AS recruits_named
    FROM (SELECT referrer_id, member_id FROM named UNION ALL SELECT unnest(%(referrers)s::bigint[]), NULL)
        AS referred(member_id, recruit_id)
    GROUP BY member_id
), referrer AS (
    SELECT {_COLUMNS}, recruits_named FROM linkage_position JOIN referred USING (member_id)
), asked AS (
    SELECT strand_id, place FROM referrer
    WHERE rank = 0 OR (%(rolls)s::bool AND (packs = 0 OR member_id = ANY (%(returning)s::bigint[])))
    UNION SELECT * FROM unnest(%(strands)s::bigint[], %(places)s::int[])
), {_CLIMB}, {_AROUND}
SELECT NULL::bigint, NULL::bigint, NULL::int, * FROM named
UNION ALL SELECT NULL, NULL, NULL, {_COLUMNS} FROM referrer
UNION ALL SELECT * FROM climb
UNION ALL SELECT NULL, NULL, NULL, * FROM leader
UNION ALL SELECT NULL, NULL, NULL, * FROM peer
UNION ALL SELECT NULL, NULL, NULL, {_COLUMNS} FROM linkage_position WHERE member_id = ANY (%(owners)s::bigint[])
"""

# The ways up to the first partner.
_TEAMS = f"""
WITH RECURSIVE path AS (
    SELECT {_COLUMNS} FROM linkage_position WHERE member_id = ANY (%s::bigint[])
    UNION
    SELECT above.* FROM path CROSS JOIN LATERAL (
        SELECT {_COLUMNS} FROM linkage_position WHERE member_id = path.referrer_id LIMIT 1
    ) AS above
    WHERE path.rank < 2
)
SELECT {_COLUMNS} FROM path
"""


class Tree:
    """What was read of the tree. `heads` tells, for spots that were asked about, who bore the nearest title there when
    the batch began (none: nobody in this strand); `above` the spot of the referrer of members who were passed."""

    def __init__(self) -> None:
        self.members: dict[int, MemberRow] = {}
        self.heads: dict[Spot, MemberRow | None] = {}
        self.above: dict[int, Spot] = {}

    def take(
        self,
        *,
        members: Collection[int] = (),
        referrers: Collection[int] = (),
        owners: Collection[int] = (),
        spots: Collection[Spot] = (),
        returning: Collection[int] = (),
        rolls: bool,
        peers: bool,
        promotion: int,
        keep: bool,
    ) -> None:
        """Load members, the referrers of `members`, `referrers`, whom these look up to, and what is asked about spots.

        With `rolls`, also those on the way to the first title with a standing pack; those of `returning` may be without
        one before the batch ends. `peers`: partners share; `promotion`: so many valid referrals make a partner.
        """
        strands, places = zip(*sorted(spots), strict=True) if spots else ((), ())
        wanted: dict[str, Any] = {
            "members": arrays.numbers(sorted(members)),
            "referrers": arrays.numbers(sorted(referrers)),
            "owners": arrays.numbers(sorted(owners)),
            "strands": arrays.numbers(strands),
            "places": arrays.numbers(places),
            "returning": arrays.numbers(sorted(returning)),
            "rolls": rolls,
            "peers": peers,
            "promotion": promotion,
        }
        with connection.cursor() as cursor:
            statements.run(cursor, _MEMBERS, wanted, keep=keep)
            for passed, strand, place, *columns in cursor.fetchall():
                row = None
                if columns[0] is not None:
                    row = self.members[columns[0]] = MemberRow._make(columns)
                if strand is not None:
                    self.heads[strand, place] = row
                    if passed is not None:
                        self.above[passed] = (strand, place)

    def take_teams(self, members: Iterable[int]) -> None:
        """Load the ways up from some members to the first partner."""
        with connection.cursor() as cursor:
            cursor.execute(_TEAMS, [arrays.numbers(sorted(members))])
            for row in cursor.fetchall():
                self.members[row[0]] = MemberRow._make(row)

    def spots_of(self, members: Iterable[int]) -> Iterator[Spot]:
        """Yield the spots of those of the members who were read."""
        for member in members:
            row = self.members.get(member)
            if row is not None:
                yield row.strand, row.place
