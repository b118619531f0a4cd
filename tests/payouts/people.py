"""People and withdrawals for tests of payouts."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.conf import settings

from members.commands import NewMember, register_members
from members.models import Member, WechatIdentity
from payouts.commands import OpenedWithdrawal, Quote, add_account, keep_quote, open_withdrawals, register_payee
from payouts.models import AccountKind, Payee, PayoutAccount, Withdrawal
from payouts.queries import policy_in_force
from payouts.rules import REST, breakdown

AT = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
_numbers = count(1)


def person(name: str, *, staff: bool = False) -> Member:
    member = register_members([NewMember(nickname=name, public_id=f"{name}-{next(_numbers)}")], at=AT)[0]
    if staff:
        Member.objects.filter(pk=member.pk).update(is_staff=True)
        member.is_staff = True
    return member


def id_number(number: int) -> str:
    """Return an identity number of nobody, with the right check digit."""
    born = date(1990, 1, 1) + timedelta(days=number // 999)
    front = f"110101{born:%Y%m%d}{number % 999 + 1:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return front + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(front, weights, strict=True)) % 11]


def payable(member: Member, *, at: datetime = AT) -> PayoutAccount:
    """Give a member a real name and a bank card that may be paid to from `at` on."""
    then = at - REST
    register_payee(member=member, name="林小满", id_number=id_number(member.pk), at=then)
    return add_account(
        member=member, kind=AccountKind.BANK, detail="6222020200112233446", bank_name="工商银行", at=then
    )


def payable_by_wechat(member: Member, *, at: datetime = AT) -> PayoutAccount:
    """Give a member a real name and its own WeChat, which may be paid to from `at` on."""
    then = at - REST
    WechatIdentity.objects.create(
        member=member,
        app_id=settings.WECHAT_APP_ID,
        openid=f"oPayee{member.pk:016d}",
        nickname="小满",
        first_seen_at=then,
        bound_at=then,
    )
    register_payee(member=member, name="林小满", id_number=id_number(member.pk), at=then)
    return add_account(member=member, kind=AccountKind.WECHAT, at=then)


def asked_by_wechat(member: Member, amount_fen: int = 50_000, *, at: datetime = AT) -> Withdrawal:
    """Open a withdrawal to a member's WeChat as settlement does, the amount being set aside elsewhere."""
    account = payable_by_wechat(member, at=at)
    number = asked(member, amount_fen, at=at).number
    policy = policy_in_force(at=at)
    parts = breakdown(amount_fen=amount_fen, fee_bps=60, tax_bps=0)
    payee = Payee.objects.get(member=member, is_current=True)
    return keep_quote(number=number, quote=Quote(policy, parts, account, payee))


def asked(
    member: Member, amount_fen: int = 50_000, *, fee_bps: int = 60, tax_bps: int = 0, at: datetime = AT
) -> Withdrawal:
    """Open a withdrawal as settlement does, the amount being set aside elsewhere."""
    number = f"TX{next(_numbers):010d}"
    open_withdrawals([OpenedWithdrawal(number, member.pk, member.shard, amount_fen, fee_bps, tax_bps, at)])
    return Withdrawal.objects.get(number=number)
