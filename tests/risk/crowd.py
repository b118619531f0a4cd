"""People who do what they should not, and people who look like it."""

from datetime import datetime, timedelta
from itertools import count

from linkage.models import Position, Rank
from members.commands import see_marks
from members.models import Member
from orders.models import Order, OrderState, Purchase, PurchaseState
from risk.models import Hit
from suppliers.models import Supplier
from tests.factories import a_member, a_supplier

AT = datetime.fromisoformat("2026-11-20T04:00:00+00:00")
_numbers = count(1)


def ago(**parts: float) -> datetime:
    return AT - timedelta(**parts)


def recruits(referrer: Member, number: int, *, at: datetime | None = None, every: float = 90) -> list[Member]:
    """Return so many people whom somebody referred, one every so many minutes."""
    first = at or ago(days=10)
    return [
        a_member(referrer=referrer, nickname=f"新人{n}", at=first + timedelta(minutes=every * n)) for n in range(number)
    ]


def came_from(member: Member, *, device: str = "", network: str = "", at: datetime | None = None) -> None:
    see_marks(member=member, device=device, network=network, at=at or ago(days=1))


def a_sale(
    member: Member,
    *,
    packs: int = 0,
    adviser: Member | None = None,
    address: str = "",
    at: datetime | None = None,
    supplier: Supplier | None = None,
) -> Order:
    """Return a paid order as it stands in the table, without the way there."""
    paid_at, number = at or ago(days=5), f"RK{next(_numbers):010d}"
    amount = 49_900 * packs or 6_800
    times = {"placed_at": paid_at, "expires_at": paid_at, "paid_at": paid_at}
    purchase = Purchase.objects.create(
        number=number,
        member=member,
        state=PurchaseState.PAID,
        total_fen=amount,
        idempotency_key=number,
        **times,
    )
    return Order.objects.create(
        number=number,
        purchase=purchase,
        member=member,
        supplier=supplier or a_supplier(),
        state=OrderState.PAID,
        packs=packs,
        goods_fen=amount,
        total_fen=amount,
        supply_total_fen=1,
        cooling_off_days=7,
        adviser=adviser,
        adviser_reason="login" if adviser else "",
        recipient_address=address,
        **times,
    )


def stands(member: Member, rank: Rank, *, agent_at: datetime, partner_at: datetime | None = None) -> None:
    """Give a member a title, as settlement would have."""
    Position.objects.update_or_create(
        member=member,
        defaults={
            "shard": member.shard,
            "referrer_id": member.referrer_id,
            "rank": rank,
            "packs": 1,
            "counted": member.referrer_id is not None,
            "strand_id": member.pk,
            "place": 0,
            "agent_at": agent_at,
            "partner_at": partner_at,
        },
    )


def found(kind: str) -> list[Hit]:
    return list(Hit.objects.filter(kind=kind).order_by("pk"))


def shown(hit: Hit) -> set[tuple[str, int]]:
    return set(hit.evidence.values_list("thing", "thing_id"))
