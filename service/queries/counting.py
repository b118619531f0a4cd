"""What the desk is asked about and how content people are, week by week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext as _

from mall.core.ids import SHANGHAI
from service.models import Dispute, Tag, Ticket

CONTENT = Q(stars__gte=4)


@dataclass(frozen=True, slots=True)
class TagWeeks:
    """How often a tag was given to what came in each week; without a tag, what has none."""

    tag_id: int | None
    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class StarWeek:
    """How many of a week's tickets were rated, with how many stars on average in hundredths, and how many with four or
    five."""

    monday: date
    rated: int
    average_hundredths: int
    content: int


def mondays(*, weeks: int, at: datetime) -> list[date]:
    """Return the Mondays (Asia/Shanghai) of the last weeks, the running one last."""
    today = at.astimezone(SHANGHAI).date()
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]


def tag_weeks(*, weeks: int, at: datetime) -> list[TagWeeks]:
    """Return the tags that were given in the last weeks, the most frequent first, and last what has none. Tickets and
    disputes count in the week in which they came in, duplicates not at all."""
    days = mondays(weeks=weeks, at=at)
    each = {f"week_{place}": Count("pk", filter=_in_week("opened_at", day)) for place, day in enumerate(days)}
    counts: dict[int | None, list[int]] = {}
    for rows in (Ticket.objects.filter(merged_into=None), Dispute.objects.all()):
        for tag_id, *numbers in _since(rows, days[0]).values("tags").annotate(**each).values_list("tags", *each):
            counts[tag_id] = [one + more for one, more in zip(counts.get(tag_id, [0] * weeks), numbers, strict=True)]
    names: dict[int | None, str] = dict(Tag.objects.values_list("pk", "name"))
    names[None] = _("没有标签")
    found = [TagWeeks(tag_id, names[tag_id], tuple(numbers)) for tag_id, numbers in counts.items()]
    return sorted(found, key=lambda one: (one.tag_id is None, -one.total, one.name))


def star_weeks(*, weeks: int, at: datetime) -> list[StarWeek]:
    """Return how content members were with the tickets of the last weeks, the running one last."""
    days = mondays(weeks=weeks, at=at)
    rows = _since(Ticket.objects.filter(stars__isnull=False), days[0])
    sums = rows.annotate(week=TruncWeek("opened_at", tzinfo=SHANGHAI)).values_list("week")
    rated = sums.annotate(rated=Count("pk"), average=Avg("stars"), content=Count("pk", filter=CONTENT))
    found = {week.date(): (count, average, content) for week, count, average, content in rated}
    weeks_found = []
    for day in days:
        count, average, content = found.get(day, (0, 0, 0))
        weeks_found.append(StarWeek(day, count, round(average * 100), content))
    return weeks_found


def _since(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    return rows.filter(opened_at__gte=_midnight(day)).order_by()


def _in_week(column: str, monday: date) -> Q:
    end = monday + timedelta(weeks=1)
    return Q(**{f"{column}__gte": _midnight(monday), f"{column}__lt": _midnight(end)})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)
