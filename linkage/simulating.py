"""Two plans laid side by side, over an invented tree or over a copy of what happened. Only reads the database."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from linkage.audit import EVENT_FIELDS, apply_settled
from linkage.models import EventKind, LinkageEvent, PlanVersion, RunKind, SimulationRun
from linkage.rules import engine
from linkage.rules.plan import Plan, parse_plan
from linkage.rules.whatif import Course, Figures, Scenario, comparison, figures_of, play

# The version that a simulated plan has in its own book.
TRIED = 0
CHUNK = 5_000
Tell = Callable[[int], None]


def simulate_side_by_side(run: SimulationRun, *, tell: Tell = lambda done_bps: None) -> dict[str, Any]:
    """Return what a run comes to: figures `after` (its params) and `before` (those in force, if any) and who gains and
    loses. `tell` hears how far it is, in basis points; what it raises ends the run."""
    plan = parse_plan(run.params)[0]
    base = parse_plan(run.base_params)[0] if run.base_params is not None else None
    with _no_collection():
        before = None
        if base is not None:
            before = _figures(run, base, lambda bps: tell(bps // 2))
            # Orders and rewards name each other: the first book goes before the second one grows.
            gc.collect()
        after = _figures(run, plan, tell if base is None else lambda bps: tell(5_000 + bps // 2))
    return {
        "before": before.shown if before is not None else None,
        "after": after.shown,
        "groups": comparison(before, after) if before is not None else [],
    }


def _figures(run: SimulationRun, plan: Plan, tell: Tell) -> Figures:
    if run.kind == RunKind.SYNTHETIC:
        scenario = Scenario(**run.inputs)
        course = Course({TRIED: plan}, TRIED, days=scenario.days)
        play(course, scenario, tell=lambda done, of: tell(done * 9_000 // of))
    else:
        course = _replayed(plan, run.inputs["days"], run.inputs["until"], tell)
    tell(9_500)
    return figures_of(course, seed=run.seed)


def _replayed(plan: Plan, days: int, until: int, tell: Tell) -> Course:
    """Return the course of what happened up to event number `until`, packs paid in the last `days` being settled under
    `plan`, older ones under their own. Shards share one book: where their clocks differ the later one counts."""
    plans = {version.version: found for version in PlanVersion.objects.all() if (found := version.plan) is not None}
    last = LinkageEvent.objects.filter(number__lte=until).order_by("-number").first()
    assert last is not None
    assert last.effective_at is not None
    end = int(last.effective_at.timestamp())
    begins_at = end - days * engine.DAY
    course = Course({**plans, TRIED: plan}, TRIED, begins_at=begins_at, days=days)
    begun, today = False, 0
    for number, _shard, kind, effective_at, *row in _settled(until):
        at = max(int(effective_at.timestamp()), course.book.now)
        if not begun and at >= begins_at:
            begun = True
            course.book.tick(begins_at)
            course.begin()
        while begun and (at - begins_at) // engine.DAY > today:
            today += 1
            course.book.tick(begins_at + today * engine.DAY)
            course.day_ends(today)
        try:
            _apply(course, kind, at, row)
        except engine.Refused:
            course.refused += begun
        if number % 1_000 == 0:
            tell(number * 9_000 // until)
    course.day_ends(days, last=True)
    return course


def _apply(course: Course, kind: str, at: int, row: list[Any]) -> None:
    member_id, _referrer, order_id, _reference, packs, version = row[:6]
    if kind == EventKind.ORDER:
        course.order(at, order_id, member_id, packs, TRIED if at >= course.begins_at else version)
    elif kind == EventKind.REFUND:
        if course.book.orders.get(order_id) is None:
            raise engine.Refused("the order is unknown")
        course.refund(at, order_id)
    else:
        apply_settled(course.book, kind, at, *row)


def _settled(until: int) -> Iterator[tuple[Any, ...]]:
    """Yield the settled events in their order, a page at a time: no cursor is kept open for minutes."""
    events = LinkageEvent.objects.order_by("number").values_list(*EVENT_FIELDS)
    reached = 0
    while rows := list(events.filter(number__gt=reached, number__lte=until)[:CHUNK]):
        yield from rows
        reached = rows[-1][0] or until


@contextmanager
def _no_collection() -> Iterator[None]:
    """A growing book holds no garbage, and looking for it again and again would cost a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
