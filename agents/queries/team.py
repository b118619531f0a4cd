"""A partner's team and everybody's own recruits, as a list: figures, pages, search. However large the team is, a page
reads no more than what it shows, and figures are counted up to `COUNTED_MAX` only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.models import Position, Rank
from linkage.queries import recruits_of
from members.models import Member
from members.queries import members_by_tail_or_name

from .mates import Mate, brought, mates

PAGE = 20
COUNTED_MAX = 1_000
CANDIDATES_MAX = 1_000
TEAM, RECRUITS, WAITING = "team", "recruits", "waiting"
PARTS = {TEAM: _("团队"), RECRUITS: _("我推荐的"), WAITING: _("待首单")}
# A list of at most so many can also be sorted by what each brought.
SORTABLE_MAX = 200
NEWEST, OLDEST, BROUGHT = "", "old", "brought"
SORTS = {NEWEST: _("最新加入"), OLDEST: _("最早加入"), BROUGHT: _("带来最多")}
_TAIL = re.compile(r"[0-9]{4}")

_COUNTS = """
SELECT
    (SELECT count(*) FROM (SELECT 1 FROM linkage_teammove WHERE from_leader_id = %(me)s LIMIT %(most)s) AS gone),
    (SELECT count(*) FROM (SELECT 1 FROM linkage_position
        WHERE referrer_id = %(me)s AND rank = 0 LIMIT %(most)s) AS waiting),
    team.agents, team.returned, team.unfinished
FROM (
    SELECT count(*) AS agents, count(*) FILTER (WHERE packs = 0) AS returned,
        count(*) FILTER (WHERE packs > 0 AND NOT tasks_done) AS unfinished
    FROM (SELECT packs, tasks_done FROM linkage_position WHERE leader_id = %(me)s LIMIT %(most)s) AS first
) AS team
"""


@dataclass(frozen=True, slots=True)
class Count:
    """A figure; at `COUNTED_MAX` there may be more."""

    value: int

    @property
    def is_capped(self) -> bool:
        return self.value >= COUNTED_MAX

    def __str__(self) -> str:
        return f"{COUNTED_MAX - 1}+" if self.is_capped else str(self.value)


@dataclass(frozen=True, slots=True)
class TeamCounts:
    """How many there are: agents in the team, those of them who returned everything or have tasks to do, who left, own
    recruits, those of them who count, and who has not bought yet."""

    agents: Count
    returned: Count
    unfinished: Count
    left: Count
    recruits: int
    valid_referrals: int
    waiting: Count

    @property
    def holding(self) -> Count:
        """Agents with a standing pack."""
        return Count(self.agents.value if self.agents.is_capped else self.agents.value - self.returned.value)


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One page of the list, and the public id after which the next one begins; empty at the end. `is_partial` says that
    a search stopped before it had looked at everybody of that name."""

    rows: list[Mate]
    next_after: str
    is_partial: bool = False


def own_position(*, member: Member) -> Position | None:
    """Return where the member itself stands."""
    return Position.objects.filter(member=member).first()


def parts_for(position: Position | None) -> dict[str, str]:
    """Return the lists that somebody has: only a partner has a team."""
    is_partner = position is not None and position.rank == Rank.PARTNER
    return {part: str(name) for part, name in PARTS.items() if is_partner or part != TEAM}


def sorts_for(*, part: str, counts: TeamCounts) -> dict[str, str]:
    """Return how a list can be sorted: by what each brought only where it is short, and anybody brought anything."""
    size = counts.agents.value if part == TEAM else counts.recruits
    is_short = part != WAITING and size <= SORTABLE_MAX
    return {sort: str(name) for sort, name in SORTS.items() if sort != BROUGHT or is_short}


