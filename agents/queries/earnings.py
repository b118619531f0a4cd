"""The earnings ledger of one member: rewards, commissions and grants in, what was taken back or forfeited out, newest
first.

A reversal is a line of its own with a minus, never an edited line, so that a month once shown stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.queries import member_balances
from linkage.models import Commission, CommissionCut, EventKind, Hold, LinkageEvent, Reward, RewardKind
from linkage.queries import RewardStatus, commission_status, status_of, taken_back_fen
from members.models import Member

from .coming import without_date_fen
from .periods import Period
from .sums import ADJUSTED, RETAIL, TAKEN_BACK, sums
from .sums import EARNED as EARNED_KINDS
from .sums import FORFEITED as LOST

PAGE = 20
EARNED, GRANTED, FORFEITED, REVERSED, SOLD, CUT = range(6)

_BY_HAND = {
    EventKind.GRANT.value: gettext_lazy("帮扶发放"),
    EventKind.ADJUST.value: gettext_lazy("平台调整"),
    EventKind.FORGIVE.value: gettext_lazy("免除欠款"),
}
TABS = {
    "": gettext_lazy("全部"),
    "estimated": gettext_lazy("预估"),
    "pending": gettext_lazy("待结算"),
    "held": gettext_lazy("冻结"),
    "settled": gettext_lazy("已结算"),
    "reversed": gettext_lazy("已扣回"),
}
_STANDING = {
    "estimated": Q(reversed=False, order__matured=False, order__received_at=None),
    "pending": Q(reversed=False, order__matured=False, order__received_at__isnull=False),
    "held": Q(reversed=False, hold=Hold.ACTIVE),
    "settled": Q(reversed=False, order__matured=True),
}
_SALES = {
    "estimated": Q(kept_fen__gt=0, matured=False, received_at=None),
    "pending": Q(kept_fen__gt=0, matured=False, received_at__isnull=False),
    "settled": Q(kept_fen__gt=0, matured=True),
}
# What of a reward is neither held nor lost.
FREE_FEN = Case(
    When(hold__in=[Hold.ACTIVE, Hold.FORFEITED], then=F("amount_fen") - F("held_fen")),
    default=F("amount_fen"),
    output_field=BigIntegerField(),
)


@dataclass(frozen=True, slots=True)
class EarningLine:
    """One line. `amount_fen` is negative for what went away; a grant has neither reward nor commission, and no page of
    its own."""

    step: int
    id: int
    at: datetime
    amount_fen: int
    reward: Reward | None = None
    who: str = ""
    note: str = ""
    commission: Commission | None = None
    by_hand: str = ""

    @property
    def title(self) -> str:
        if self.step == SOLD:
            return _("零售佣金")
        if self.step == CUT:
            return _("扣回 · %(kind)s") % {"kind": _("零售佣金")}
        if self.reward is None:
            return str(_BY_HAND[self.by_hand])
        kind = RewardKind(self.reward.kind).label
        if self.step == REVERSED:
            return _("扣回 · %(kind)s") % {"kind": kind}
        return _("转入帮扶基金") if self.step == FORFEITED else str(kind)

    @property
    def status(self) -> RewardStatus | None:
        if self.step == SOLD and self.commission is not None:
            return commission_status(self.commission)
        return status_of(self.reward) if self.step == EARNED and self.reward is not None else None

    @property
    def free_fen(self) -> int:
        """What of an earned reward is not held."""
        reward = self.reward
        return 0 if reward is None else reward.amount_fen - (reward.held_fen if reward.hold == Hold.ACTIVE else 0)

    @property
    def cursor(self) -> str:
        return f"{int(self.at.timestamp())}-{self.step}-{self.id}"


@dataclass(frozen=True, slots=True)
class EarningsPage:
    """Lines of one page, and the cursor of the next one, empty at the end."""

    lines: list[EarningLine]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a bar: from `start` on, `amount_fen` wide, in the colour `fill`."""

    label: str
    fill: str
    start: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PeriodTotals:
    """What came in and went out in a period, in fen; `by_kind` is what came in, by kind of reward, 0 for grants."""

    by_kind: dict[int, int]
    reversed_fen: int
    forfeited_fen: int
    adjusted_fen: int = 0

    @property
    def earned_fen(self) -> int:
        return sum(self.by_kind.values())

    @property
    def slices(self) -> list[Slice]:
        """What came in as parts of a bar: peer bonus and peer share together."""
        parts = [
            (_("直推"), "brand", (RewardKind.DIRECT,)),
            (_("见点"), "jade", (RewardKind.SEE_POINT,)),
            (_("平级"), "gold", (RewardKind.PEER_BONUS, RewardKind.PEER_SHARE)),
            (_("帮扶"), "frozen", (0,)),
            (_("零售"), "retail", (RETAIL,)),
        ]
        slices, start = [], 0
        for label, fill, kinds in parts:
            amount = sum(self.by_kind.get(kind, 0) for kind in kinds)
            if amount:
                slices.append(Slice(label, fill, start, amount))
                start += amount
        return slices

    @property
    def net_fen(self) -> int:
        return self.earned_fen - self.reversed_fen - self.forfeited_fen + self.adjusted_fen


