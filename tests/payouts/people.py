"""People and withdrawals for tests of payouts."""

from datetime import UTC, datetime
from itertools import count

from members.commands import NewMember, register_members
from members.models import Member
from payouts.commands import OpenedWithdrawal, open_withdrawals
from payouts.models import Withdrawal

AT = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
_numbers = count(1)


def person(name: str, *, staff: bool = False) -> Member:
    member = register_members([NewMember(nickname=name, public_id=f"{name}-{next(_numbers)}")], at=AT)[0]
    if staff:
        Member.objects.filter(pk=member.pk).update(is_staff=True)
        member.is_staff = True
    return member


def asked(
    member: Member, amount_fen: int = 50_000, *, fee_bps: int = 60, tax_bps: int = 0, at: datetime = AT
) -> Withdrawal:
    """Open a withdrawal as settlement does, the amount being set aside elsewhere."""
    number = f"TX{next(_numbers):010d}"
    open_withdrawals([OpenedWithdrawal(number, member.pk, member.shard, amount_fen, fee_bps, tax_bps, at)])
    return Withdrawal.objects.get(number=number)
