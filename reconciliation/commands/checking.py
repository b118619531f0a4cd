"""A check of a day: fetch bills that are missing, ask channels about transfers, compare, and keep what was found."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mall.core.ids import SHANGHAI
from members.models import Member
from orders.commands import fetch_missing_bills
from orders.models import ProviderBill
from payouts.commands import ask_channel
from reconciliation.comparing import Compared, Found, Invariant, bounds, compare_day, invariants, transfers_to_ask
from reconciliation.models import Check, CheckState, Day, DayState, Item, ItemState, TransferAnswer
from reconciliation.rules import ASKED_MAX, LOOK_BACK_DAYS

from .refusals import CHECK, ReconciliationRefused, need

SILENT = timedelta(seconds=120)
WAITING = timedelta(seconds=30)
PAST_DAYS_MAX = 400
OPEN = (CheckState.WAITING, CheckState.RUNNING)


class _Stopped(Exception):
    """Somebody took the check for dead."""


def ask_check(*, day: date, by: Member | None, at: datetime) -> Check:
    """Ask for a day to be checked; one that waits or runs already is given again. Raises ReconciliationRefused for a
    day that is to come or was closed."""
    if by is not None:
        need(by, CHECK)
    today = at.astimezone(SHANGHAI).date()
    if not today - timedelta(days=PAST_DAYS_MAX) <= day <= today:
        raise ReconciliationRefused(_("只能核对今天和以前 %d 天之内的日子") % PAST_DAYS_MAX)
    found, _created = Day.objects.get_or_create(date=day)
    if found.state != DayState.OPEN:
        raise ReconciliationRefused(_("这一天是“%s”，不能重新核对") % found.get_state_display())
    try:
        with transaction.atomic():
            check = Check.objects.create(day=found, asked_by=by, asked_at=at)
    except IntegrityError:
        return Check.objects.filter(day=found).latest("id")
    _ring(check.pk)
    return check


def run_check(*, check_id: int, tick: Callable[[], datetime]) -> Check:
    """Run a check that waits; another one is left alone. No transaction may be open: it waits for providers."""
    now = tick()
    began = Check.objects.filter(pk=check_id, state=CheckState.WAITING)
    if not began.update(state=CheckState.RUNNING, beat_at=now):
        return Check.objects.get(pk=check_id)
    check = Check.objects.select_related("day").get(pk=check_id)
    mine = Check.objects.filter(pk=check_id, state=CheckState.RUNNING)

    def tell(step: str, done_bps: int) -> None:
        if not mine.update(step=step, progress_bps=done_bps, beat_at=tick()):
            raise _Stopped

    try:
        count = _check(check.day, tell, tick)
    except _Stopped:
        return Check.objects.get(pk=check_id)
    except Exception as error:
        mine.update(state=CheckState.FAILED, finished_at=tick(), failure=f"{type(error).__name__}: {error}"[:200])
        raise
    mine.update(state=CheckState.DONE, progress_bps=10_000, found=count, finished_at=tick())
    return Check.objects.get(pk=check_id)


def sweep_checks(*, at: datetime) -> int:
    """Mark as interrupted what runs without a beat: its worker is gone. Ring for what waits. Return how many."""
    gone = Check.objects.filter(state=CheckState.RUNNING, beat_at__lt=at - SILENT)
    interrupted = gone.update(state=CheckState.INTERRUPTED, finished_at=at)
    waiting = Check.objects.filter(state=CheckState.WAITING, asked_at__lt=at - WAITING)
    for check_id in waiting.values_list("pk", flat=True):
        _ring(check_id)
    return interrupted


def check_yesterday(*, at: datetime) -> Check | None:
    """Have yesterday checked, and again once its bills are there, unless it was closed."""
    day = (at.astimezone(SHANGHAI) - timedelta(days=1)).date()
    found = Day.objects.filter(date=day).first()
    if found is not None and found.state != DayState.OPEN:
        return None
    news = ProviderBill.objects.filter(day=day)
    if found is not None and found.checked_at is not None:
        news = news.filter(fetched_at__gt=found.checked_at)
        if found.checked_at >= bounds(day)[1] and not news.exists():
            return None
    return ask_check(day=day, by=None, at=at)


def _check(day: Day, tell: Callable[[str, int], None], tick: Callable[[], datetime]) -> int:
    since, until = bounds(day.date)
    tell("bills", 500)
    fetch_missing_bills(day=day.date, at=tick())
    withdrawals = transfers_to_ask(since=since, until=until, limit=ASKED_MAX)
    for place, withdrawal in enumerate(withdrawals):
        tell("transfers", 1_500 + 4_500 * place // len(withdrawals))
        said = ask_channel(withdrawal=withdrawal, at=tick())
        if said is not None:
            values = {"state": said.state, "amount_fen": said.amount_fen, "reference": said.reference}
            TransferAnswer.objects.update_or_create(
                number=withdrawal.number, defaults={**values, "answered_at": tick()}
            )
    tell("compare", 6_000)
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        own = compare_day(day.date)
        others = {one: compare_day(one).found for one in _days_to_look_at_again(day)}
        proven = invariants()
    tell("keep", 9_000)
    return _keep(day, own, others, proven, tick())


def _days_to_look_at_again(day: Day) -> list[date]:
    """Return closed days of which news may have come: the last few, those whose bill was replaced since, and those of
    which items are open here."""
    recent = Q(date__gte=day.date - timedelta(days=LOOK_BACK_DAYS), date__lt=day.date)
    fetched = ProviderBill.objects.filter(day__lt=day.date).exclude(day__lt=day.date - timedelta(days=PAST_DAYS_MAX))
    closed = {one.date: one.decided_at for one in Day.objects.filter(state=DayState.CLOSED) if one.decided_at}
    late = {one for one, at in fetched.values_list("day", "fetched_at") if at > closed.get(one, at)}
    mine = Item.objects.filter(day=day, state__in=[ItemState.OPEN, ItemState.PROPOSED]).exclude(date=day.date)
    near = Day.objects.filter(recent, state=DayState.CLOSED).values_list("date", flat=True)
    return sorted({*near, *late, *mine.values_list("date", flat=True)})


def _keep(day: Day, own: Compared, others: dict[date, list[Found]], proven: Iterable[Invariant], at: datetime) -> int:
    """Write what was found: new items, changed ones, and those that differ no longer. Returns how many are open."""
    with transaction.atomic(durable=True):
        locked = Day.objects.select_for_update().get(pk=day.pk)
        if locked.state != DayState.OPEN:
            raise ReconciliationRefused(_("这一天已经关账，核对结果没有写入"))
        _keep_items(locked, locked.date, own.found, at)
        for other, found in others.items():
            _keep_items(locked, other, found, at)
        locked.figures = {
            "rows": [row.as_json() for row in own.rows],
            "invariants": [one.as_json() for one in proven],
        }
        locked.checked_at = at
        locked.save(update_fields=["figures", "checked_at"])
        return Item.objects.filter(day=locked, state__in=[ItemState.OPEN, ItemState.PROPOSED]).count()


def _keep_items(day: Day, belongs: date, found: list[Found], at: datetime) -> None:
    of_date = Item.objects.filter(date=belongs).order_by("id")
    known = {
        (item.part, item.provider, item.number): item for item in sorted(of_date, key=lambda one: one.day_id == day.pk)
    }
    seen = {one.key: one for one in found}
    news = [
        one
        for key, one in seen.items()
        if key not in known or (known[key].day_id != day.pk and _differs(known[key], one))
    ]
    Item.objects.bulk_create([_item(day, belongs, one, at) for one in news], batch_size=500)
    for key, item in known.items():
        if item.day_id == day.pk:
            _renew(item, seen.get(key), at)


def _renew(item: Item, found: Found | None, at: datetime) -> None:
    """Bring an item up to date: gone where the books agree now, open again where they differ in another way."""
    if found is None:
        if item.waits:
            item.state, item.ended_at, item.how, item.note = ItemState.GONE, at, "", ""
            item.proposed_by = item.proposed_at = None
            item.save()
    elif item.state == ItemState.GONE or _differs(item, found):
        fresh = _item(item.day, item.date, found, at)
        fresh.pk, fresh.found_at = item.pk, item.found_at
        fresh.save(force_update=True)


def _differs(item: Item, found: Found) -> bool:
    return (item.cause, item.document_fen, item.channel_fen, item.ledger_fen) != (
        found.cause.value,
        found.document_fen,
        found.channel_fen,
        found.ledger_fen,
    )


def _item(day: Day, belongs: date, found: Found, at: datetime) -> Item:
    return Item(
        day=day,
        date=belongs,
        part=found.part.value,
        provider=found.provider,
        number=found.number,
        title=found.title[:120],
        cause=found.cause.value,
        document_fen=found.document_fen,
        channel_fen=found.channel_fen,
        ledger_fen=found.ledger_fen,
        evidence=found.evidence,
        found_at=at,
        state=ItemState.OPEN,
    )


def _ring(check_id: int) -> None:
    from reconciliation.tasks import check

    transaction.on_commit(partial(check.ring, check_id), robust=True)
