"""Orders that brought, or may bring, a member something."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q

from linkage.models import Reward, RewardKind
from linkage.queries import RewardStatus, status_of, taken_back_fen
from mall.core.ids import SHANGHAI
from mall.core.names import masked_name
from members.models import Member
from orders.models import AfterSale, CaseState, Order, OrderLine

PAGE = 20
# A member gets at most one reward of each kind from an order.
REWARDS_MAX = len(RewardKind)


@dataclass(frozen=True, slots=True)
class Gain:
    """What one order brought: a reward, how far it has come, and what of it is left."""

    id: int
    title: str
    amount_fen: int
    kept_fen: int
    status: RewardStatus


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
    """Return one page of a member's promoted orders, in a fixed number of queries."""
    rewards = Reward.objects.filter(member=member).filter(_within(span), _before(after))
    # Ids grow with the time at which a member's rewards took effect, and those of an order stand together.
    found = list(rewards.select_related("order").order_by("-id")[: (limit + 1) * REWARDS_MAX])
    groups: dict[int, list[Reward]] = {}
    for reward in found:
        groups.setdefault(reward.order_id, []).append(reward)
    shown = list(groups.values())[:limit]
    orders = _told(shown)
    cursor = ""
    if len(groups) > limit:
        last = shown[-1]
        cursor = f"{int(last[0].order.paid_at.timestamp())}-{min(reward.pk for reward in last)}"
    return PromotedPage(orders, cursor)


def _told(groups: list[list[Reward]]) -> list[PromotedOrder]:
    ids = [rewards[0].order_id for rewards in groups]
    orders = Order.objects.in_bulk(ids)
    goods = _goods(ids)
    names = dict(
        Member.objects.filter(pk__in={rewards[0].order.member_id for rewards in groups}).values_list("pk", "nickname")
    )
    open_cases = _with_open_cases(ids)
    told = []
    for rewards in groups:
        settled = rewards[0].order
        order = orders[settled.pk]
        name, image = goods.get(order.pk, ("", ""))
        told.append(
            PromotedOrder(
                order=order,
                paid_at=settled.paid_at,
                who=masked_name(names.get(settled.member_id, "")),
                goods=name,
                image=image,
                flag=_flag(order, order.pk in open_cases),
                gains=[_gain(reward) for reward in sorted(rewards, key=lambda reward: reward.pk)],
            )
        )
    return told


def _gain(reward: Reward) -> Gain:
    kept = 0 if reward.reversed else taken_back_fen(reward)
    return Gain(reward.pk, str(RewardKind(reward.kind).label), reward.amount_fen, kept, status_of(reward))


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


def _within(span: Span) -> Q:
    wanted = Q()
    if span.start is not None:
        wanted &= Q(order__paid_at__gte=span.start)
    if span.end is not None:
        wanted &= Q(order__paid_at__lt=span.end)
    return wanted


def _before(cursor: str) -> Q:
    parts = re.fullmatch(r"([0-9]{1,11})-([0-9]{1,18})", cursor)
    if parts is None:
        return Q()
    at = datetime.fromtimestamp(int(parts[1]), UTC)
    return Q(pk__lt=int(parts[2])) & Q(order__paid_at__lte=at)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
