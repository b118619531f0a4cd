"""Orders that brought, or may bring, a member something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from linkage.models import Commission, Reward, RewardKind
from linkage.queries import RewardStatus, commission_status, status_of, taken_back_fen
from mall.core.ids import SHANGHAI
from mall.core.names import masked_name
from members.models import Member
from orders.models import AfterSale, CaseState, Order, OrderLine

PAGE = 20
# A member gets at most one reward of each kind from an order; of commissions seldom more.
GAINS_MAX = len(RewardKind)
_BEGIN = 10**18 - 1
_LATEST = datetime.fromtimestamp(10**11 - 1, UTC)


@dataclass(frozen=True, slots=True)
class Gain:
    """What one order brought: a reward or a commission (by its line), how far it has come, and what of it is left."""

    title: str
    amount_fen: int
    kept_fen: int
    status: RewardStatus
    reward_id: int | None = None
    line_id: int | None = None
    number: str = ""


@dataclass(slots=True)
class PromotedOrder:
    """An order with the member's gains. `flag` says what after-sale does to it, in words."""

    order: Order
    paid_at: datetime
    who: str
    goods: str
    image: str
    flag: str
    gains: list[Gain] = field(default_factory=list)

    @property
    def kept_fen(self) -> int:
        return sum(gain.kept_fen for gain in self.gains)

    @property
    def is_over(self) -> bool:
        """Whether everything that it brought was taken back."""
        return all(gain.status == RewardStatus.REVERSED for gain in self.gains)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included; either may be open."""

    first: date | None = None
    last: date | None = None

    @property
    def start(self) -> datetime | None:
        return None if self.first is None else _midnight(self.first)

    @property
    def end(self) -> datetime | None:
        return None if self.last is None else _midnight(self.last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class PromotedPage:
    """Orders of one page, newest first, and the cursor of the next one, empty at the end."""

    orders: list[PromotedOrder]
    next_cursor: str


def promoted_orders(*, member: Member, span: Span, after: str = "", limit: int = PAGE) -> PromotedPage:
    """Return one page of a member's promoted orders, in a fixed number of queries.

    Gift packs bring rewards, other goods commissions, so these are two streams; the cursor says how far each was read.
    """
    reward_id, paid_at, line_id = _parsed(after)
    read = (limit + 1) * GAINS_MAX
    rewards = Reward.objects.filter(_within(span, "order__paid_at"), member=member)
    sales = Commission.objects.filter(_within(span, "paid_at"), member=member)
    rewards = rewards.filter(pk__lt=reward_id)
    sales = sales.filter(Q(paid_at__lt=paid_at) | Q(paid_at=paid_at, pk__lt=line_id))
    # Ids of a member's rewards grow with the time at which they took effect, and those of an order stand together.
    groups = _by_order(list(rewards.select_related("order").order_by("-id")[:read]), read)
    groups += _by_order(list(sales.select_related("line").order_by("-paid_at", "-line")[:read]), read)
    groups.sort(key=_paid_at, reverse=True)
    shown = groups[:limit]
    for group in shown:
        last = group[-1]
        if isinstance(last, Reward):
            reward_id = last.pk
        else:
            paid_at, line_id = last.paid_at, last.pk
    cursor = f"{reward_id}-{int(paid_at.timestamp())}-{line_id}" if len(groups) > limit else ""
    return PromotedPage(_told(shown), cursor)


Group = list[Reward] | list[Commission]


def _by_order(rows: Sequence[Any], read: int) -> list[Any]:
    """Return rows of the same order together. The last order read may have more of them than were read: then it is left
    to the next page, unless it is the only one."""
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.order_id, []).append(row)
    found = list(groups.values())
    return found[:-1] if len(rows) == read and len(found) > 1 else found


def _paid_at(group: Group) -> datetime:
    first = group[0]
    return first.order.paid_at if isinstance(first, Reward) else first.paid_at


def _told(groups: Sequence[Group]) -> list[PromotedOrder]:
    ids = [group[0].order_id for group in groups]
    orders = Order.objects.select_related("member").in_bulk(ids)
    goods = _goods(ids)
    open_cases = _with_open_cases(ids)
    told = []
    for group in groups:
        order = orders[group[0].order_id]
        name, image = goods.get(order.pk, ("", ""))
        told.append(
            PromotedOrder(
                order=order,
                paid_at=_paid_at(group),
                who=masked_name(order.member.nickname),
                goods=name,
                image=image,
                flag=_flag(order, order.pk in open_cases),
                gains=[_gain(row) for row in group[::-1]],
            )
        )
    return told


def _gain(row: Reward | Commission) -> Gain:
    if isinstance(row, Commission):
        title = f"{_('零售佣金')} · {row.line.product_name}"
        return Gain(title, row.first_fen, row.amount_fen, commission_status(row), line_id=row.pk)
    kept = 0 if row.reversed else taken_back_fen(row)
    return Gain(str(RewardKind(row.kind).label), row.amount_fen, kept, status_of(row), reward_id=row.pk)


def _goods(order_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return what orders are of: the name of the first line, with how many others there are, and its picture."""
    lines: dict[int, list[OrderLine]] = {}
    for line in OrderLine.objects.filter(order_id__in=order_ids).order_by("pk"):
        lines.setdefault(line.order_id, []).append(line)
    return {
        order_id: (
            own[0].product_name if len(own) == 1 else f"{own[0].product_name} +{len(own) - 1}",
            own[0].image,
        )
        for order_id, own in lines.items()
    }


def _with_open_cases(order_ids: Iterable[int]) -> set[int]:
    closed = (CaseState.DONE, CaseState.CLOSED)
    cases = AfterSale.objects.filter(order_id__in=order_ids).exclude(state__in=closed)
    return set(cases.values_list("order_id", flat=True))


REFUNDED, PART_REFUNDED, UNDER_WAY = "refunded", "part", "open"


def _flag(order: Order, has_open_case: bool) -> str:
    if has_open_case:
        return UNDER_WAY
    if order.refunded_at is not None:
        return REFUNDED
    return PART_REFUNDED if order.refunded_fen else ""


def _within(span: Span, field: str) -> Q:
    wanted = Q()
    if span.start is not None:
        wanted &= Q(**{f"{field}__gte": span.start})
    if span.end is not None:
        wanted &= Q(**{f"{field}__lt": span.end})
    return wanted


def _parsed(cursor: str) -> tuple[int, datetime, int]:
    """Return how far both streams were read; without a cursor they begin."""
    parts = re.fullmatch(r"([0-9]{1,18})-([0-9]{1,11})-([0-9]{1,18})", cursor)
    if parts is None:
        return _BEGIN, _LATEST, _BEGIN
    return int(parts[1]), datetime.fromtimestamp(int(parts[2]), UTC), int(parts[3])


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
