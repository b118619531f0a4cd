"""Hears of every recurring task that ends, wherever it ran, and writes down what became of it; hears beat ring.

All of this goes by the machine's own time: whether work is done on time does not depend on the demo's clock.
"""

import logging
from time import monotonic
from typing import Any

from celery import current_app
from celery.signals import after_task_publish, beat_init, task_postrun, task_prerun
from django.core.cache import cache
from django.db import DatabaseError

from mall.core import clock

BEAT_KEY = "insights:beat"
logger = logging.getLogger(__name__)
_began: dict[str, float] = {}
_is_beat = False


def listen() -> None:
    """Begin to hear."""
    task_prerun.connect(_begin, dispatch_uid="insights begin")
    task_postrun.connect(_end, dispatch_uid="insights end")
    beat_init.connect(_be_beat, dispatch_uid="insights beat")
    after_task_publish.connect(_tick, dispatch_uid="insights tick")


def recurring() -> dict[str, Any]:
    """Return how often each recurring task is due (`timedelta`), by its name."""
    return {entry["task"]: entry["schedule"] for entry in current_app.conf.beat_schedule.values()}


def _begin(task_id: str = "", task: Any = None, **signal: Any) -> None:
    if task is not None and task.name in recurring():
        _began[task_id] = monotonic()


def _end(task_id: str = "", task: Any = None, state: str = "", retval: Any = None, **signal: Any) -> None:
    began = _began.pop(task_id, None)
    if began is None:
        return
    from insights.commands import record_run

    failure = "" if state == "SUCCESS" else type(retval).__name__ if isinstance(retval, BaseException) else state
    try:
        record_run(
            task=task.name,
            at=clock.device_now(),
            milliseconds=round(1000 * (monotonic() - began)),
            failure=failure,
        )
    except DatabaseError:
        logger.warning("the end of %s was not written down", task.name)


def _be_beat(**signal: Any) -> None:
    global _is_beat
    _is_beat = True


def _tick(**signal: Any) -> None:
    """Beat rang: remembered for as long as nobody would believe it lives without another ring."""
    if not _is_beat:
        return
    try:
        cache.set(BEAT_KEY, clock.device_now(), timeout=86_400)
    except Exception:
        logger.warning("beat's ring was not written down")