def earnings(
    *, member: Member, tab: str = "", period: Period | None = None, after: str = "", limit: int = PAGE
) -> EarningsPage:
    """Return one page of a member's earnings: seven queries at most, however many there are.

    `tab` is a key of TABS, `after` the cursor of the page before; a cursor that is none starts at the newest line.
    """
    cursor = _parsed(after)
    lines: list[EarningLine] = []
    own = Reward.objects.filter(member=member).select_related("order__order")
    if tab != "reversed":
        lines += _earned(own.filter(_STANDING.get(tab, Q())), period, cursor, limit)
    if tab in ("", "reversed"):
        lines += _gone(own.filter(reversed=True), REVERSED, "reversed_at", period, cursor, limit)
        lines += _gone(own.filter(hold=Hold.FORFEITED), FORFEITED, "hold_ended_at", period, cursor, limit)
    if tab in ("", "settled"):
        lines += _granted(member, period, cursor, limit)
    if tab == "" or tab in _SALES:
        lines += _sold(member, _SALES.get(tab, Q()), period, cursor, limit)
    if tab in ("", "reversed"):
        lines += _cut(member, period, cursor, limit)
    lines.sort(key=lambda line: (line.at, line.step, line.id), reverse=True)
    page = _named(lines[:limit])
    return EarningsPage(page, page[-1].cursor if len(lines) > limit else "")


def period_totals(*, member: Member, period: Period | None) -> PeriodTotals:
    """Return what came in and went out for a member in a period, or ever, in two queries."""
    found = sums(member=member, period=period)
    by_kind = {kind: found[kind][0] for kind in EARNED_KINDS if found.get(kind, (0, 0))[0]}
    gone = [found.get(what, (0, 0))[0] for what in (TAKEN_BACK, LOST, ADJUSTED)]
    return PeriodTotals(by_kind, *gone)


def tab_total_fen(*, member: Member, tab: str, period: Period | None = None) -> int:
    """Return the sum of a tab of standing rewards: for `held` what is held, otherwise what is not."""
    if period is None and tab in ("estimated", "pending", "held"):
        return _open_fen(member, tab)
    standing = Reward.objects.filter(_STANDING[tab], member=member)
    if period is not None:
        standing = standing.filter(_within("order__paid_at", period))
    total: int = standing.aggregate(total=Coalesce(Sum(F("held_fen") if tab == "held" else FREE_FEN), 0))["total"]
    if tab in _SALES:
        sales = Commission.objects.filter(_SALES[tab], member=member)
        if period is not None:
            sales = sales.filter(_within("paid_at", period))
        total += sales.aggregate(total=Coalesce(Sum("amount_fen"), 0))["total"]
    return total


def _open_fen(member: Member, tab: str) -> int:
    """Return what is open, by the balances and the sums that are kept."""
    balances = member_balances(holder_id=member.pk)
    if tab == "held":
        return balances.held_fen
    without_date = without_date_fen(member=member, pending_fen=balances.pending_fen)
    return without_date if tab == "estimated" else balances.pending_fen - without_date


def _earned(
    rewards: QuerySet[Reward], period: Period | None, cursor: tuple[datetime, int, int] | None, limit: int
) -> list[EarningLine]:
    # Ids grow with the time at which a member's rewards took effect, so their index gives the order.
    rewards = rewards.order_by("-id")
    if period is not None:
        rewards = rewards.filter(_within("order__paid_at", period))
    rewards = rewards.filter(_before("order__paid_at", EARNED, cursor))
    return [
        EarningLine(EARNED, reward.pk, reward.order.paid_at, reward.amount_fen, reward)
        for reward in rewards[: limit + 1]
    ]


def _gone(
    rewards: QuerySet[Reward],
    step: int,
    field: str,
    period: Period | None,
    cursor: tuple[datetime, int, int] | None,
    limit: int,
) -> list[EarningLine]:
    if period is not None:
        rewards = rewards.filter(_within(field, period))
    rewards = rewards.filter(_before(field, step, cursor)).order_by(f"-{field}", "-id")
    return _lines(step, rewards[: limit + 1])


