"""Counting ranks, and who wants to be named in them."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import RankKind, RankName, RankSpan
from agents.queries.ranks import span_start
from mall.core.ids import SHANGHAI
from mall.core.text import clean_line
from members.models import Member

# Below so many customers a repeat rate says nothing.
CUSTOMERS_MIN = 5
# A span that is over is counted again for so long: what is returned meanwhile counts no more.
RECOUNTED_DAYS = 10
NAME_MAX = 12


class NameRefused(Exception):
    """This cannot stand in the ranks; the message says why."""


# Customers served in the span by a shopkeeper: they received goods and kept at least some; of these came again who had
# received an earlier order of the same shopkeeper. Own purchases count for nobody.
_COUNT = """
WITH kept AS (
    SELECT adviser_id, member_id, received_at FROM orders_order
    WHERE adviser_id IS NOT NULL AND member_id <> adviser_id AND state IN ('received', 'completed')
        AND refunded_fen < total_fen AND received_at < %(end)s
), served AS (
    SELECT adviser_id, member_id, count(*) > 1 AS again
    FROM kept GROUP BY adviser_id, member_id HAVING max(received_at) >= %(start)s
), counted AS (
    SELECT adviser_id, count(*) AS customers, count(*) FILTER (WHERE again) * 10000 / count(*) AS rate
    FROM served GROUP BY adviser_id
), ranked AS (
    SELECT %(served)s AS kind, adviser_id, customers AS value, customers,
        rank() OVER (ORDER BY customers DESC) AS place FROM counted
    UNION ALL
    SELECT %(repeat)s, adviser_id, rate, customers, rank() OVER (ORDER BY rate DESC, customers DESC)
    FROM counted WHERE customers >= %(least)s
)
INSERT INTO agents_rankentry (kind, span, starts_date, member_id, place, value, customers, counted_at)
SELECT kind, %(span)s, %(starts_date)s, adviser_id, place, value, customers, %(at)s FROM ranked ORDER BY kind, place
"""


def count_ranks(*, at: datetime) -> int:
    """Count the present week and month anew, and those that ended lately; one at a time, whoever else counts waits.
    Returns how many places there are in them."""
    today = timezone.localtime(at).date()
    written = 0
    for span in RankSpan:
        starts = {span_start(span=span, day=day) for day in (today, today - timedelta(days=RECOUNTED_DAYS))}
        for starts_date in sorted(starts):
            written += _count_span(span, starts_date, at)
    return written


def _count_span(span: int, starts_date: date, at: datetime) -> int:
    ends_date = starts_date + timedelta(days=7)
    if span == RankSpan.MONTH:
        ends_date = (starts_date + timedelta(days=32)).replace(day=1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('agents.ranks'))")
        cursor.execute("DELETE FROM agents_rankentry WHERE span = %s AND starts_date = %s", [int(span), starts_date])
        cursor.execute(
            _COUNT,
            {
                "start": _midnight(starts_date),
                "end": min(_midnight(ends_date), at),
                "served": int(RankKind.SERVED),
                "repeat": int(RankKind.REPEAT),
                "least": CUSTOMERS_MIN,
                "span": int(span),
                "starts_date": starts_date,
                "at": at,
            },
        )
        return cursor.rowcount


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def show_name(*, member: Member, name: str, at: datetime) -> RankName:
    """Let a member be seen in the ranks under a name. Raises NameRefused."""
    try:
        words = clean_line(name, NAME_MAX)
    except ValueError:
        raise NameRefused(_("显示名称最多 %(number)s 个字") % {"number": NAME_MAX}) from None
    if not words:
        raise NameRefused(_("请写一个显示名称"))
    if any(char.isdigit() for char in words):
        raise NameRefused(_("显示名称不能有数字，别人不该看到电话"))
    shown, _created = RankName.objects.update_or_create(member=member, defaults={"name": words, "at": at})
    return shown


def hide_name(*, member: Member) -> None:
    """Take a member's name out of the ranks; a repeat changes nothing."""
    RankName.objects.filter(member=member).delete()
