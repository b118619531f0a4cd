"""Reading days, their items and the last checks: kept rows alone, a fixed number of questions."""

from datetime import date, timedelta

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from .comparing import bounds
from .models import Check, CheckState, Day, DayState, Item, ItemState

WAITS = (ItemState.OPEN, ItemState.PROPOSED)
SHOWN_MAX = 200
STRIP_DAYS = 7
PAST_DAYS = 30


def items_waiting(*, limit: int = 99) -> str:
    """Return over how many numbers books differ, for people: none is nothing, beyond `limit` nobody counts on."""
    count = Item.objects.filter(state__in=WAITS)[: limit + 1].count()
    return f"{limit}+" if count > limit else str(count or "")


def day_of(*, day: date) -> Day | None:
    return Day.objects.select_related("asked_by", "decided_by").filter(date=day).first()


def last_check(*, day: date) -> Check | None:
    """Return the check that runs, or the last one."""
    return Check.objects.select_related("asked_by").filter(day__date=day).order_by("-id").first()


def strip(*, until: date, days: int = STRIP_DAYS) -> dict[date, tuple[str, int]]:
    """Return state and number of open items of the last days up to one; a day that was never checked has none."""
    since = until - timedelta(days=days - 1)
    known = {day.date: day for day in Day.objects.filter(date__gte=since, date__lte=until)}
    open_items: dict[int, int] = {}
    for day_id in Item.objects.filter(day__in=[day.pk for day in known.values()], state__in=WAITS).values_list(
        "day_id", flat=True
    ):
        open_items[day_id] = open_items.get(day_id, 0) + 1
    found = {}
    for place in range(days):
        one = since + timedelta(days=place)
        day = known.get(one)
        checked = day is not None and day.checked_at is not None
        found[one] = (day.state, open_items.get(day.pk, 0)) if day is not None and checked else ("", 0)
    return found


def items_of(*, day: Day) -> "QuerySet[Item]":
    """Return the items that are settled with a day, open ones first."""
    return (
        Item.objects.filter(day=day)
        .exclude(state=ItemState.GONE)
        .select_related("day", "proposed_by", "confirmed_by")
        .order_by(F("ended_at").asc(nulls_first=True), "id")[:SHOWN_MAX]
    )


def all_items_of(*, day: Day) -> "QuerySet[Item]":
    """Return every item of a day, those that went away by themselves too."""
    return Item.objects.filter(day=day).select_related("proposed_by", "confirmed_by").order_by("id")


def item_by_id(*, item_id: int) -> Item | None:
    return Item.objects.select_related("day", "proposed_by", "confirmed_by").filter(pk=item_id).first()


def past_items(*, until: date, limit: int = 12) -> "QuerySet[Item]":
    """Return what differed in the thirty days up to one, newest first."""
    since = until - timedelta(days=PAST_DAYS)
    return Item.objects.filter(date__gt=since, date__lte=until).select_related("day").order_by("-date", "-id")[:limit]


def steps_of(*, day: Day) -> list[tuple[object, object, object, str]]:
    """Return who asked for the closing or reopening of a day and who decided, in their order."""
    steps = day.steps.select_related("by").order_by("id")
    return [(step.get_kind_display(), step.by, step.at, step.words) for step in steps]


def closing_obstacles(*, day: Day, is_over: bool) -> list[str]:
    """Return why a day cannot be closed yet, in words; nothing where it can."""
    why = []
    if not is_over:
        why.append(_("这一天还没过完，过了零点才能关账"))
    if day.checked_at is None or day.checked_at < bounds(day.date)[1]:
        why.append(_("这一天过完之后还没有核对过，请先重新核对"))
    if Check.objects.filter(day=day, state__in=[CheckState.WAITING, CheckState.RUNNING]).exists():
        why.append(_("正在核对，等它结束"))
    waiting = Item.objects.filter(day=day, state__in=WAITS).count()
    if waiting:
        why.append(_("还有 %d 笔没平，平了才能关账") % waiting)
    broken = [one for one in day.figures.get("invariants", []) if one["one"] != one["other"]]
    if broken:
        why.append(_("全账恒等不成立，先查清再关账"))
    earlier = (
        Day.objects.filter(date__lt=day.date, checked_at__isnull=False)
        .exclude(state=DayState.CLOSED)
        .order_by("date")
        .values_list("date", flat=True)
        .first()
    )
    if earlier is not None:
        why.append(_("请先关 %s 的账，再关后面的") % earlier.isoformat())
    return why
