"""How the machinery stands: rows that wait, the database, the queue, recurring work."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from insights.listening import BEAT_KEY, recurring
from insights.models import JobRun
from linkage.models import LinkageEvent, RunState, SimulationRun
from members.models import DataExport
from orders.models import Order, OrderState, Parcel, Payment, PaymentState, Purchase, PurchaseState, Refund, RefundState
from payouts.models import Withdrawal, WithdrawalState
from reconciliation.models import Check, CheckState

COUNTED_MAX = 1_000
WORKERS_SECONDS = 0.5
# Beat rings something every fifteen seconds.
BEAT_LATE = timedelta(minutes=2)
LATE_MORE = timedelta(minutes=2)
BACKUP_LATE = timedelta(hours=26)
MINUTES = timedelta(minutes=1)

OK, FAILING, LATE, NEVER = "ok", "failing", "late", "never"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An inbox or outbox: how many rows wait (`COUNTED_MAX`: so many at least), since when the oldest does, and for how
    long none should."""

    label: str
    count: int
    oldest_at: datetime | None
    patience: timedelta
    is_late: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A recurring task, how often it is due, how it went last, and what that means."""

    task: str
    every: timedelta
    run: JobRun | None
    state: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue: messages that nobody took, and messages at work; none where it does not answer. `workers` answered
    within half a second."""

    waiting: int | None
    at_work: int | None
    workers: list[str]
    beat_at: datetime | None
    is_beat_late: bool


@dataclass(frozen=True, slots=True)
class Database:
    """What the database tells of itself, as far as the application's role may ask."""

    version: str
    bytes: int
    connections: int
    connections_max: int
    replicas: int
    is_replica: bool
    archived_at: datetime | None
    archive_failed_at: datetime | None
    unapplied: int
    backup_at: datetime | None
    is_backup_late: bool


def waiting(*, at: datetime) -> list[Waiting]:
    """Return what waits for a worker, one question each, by indexes of what waits."""
    found = []
    for label, rows, column, patience in _SOURCES:
        moments = list(rows(at).order_by(column).values_list(column, flat=True)[:COUNTED_MAX])
        oldest = moments[0] if moments else None
        is_late = oldest is not None and at - oldest > patience
        found.append(Waiting(str(label), len(moments), oldest, patience, is_late))
    return found


def jobs(*, now: datetime) -> list[Job]:
    """Return every recurring task, by the machine's own time, what is wrong first."""
    runs = JobRun.objects.in_bulk(list(recurring()))
    found = [
        Job(task, every, runs.get(task), _state(runs.get(task), every, now)) for task, every in recurring().items()
    ]
    order = (FAILING, LATE, NEVER, OK)
    return sorted(found, key=lambda job: (order.index(job.state), job.task))


def queue(*, now: datetime) -> Queue:
    """Ask the queue and its workers; what does not answer within half a second is not there."""
    waits = at_work = None
    try:
        client = redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1)
        waits, at_work = int(client.llen(current_app.conf.task_default_queue)), int(client.hlen("unacked"))
    except redis.RedisError:
        pass
    workers: list[str] = []
    if waits is not None:
        try:
            answers = current_app.control.ping(timeout=WORKERS_SECONDS) or []
            workers = sorted(name for answer in answers for name in answer)
        except (OperationalError, OSError):
            pass
    beat_at = _cached(BEAT_KEY)
    return Queue(waits, at_work, workers, beat_at, beat_at is None or now - beat_at > BEAT_LATE)


def database(*, now: datetime) -> Database:
    """Ask the database about itself, and when the last backup was stamped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), pg_database_size(current_database()),"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),"
            " current_setting('max_connections')::int, (SELECT count(*) FROM pg_stat_replication),"
            " pg_is_in_recovery(), last_archived_time, last_failed_time FROM pg_stat_archiver"
        )
        version, size, connections, most, replicas, is_replica, archived_at, failed_at = cursor.fetchone()
    backup_at = stamped()
    return Database(
        version=version.split()[0],
        bytes=size,
        connections=connections,
        connections_max=most,
        replicas=replicas,
        is_replica=is_replica,
        archived_at=archived_at,
        archive_failed_at=failed_at if failed_at and (archived_at is None or failed_at > archived_at) else None,
        unapplied=unapplied(),
        backup_at=backup_at,
        is_backup_late=backup_at is None or now - backup_at > BACKUP_LATE,
    )


def stamped() -> datetime | None:
    """Return when the file that the backup touches was touched last; none where there is no such file."""
    if not settings.BACKUP_STAMP:
        return None
    try:
        return datetime.fromtimestamp(os.stat(settings.BACKUP_STAMP).st_mtime, UTC)
    except OSError:
        return None


def unapplied() -> int:
    """Return how many migrations this program has and the database has not."""
    loader = MigrationLoader(connection)
    return len(set(loader.disk_migrations) - set(loader.applied_migrations or ()))


def _state(run: JobRun | None, every: timedelta, now: datetime) -> str:
    if run is None:
        return NEVER
    if run.failures:
        return FAILING
    return LATE if now - run.ended_at > 2 * every + LATE_MORE else OK


def _cached(key: str) -> Any:
    try:
        return cache.get(key)
    except Exception:
        return None


Rows = Callable[[datetime], Any]
_SOURCES: tuple[tuple[Any, Rows, str, timedelta], ...] = (
    (_("待结算事件"), lambda at: LinkageEvent.objects.filter(number=None, refusal=""), "created_at", 5 * MINUTES),
    (
        _("要问渠道的付款"),
        lambda at: Payment.objects.filter(ask_at__lte=at, state__in=[PaymentState.CREATED, PaymentState.CLOSED]),
        "ask_at",
        10 * MINUTES,
    ),
    (
        _("过期未付的订单"),
        lambda at: Purchase.objects.filter(state=PurchaseState.PLACED, expires_at__lte=at),
        "expires_at",
        10 * MINUTES,
    ),
    (
        _("待提交的退款"),
        lambda at: Refund.objects.filter(state=RefundState.REQUESTED),
        "created_at",
        15 * MINUTES,
    ),
    (
        _("渠道还没答复的退款"),
        lambda at: Refund.objects.filter(state=RefundState.SENT),
        "created_at",
        24 * 60 * MINUTES,
    ),
    (
        _("结果未知的打款"),
        lambda at: Withdrawal.objects.filter(state=WithdrawalState.SENDING),
        "released_at",
        60 * MINUTES,
    ),
    (
        _("没有轨迹的包裹"),
        lambda at: (
            Parcel.objects.filter(announced_at=None, delivered_at=None)
            if settings.CARRIER_GATEWAY
            else Parcel.objects.none()
        ),
        "shipped_at",
        60 * MINUTES,
    ),
    (
        _("该自动收货的订单"),
        lambda at: Order.objects.filter(state=OrderState.SHIPPED, auto_receive_at__lte=at),
        "auto_receive_at",
        60 * MINUTES,
    ),
    (_("个人数据副本"), lambda at: DataExport.objects.filter(ready_at=None), "requested_at", 10 * MINUTES),
    (_("规则试算"), lambda at: SimulationRun.objects.filter(state=RunState.WAITING), "asked_at", 10 * MINUTES),
    (_("对账核对"), lambda at: Check.objects.filter(state=CheckState.WAITING), "asked_at", 10 * MINUTES),
)