def lines_of(step: int, rewards: Iterable[Reward]) -> list[EarningLine]:
    """Return reversals or forfeited holds as lines, with names; the rewards' orders are loaded."""
    return _named(_lines(step, rewards))


def _lines(step: int, rewards: Iterable[Reward]) -> list[EarningLine]:
    lines = []
    for reward in rewards:
        at = reward.reversed_at if step == REVERSED else reward.hold_ended_at
        amount = taken_back_fen(reward) if step == REVERSED else reward.held_fen
        if at is not None and amount:
            lines.append(EarningLine(step, reward.pk, at, -amount, reward))
    return lines


def _grants(member: Member) -> QuerySet[LinkageEvent]:
    """Return what operators gave or took by hand: grants of the fund, adjustments, debts forgiven."""
    return LinkageEvent.objects.filter(member_id=member.pk, kind__in=_BY_HAND, number__isnull=False)


def _granted(
    member: Member, period: Period | None, cursor: tuple[datetime, int, int] | None, limit: int
) -> list[EarningLine]:
    grants = _grants(member)
    if period is not None:
        grants = grants.filter(_within("effective_at", period))
    grants = grants.filter(_before("effective_at", GRANTED, cursor)).order_by("-effective_at", "-id")
    return [
        EarningLine(GRANTED, row.pk, row.effective_at or row.at, row.amount_fen or 0, note=row.note, by_hand=row.kind)
        for row in grants[: limit + 1]
    ]


def _sales_and_cuts(member: Member) -> tuple[QuerySet[Commission], QuerySet[CommissionCut]]:
    """Return a member's commissions and what was taken back of them, but for shares of less than a fen."""
    return (
        Commission.objects.filter(member=member, first_fen__gt=0),
        CommissionCut.objects.filter(member=member, amount_fen__gt=0),
    )


def _sold(
    member: Member, standing: Q, period: Period | None, cursor: tuple[datetime, int, int] | None, limit: int
) -> list[EarningLine]:
    sales = _sales_and_cuts(member)[0].filter(standing).select_related("line", "order")
    if period is not None:
        sales = sales.filter(_within("paid_at", period))
    sales = sales.filter(_before("paid_at", SOLD, cursor, "pk")).order_by("-paid_at", "-line")
    return [
        EarningLine(SOLD, sale.pk, sale.paid_at, sale.first_fen, note=sale.line.product_name, commission=sale)
        for sale in sales[: limit + 1]
    ]


def _cut(
    member: Member, period: Period | None, cursor: tuple[datetime, int, int] | None, limit: int
) -> list[EarningLine]:
    cuts = _sales_and_cuts(member)[1].select_related("commission__line", "commission__order")
    if period is not None:
        cuts = cuts.filter(_within("at", period))
    cuts = cuts.filter(_before("at", CUT, cursor)).order_by("-at", "-id")
    return [
        EarningLine(
            CUT, cut.pk, cut.at, -cut.amount_fen, note=cut.commission.line.product_name, commission=cut.commission
        )
        for cut in cuts[: limit + 1]
    ]


def _named(lines: Iterable[EarningLine]) -> list[EarningLine]:
    """Put the buyer's name, or that of the promoted seed user, on each line."""
    lines = list(lines)
    people = {person for line in lines if (person := _person(line)) is not None}
    names = dict(Member.objects.filter(pk__in=people).values_list("pk", "nickname")) if people else {}
    return [replace(line, who=names.get(_person(line) or 0, "")) for line in lines]


def _person(line: EarningLine) -> int | None:
    if line.commission is not None:
        return line.commission.order.member_id
    if line.reward is None:
        return None
    return line.reward.seed_id if line.reward.kind == RewardKind.PEER_BONUS else line.reward.order.member_id


def _within(field: str, period: Period) -> Q:
    return Q(**{f"{field}__gte": period.start, f"{field}__lt": period.end})


def _before(field: str, step: int, cursor: tuple[datetime, int, int] | None, key: str = "id") -> Q:
    """Lines of one kind that come after the cursor in the order of newest first."""
    if cursor is None:
        return Q()
    at, cursor_step, cursor_id = cursor
    if step < cursor_step:
        return Q(**{f"{field}__lte": at})
    if step > cursor_step:
        return Q(**{f"{field}__lt": at})
    return Q(**{f"{field}__lt": at}) | Q(**{field: at, f"{key}__lt": cursor_id})


def _parsed(cursor: str) -> tuple[datetime, int, int] | None:
    parts = re.fullmatch(r"([0-9]{1,11})-([0-5])-([0-9]{1,18})", cursor)
    if parts is None:
        return None
    return datetime.fromtimestamp(int(parts[1]), UTC), int(parts[2]), int(parts[3])