def team_counts(*, member: Member, position: Position | None) -> TeamCounts:
    """Return the figures of a team, in one query that reads at most `COUNTED_MAX` rows of each kind."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"me": member.pk, "most": COUNTED_MAX})
        left, waiting, agents, returned, unfinished = map(Count, cursor.fetchone())
    return TeamCounts(
        agents=agents,
        returned=returned,
        unfinished=unfinished,
        left=left,
        recruits=0 if position is None else position.recruits,
        valid_referrals=0 if position is None else position.valid_referrals,
        waiting=waiting,
    )


def team_page(*, member: Member, part: str, sort: str = NEWEST, after: str = "", at: datetime) -> TeamPage:
    """Return a page of one of the lists of `PARTS`, in a fixed number of queries. `after` is the last one seen; a
    stranger to that list begins at the beginning."""
    cursor = _cursor(member, part, after)
    if sort == BROUGHT:
        ids = _by_brought(member, _ids(member, part, True, None, SORTABLE_MAX), cursor)
    else:
        ids = _ids(member, part, sort != OLDEST, cursor, PAGE + 1)
    rows = mates(viewer=member, positions=_positions(ids[:PAGE]), at=at)
    return TeamPage(rows, rows[-1].member.public_id if len(ids) > PAGE else "")


def search_team(*, member: Member, words: str, is_small: bool, after: str = "", at: datetime) -> TeamPage:
    """Return a page of whom of the own team and the own recruits a nickname or the last four digits of a phone find,
    the newest first. `after` is the last one seen; a stranger begins at the beginning.

    A small team is looked through; in a large one a nickname finds whose name begins with it, and of a name that too
    many in the mall bear only some are looked at.
    """
    own = Position.objects.filter(Q(leader_id=member.pk) | Q(referrer_id=member.pk))
    seen = own.filter(member__public_id=after).values_list("pk", flat=True).first() if after else None
    is_partial = False
    if is_small:
        by_name = Q(member__nickname__icontains=words)
        by_tail = Q(member__phone__endswith=words) if _TAIL.fullmatch(words) else Q()
        own = own.filter(by_name | by_tail if by_tail else by_name)
    else:
        tail = words if _TAIL.fullmatch(words) else ""
        candidates = members_by_tail_or_name(tail=tail, name="" if tail else words, limit=CANDIDATES_MAX)
        is_partial = len(candidates) == CANDIDATES_MAX
        own = own.filter(member_id__in=candidates)
    if seen is not None:
        own = own.filter(member_id__lt=seen)
    found = list(own.select_related("member").order_by("-member_id")[: PAGE + 1])
    rows = mates(viewer=member, positions=found[:PAGE], at=at)
    return TeamPage(rows, rows[-1].member.public_id if len(found) > PAGE else "", is_partial)


def _cursor(member: Member, part: str, after: str) -> int | None:
    """Return where the page begins: the key of the person in that list."""
    if not after:
        return None
    own = Q(leader_id=member.pk) if part == TEAM else Q(referrer_id=member.pk)
    return Position.objects.filter(own, member__public_id=after).values_list("pk", flat=True).first()


def _ids(member: Member, part: str, newest_first: bool, cursor: int | None, limit: int) -> list[int]:
    if part != TEAM:
        ranks = (Rank.CONSUMER,) if part == WAITING else tuple(Rank)
        found = recruits_of(
            referrer_ids=[member.pk], limit=limit, cursor=cursor, newest_first=newest_first, ranks=ranks
        )
        return found[member.pk]
    team = Position.objects.filter(leader_id=member.pk)
    if cursor is not None:
        team = team.filter(member_id__lt=cursor) if newest_first else team.filter(member_id__gt=cursor)
    ordered = team.order_by("-member_id" if newest_first else "member_id")
    return list(ordered.values_list("member_id", flat=True)[:limit])


def _by_brought(member: Member, ids: list[int], cursor: int | None) -> list[int]:
    """Return a page of these, who are the newest first, by what they brought; who brought the same stays in order."""
    amounts = brought(viewer=member, ids=ids)
    ordered = sorted(ids, key=lambda member_id: -amounts.get(member_id, (0, 0))[1])
    start = ordered.index(cursor) + 1 if cursor in ordered else 0
    return ordered[start : start + PAGE + 1]


def _positions(ids: list[int]) -> list[Position]:
    found = Position.objects.select_related("member").in_bulk(ids)
    return [found[member_id] for member_id in ids]
