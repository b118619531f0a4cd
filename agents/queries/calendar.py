"""What becomes available when: a month of days, and what is still without a date."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.models import AccountKind, Posting, account_id
from ledger.queries import entry_name, member_balances
from linkage.models import Commission, Hold, Reward, RewardKind
from linkage.queries import maturing_by_day, plans_by_version
from mall.core.ids import SHANGHAI
from mall.core.names import masked_name
from members.models import Member
from payouts.models import Withdrawal, WithdrawalState

from .coming import expiries_by_day, may_be_released, without_date_fen
from .home import UNDECIDED
from .periods import Period, month_of
from .sums import arrived_by_day

ITEMS_MAX = 50
WAITING_MAX = 20
NEWEST = 100
# Kinds of a day's sums.
ARRIVED, MATURING, RELEASING, FORFEITING, PAID_OUT = "arrived", "maturing", "releasing", "forfeiting", "paid_out"
# A hold that ends before its order has matured: then it only joins what is pending.
THAWING = "thawing"


@dataclass(slots=True)
class Day:
    """A day of the grid: fen by what happens to them on it."""

    date: date
    sums: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, fen: int) -> None:
        if fen:
            self.sums[what] = self.sums.get(what, 0) + fen

    @property
    def key(self) -> str:
        return str(self.date.day)

    @property
    def available_fen(self) -> int:
        """What became or becomes available."""
        return sum(self.sums.get(what, 0) for what in (ARRIVED, MATURING, RELEASING))

    @property
    def forfeiting_fen(self) -> int:
        """What is lost to the support fund unless a seed user's tasks are done by then."""
        return self.sums.get(FORFEITING, 0)

    @property
    def paid_out_fen(self) -> int:
        return self.sums.get(PAID_OUT, 0)

    @property
    def at(self) -> datetime:
        """Some instant of the day, for showing it."""
        return datetime(self.date.year, self.date.month, self.date.day, 12, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Item:
    """Something of one day: words, an amount, and the page that explains it: a reward's or a withdrawal's."""

    what: str
    title: str
    note: str
    amount_fen: int
    reward_id: int | None = None
    line_id: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reward or a commission of an order that was not received yet: available so many days after receipt."""

    paid_at: datetime
    title: str
    who: str
    days: int
    amount_fen: int
    reward_id: int | None = None
    line_id: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class MonthOfDays:
    """The month as weeks from Monday to Sunday, with gaps before its first and after its last day."""

    period: Period
    days: list[Day]
    waiting: list[Waiting]
    has_more_waiting: bool
    waiting_fen: int
    on_the_way: list[Withdrawal]

    @property
    def weeks(self) -> list[list[Day | None]]:
        gaps: list[Day | None] = [None] * self.days[0].date.weekday()
        cells = [*gaps, *self.days]
        cells += [None] * (-len(cells) % 7)
        return [cells[start : start + 7] for start in range(0, len(cells), 7)]

    @property
    def busy_days(self) -> list[Day]:
        return [day for day in self.days if day.sums]

    @property
    def coming_fen(self) -> int:
        """What is still to become available in this month."""
        return sum(day.sums.get(what, 0) for day in self.days for what in (MATURING, RELEASING))

    @property
    def before(self) -> Period:
        return month_of(self.period.start - timedelta(days=1))

    @property
    def after(self) -> Period:
        return month_of(self.period.end)


def calendar(*, member: Member, period: Period, at: datetime) -> MonthOfDays:
    """Return a month of days, in a fixed number of queries."""
    first = timezone.localtime(period.start).date()
    days = {(day := first + timedelta(days=place)): Day(day) for place in range(monthrange(first.year, first.month)[1])}
    for day, total in arrived_by_day(member=member, period=period).items():
        days[day].add(ARRIVED, total)
    for day, total in maturing_by_day(member_id=member.pk):
        if day in days:
            days[day].add(MATURING, total)
    for day, total in _by_day(_selling(member, period), "matures_at", F("amount_fen")):
        days[day].add(MATURING, total)
    for day, what, total in _expiries(member, period, days):
        days[day].add(what, total)
    for asked in _paid_out(member, period):
        if asked.paid_at is not None:
            days[timezone.localtime(asked.paid_at).date()].add(PAID_OUT, asked.net_fen)
    waiting, has_more, total = _waiting(member)
    on_the_way = Withdrawal.objects.filter(member=member, state__in=UNDECIDED).order_by("id")
    return MonthOfDays(period, list(days.values()), waiting, has_more, total, list(on_the_way[:WAITING_MAX]))


def day_items(*, member: Member, day: Period) -> tuple[list[Item], bool]:
    """Return what happens on one day, and whether there is more than is shown; a fixed number of queries."""
    items: list[Item] = []
    arrived = _arrived(member, day).order_by("entry__at", "id").select_related("entry")[: ITEMS_MAX + 1]
    for posting in arrived:
        when = f"{timezone.localtime(posting.entry.at):%H:%M}"
        items.append(Item(ARRIVED, entry_name(posting.entry.kind), when, -posting.amount_fen))
    maturing = list(_maturing(member, day).order_by("order__matures_at", "id")[: ITEMS_MAX + 1])
    expiring = list(_expiring(member, day).order_by("held_until", "id")[: ITEMS_MAX + 1])
    selling = list(_selling(member, day).order_by("matures_at", "line")[: ITEMS_MAX + 1])
    buyers = [row.order.member_id for row in maturing] + [row.order.member_id for row in selling]
    names = _names([*buyers, *(row.seed_id for row in expiring)])
    lost = _lost_at_expiry({row.order.plan_version for row in expiring})
    for row in maturing:
        free = _free_fen(row)
        if free:
            title = str(RewardKind(row.kind).label)
            items.append(Item(MATURING, title, names[row.order.member_id], free, reward_id=row.pk))
    for sale in selling:
        who = names[sale.order.member_id]
        items.append(Item(MATURING, _("零售佣金"), who, sale.amount_fen, line_id=sale.pk))
    for row in expiring:
        what = _expiry(row.order.plan_version in lost, row.order.matured)
        note = _("等%(seed)s完成任务") % {"seed": names[row.seed_id]}
        items.append(Item(what, str(RewardKind(row.kind).label), note, row.held_fen, reward_id=row.pk))
    for asked in _paid_out(member, day):
        items.append(Item(PAID_OUT, _("提现到账"), asked.number, asked.net_fen, number=asked.number))
    most = max(len(arrived), len(maturing), len(selling), len(expiring))
    return items, most > ITEMS_MAX


def _arrived(member: Member, period: Period) -> QuerySet[Posting]:
    """What became available already: credits to the account, but for withdrawals that came back."""
    return Posting.objects.filter(
        account_id=account_id(AccountKind.AVAILABLE, member.pk),
        amount_fen__lt=0,
        entry__at__gte=period.start,
        entry__at__lt=period.end,
    ).exclude(entry__kind="withdrawal_return")


def _maturing(member: Member, period: Period) -> QuerySet[Reward]:
    return Reward.objects.filter(
        member=member,
        reversed=False,
        order__matured=False,
        order__matures_at__gte=period.start,
        order__matures_at__lt=period.end,
    ).select_related("order")


def _selling(member: Member, period: Period) -> QuerySet[Commission]:
    return Commission.objects.filter(
        member=member,
        amount_fen__gt=0,
        matured=False,
        matures_at__gte=period.start,
        matures_at__lt=period.end,
    ).select_related("order")


def _expiring(member: Member, period: Period) -> QuerySet[Reward]:
    return Reward.objects.filter(
        member=member,
        reversed=False,
        hold=Hold.ACTIVE,
        held_until__gte=period.start,
        held_until__lt=period.end,
    ).select_related("order")


def _paid_out(member: Member, period: Period) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(
        member=member, state=WithdrawalState.PAID, paid_at__gte=period.start, paid_at__lt=period.end
    ).order_by("paid_at", "id")


def _expiries(member: Member, period: Period, days: Iterable[date]) -> Iterable[tuple[date, str, int]]:
    """Yield what is held until each day, and what becomes of it then."""
    if not may_be_released():
        for day, total in expiries_by_day(member=member, days=days, period=period).items():
            yield day, FORFEITING, total
        return
    expiring = (
        _expiring(member, period)
        .order_by()
        .annotate(day=TruncDate("held_until"))
        .values_list("day", "order__plan_version", "order__matured")
        .annotate(total=Sum("held_fen"))
    )
    rows = list(expiring)
    lost = _lost_at_expiry({version for _, version, _, _ in rows})
    for day, version, matured, total in rows:
        yield day, _expiry(version in lost, matured), total


def _by_day(rows: QuerySet, field: str, amount: object) -> Iterable[tuple[date, int]]:
    summed = rows.order_by().annotate(day=TruncDate(field)).values_list("day").annotate(total=Sum(amount))
    return list(summed)


def _waiting(member: Member) -> tuple[list[Waiting], bool, int]:
    """Return what orders on their way will bring: the latest of it in full, whether there is more, and all of it in
    fen."""
    sales = Commission.objects.filter(member=member, amount_fen__gt=0, matured=False, received_at=None)
    total = without_date_fen(member=member, pending_fen=member_balances(holder_id=member.pk).pending_fen)
    sold: int = sales.aggregate(total=Coalesce(Sum("amount_fen"), 0))["total"]
    shown = _latest_waiting(member, total - sold)
    shown_sales = list(sales.select_related("order").order_by("-paid_at", "-line")[: WAITING_MAX + 1])
    names = _names([row.order.member_id for row in shown] + [sale.order.member_id for sale in shown_sales])
    plans = plans_by_version({row.order.plan_version for row in shown})
    waiting = []
    for row in shown:
        free = _free_fen(row)
        plan = plans.get(row.order.plan_version)
        days = plan.cooling_off_days if plan is not None else 0
        title, who = str(RewardKind(row.kind).label), names[row.order.member_id]
        waiting.append(Waiting(row.order.paid_at, title, who, days, free, reward_id=row.pk))
    for sale in shown_sales:
        who = names[sale.order.member_id]
        waiting.append(Waiting(sale.paid_at, _("零售佣金"), who, sale.days, sale.amount_fen, line_id=sale.pk))
    waiting.sort(key=lambda one: one.paid_at, reverse=True)
    return waiting[:WAITING_MAX], len(waiting) > WAITING_MAX, total


def _latest_waiting(member: Member, total: int) -> list[Reward]:
    """Return the latest rewards of orders that were not received yet, `total` being what all of them bring. They are
    looked for among the newest rewards; all are gone through only where something older waits, too."""
    if not total:
        return []
    own = Reward.objects.filter(member=member).order_by("-id")
    is_waiting = Q(reversed=False, order__matured=False, order__received_at=None)
    newest = own.filter(pk__in=list(own.values_list("pk", flat=True)[:NEWEST]))
    found = list(newest.filter(is_waiting).select_related("order")[: WAITING_MAX + 1])
    if len(found) > WAITING_MAX or sum(map(_free_fen, found)) == total:
        return found
    return list(own.filter(is_waiting).select_related("order")[: WAITING_MAX + 1])


def _free_fen(reward: Reward) -> int:
    return reward.amount_fen - (reward.held_fen if reward.hold in (Hold.ACTIVE, Hold.FORFEITED) else 0)


def _lost_at_expiry(versions: set[int]) -> set[int]:
    """Return the versions of the plan under which an expired hold goes to the support fund."""
    plans = plans_by_version(versions) if versions else {}
    return {version for version, plan in plans.items() if plan is not None and plan.on_hold_expiry == "fund"}


def _expiry(is_lost: bool, matured: bool) -> str:
    if is_lost:
        return FORFEITING
    return RELEASING if matured else THAWING


def _names(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    known = dict(Member.objects.filter(pk__in=wanted).values_list("pk", "nickname"))
    return {person: masked_name(known.get(person, "")) for person in wanted}


def weekdays() -> list[tuple[str, str]]:
    """Return the days of the week from Monday on, short and in full."""
    return [
        (_("一"), _("星期一")),
        (_("二"), _("星期二")),
        (_("三"), _("星期三")),
        (_("四"), _("星期四")),
        (_("五"), _("星期五")),
        (_("六"), _("星期六")),
        (_("日"), _("星期日")),
    ]
