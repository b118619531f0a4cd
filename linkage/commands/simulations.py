"""Simulations: asked for, run by a worker, cancelled, kept. Nothing of them is written to the books."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linkage.digests import params_digest
from linkage.models import PlanVersion, RunKind, RunState, SimulationRun, Stream
from linkage.queries import version_in_force
from linkage.rules.whatif import Scenario, ScenarioError
from linkage.simulating import simulate_side_by_side
from members.models import Member

BEAT_SECONDS = 1.0
SILENT = timedelta(seconds=90)
OPEN_MAX = 5
COPY_DAYS_MAX = 730


class SimulationRefused(Exception):
    """This simulation cannot be run; the message says why."""


class _Stopped(Exception):
    """Somebody cancelled the run, or took it for dead."""


def ask_simulation(
    *, version: int, kind: str, inputs: dict[str, Any], by: Member, at: datetime, anew: bool = False
) -> SimulationRun:
    """Ask for a simulation of a version beside the one in force: an invented tree (`inputs` as `Scenario` takes them),
    or what happened in the last `days`. One that was run with the same inputs against the same version is given again,
    unless `anew`. Raises SimulationRefused."""
    if not by.has_perm("linkage.draft_plan") and not by.has_perm("linkage.publish_plan"):
        raise SimulationRefused(_("你没有试算的权限"))
    plan = PlanVersion.objects.filter(version=version).first()
    if plan is None or plan.params is None:
        raise SimulationRefused(_("关闭 2+1 的版本不发奖励，没有可试算的内容"))
    seed, size, checked = _checked_inputs(kind, inputs)
    base = version_in_force(at=at)
    base_params = base.params if base is not None else None
    run = SimulationRun(
        plan=plan,
        params=plan.params,
        digest=params_digest(plan.params),
        base_version=base.version if base is not None and base_params is not None else None,
        base_params=base_params,
        kind=kind,
        inputs=checked,
        seed=seed,
        size=size,
        asked_at=at,
        asked_by=by,
    )
    with transaction.atomic():
        before = _same(run, since=plan.edited_at)
        if before is not None and (before.is_open or not anew):
            return before
        if SimulationRun.objects.filter(state__in=[RunState.WAITING, RunState.RUNNING]).count() >= OPEN_MAX:
            raise SimulationRefused(_("已有多个试算在排队，请等它们结束或取消几个"))
        run.save(force_insert=True)
        _ring(run.pk)
    return run


def run_simulation(*, run_id: int, tick: Callable[[], datetime]) -> SimulationRun:
    """Run a waiting simulation to its end; one that is not waiting is left alone. `tick` tells the time, for the beats
    by which others see that the worker lives."""
    began = SimulationRun.objects.filter(pk=run_id, state=RunState.WAITING)
    now = tick()
    if not began.update(state=RunState.RUNNING, started_at=now, beat_at=now):
        return SimulationRun.objects.get(pk=run_id)
    run = SimulationRun.objects.get(pk=run_id)
    mine = SimulationRun.objects.filter(pk=run_id, state=RunState.RUNNING)
    last = monotonic()

    def tell(done_bps: int) -> None:
        nonlocal last
        if monotonic() - last >= BEAT_SECONDS:
            last = monotonic()
            if not mine.update(progress_bps=min(done_bps, 10_000), beat_at=tick()):
                raise _Stopped

    try:
        result = simulate_side_by_side(run, tell=tell)
    except _Stopped:
        return SimulationRun.objects.get(pk=run_id)
    except Exception as error:
        mine.update(state=RunState.FAILED, finished_at=tick(), failure=f"{type(error).__name__}: {error}"[:200])
        raise
    mine.update(state=RunState.DONE, result=result, progress_bps=10_000, finished_at=tick())
    return SimulationRun.objects.get(pk=run_id)


def cancel_simulation(*, run_id: int, by: Member, at: datetime) -> SimulationRun:
    """Cancel a simulation that has not ended; its worker stops at its next beat. Raises SimulationRefused."""
    if not by.has_perm("linkage.draft_plan") and not by.has_perm("linkage.publish_plan"):
        raise SimulationRefused(_("你没有试算的权限"))
    opened = SimulationRun.objects.filter(pk=run_id, state__in=[RunState.WAITING, RunState.RUNNING])
    if not opened.update(state=RunState.CANCELLED, finished_at=at):
        raise SimulationRefused(_("这次试算已经结束"))
    return SimulationRun.objects.get(pk=run_id)


def sweep_simulations(*, at: datetime) -> int:
    """Mark as interrupted what runs without a beat: its worker is gone. Ring for what waits. Return how many."""
    gone = SimulationRun.objects.filter(state=RunState.RUNNING, beat_at__lt=at - SILENT)
    interrupted = gone.update(state=RunState.INTERRUPTED, finished_at=at)
    waiting = SimulationRun.objects.filter(state=RunState.WAITING, asked_at__lt=at - timedelta(seconds=30))
    for run_id in waiting.values_list("pk", flat=True):
        _ring(run_id)
    return interrupted


def _checked_inputs(kind: str, inputs: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
    """Return seed, size and the inputs as they are kept."""
    if kind == RunKind.SYNTHETIC:
        try:
            scenario = Scenario(**inputs)
        except ScenarioError as error:
            raise SimulationRefused(_("试算的输入超出范围：%s") % error) from error
        return scenario.seed, scenario.size, scenario.as_dict
    days = inputs.get("days")
    if kind != RunKind.COPY or type(days) is not int or not 1 <= days <= COPY_DAYS_MAX:
        raise SimulationRefused(_("回放的天数须在 1 到 %d 之间") % COPY_DAYS_MAX)
    until = Stream.objects.values_list("last_number", flat=True).first() or 0
    if not until:
        raise SimulationRefused(_("还没有可以回放的事件，请用合成关系树试算"))
    return 0, 0, {"days": days, "until": until}


def _same(run: SimulationRun, *, since: datetime | None) -> SimulationRun | None:
    """Return the last run with the same inputs, params and comparison, asked for since the last edit."""
    known = SimulationRun.objects.filter(
        digest=run.digest,
        kind=run.kind,
        inputs=run.inputs,
        base_version=run.base_version,
        state__in=[RunState.WAITING, RunState.RUNNING, RunState.DONE],
    )
    if since is not None:
        known = known.filter(asked_at__gte=since)
    return known.order_by("-id").first()


def _ring(run_id: int) -> None:
    from linkage.tasks import simulate

    transaction.on_commit(partial(simulate.ring, run_id), robust=True)
