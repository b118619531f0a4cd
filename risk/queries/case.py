"""One case file: the hit, the rows that show it, the notes, the hold, and what else is known of the member."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ledger.queries import MemberBalances, member_balances
from members.models import Member
from orders.models import Order
from payouts.models import PayoutAccount, PayoutHold, Withdrawal, WithdrawalState
from risk.models import Evidence, Hit, Note, Thing

# What is not paid yet and may still be held.
WAITING = (WithdrawalState.REQUESTED, WithdrawalState.APPROVED, WithdrawalState.SENDING, WithdrawalState.CONFIRMING)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A row of evidence as people read it. `page` names the operators' page of it, where there is one."""

    thing: str
    thing_id: int
    title: str
    note: str
    at: datetime | None
    page: str = ""
    amount_fen: int | None = None


@dataclass(frozen=True)
class CaseFile:
    hit: Hit
    exhibits: list[tuple[str, list[Exhibit]]]
    notes: list[Note]
    hold: PayoutHold | None
    others: list[Hit]
    balances: MemberBalances
    waiting: list[Withdrawal] = field(default_factory=list)


def case_file(*, hit_id: int) -> CaseFile | None:
    """Return a hit with everything around it, in a fixed number of questions."""
    hit = Hit.objects.select_related("member", "member__referrer", "decided_by").filter(pk=hit_id).first()
    if hit is None:
        return None
    return CaseFile(
        hit=hit,
        exhibits=_exhibits(hit),
        notes=list(hit.notes.select_related("written_by").order_by("-id")),
        hold=PayoutHold.objects.filter(member_id=hit.member_id, released_at=None).select_related("placed_by").first(),
        others=list(Hit.objects.filter(member_id=hit.member_id).exclude(pk=hit.pk).order_by("-id")[:10]),
        balances=member_balances(holder_id=hit.member_id),
        waiting=list(Withdrawal.objects.filter(member_id=hit.member_id, state__in=WAITING).order_by("-id")[:10]),
    )


def _exhibits(hit: Hit) -> list[tuple[str, list[Exhibit]]]:
    ids: dict[str, list[int]] = {}
    for thing, thing_id in Evidence.objects.filter(hit=hit).order_by("id").values_list("thing", "thing_id"):
        ids.setdefault(thing, []).append(thing_id)
    return [(str(thing.label), _SHOWN[thing](ids[thing])) for thing in Thing if ids.get(thing)]


def _members(ids: list[int]) -> list[Exhibit]:
    rows = Member.objects.select_related("referrer").filter(pk__in=ids).order_by("joined_at", "pk")
    return [
        Exhibit(Thing.MEMBER, row.pk, str(row), str(row.referrer or ""), row.joined_at, "members_member_change")
        for row in rows
    ]


def _orders(ids: list[int]) -> list[Exhibit]:
    rows = Order.objects.select_related("member").filter(pk__in=ids).order_by("paid_at", "pk")
    return [
        Exhibit(
            Thing.ORDER,
            row.pk,
            row.number,
            f"{row.member} · {row.get_state_display()}",
            row.paid_at,
            "orders_order_change",
            row.total_fen,
        )
        for row in rows
    ]


def _accounts(ids: list[int]) -> list[Exhibit]:
    rows = PayoutAccount.objects.select_related("member").filter(pk__in=ids).order_by("added_at", "pk")
    return [Exhibit(Thing.ACCOUNT, row.pk, str(row), str(row.member), row.added_at) for row in rows]


def _withdrawals(ids: list[int]) -> list[Exhibit]:
    rows = Withdrawal.objects.filter(pk__in=ids).order_by("requested_at", "pk")
    return [
        Exhibit(
            Thing.WITHDRAWAL,
            row.pk,
            row.number,
            str(row.get_state_display()),
            row.requested_at,
            "payouts_withdrawal_change",
            row.amount_fen,
        )
        for row in rows
    ]


_SHOWN: dict[str, Callable[[list[int]], list[Exhibit]]] = {
    Thing.MEMBER: _members,
    Thing.ORDER: _orders,
    Thing.ACCOUNT: _accounts,
    Thing.WITHDRAWAL: _withdrawals,
}
