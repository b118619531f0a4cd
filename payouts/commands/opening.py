"""Asking for a withdrawal: what it comes to, and the row that waits for review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from members.models import Member
from payouts.models import Payee, PayoutAccount, PayoutPolicy, Withdrawal
from payouts.queries import Obstacle, asking_obstacle, chosen_account, payee_of, policy_in_force, withdrawal_parts
from payouts.rules import Breakdown, breakdown

from .refusals import AskingRefused


@dataclass(frozen=True, slots=True)
class Quote:
    """What a withdrawal would come to, to whom and where."""

    policy: PayoutPolicy
    parts: Breakdown
    account: PayoutAccount
    payee: Payee


@dataclass(frozen=True, slots=True)
class OpenedWithdrawal:
    """A withdrawal whose amount has been set aside. Without a fixed fee and tax the rates say what is withheld."""

    number: str
    member_id: int
    shard: int
    amount_fen: int
    fee_bps: int
    tax_bps: int
    at: datetime
    fee_fen: int | None = None
    tax_fen: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedDecision:
    """How a withdrawal ended in another mall."""

    number: str
    approved: bool
    at: datetime


def quote_withdrawal(*, member: Member, amount_fen: int, account_id: int | None, at: datetime) -> Quote:
    """Return what a withdrawal comes to if it is asked for now, to one of the member's own accounts (without an id: to
    the newest). Raises AskingRefused.

    In the caller's transaction, in which it is asked for: the member stays locked, so that of two at once the second
    one sees the first in limits and tax.
    """
    locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    policy = policy_in_force(at=at)
    if amount_fen < 1 or amount_fen < policy.min_fen:
        raise AskingRefused("below_minimum", _("低于最低提现金额"))
    obstacle = asking_obstacle(member=locked, policy=policy, amount_fen=amount_fen, at=at)
    account = chosen_account(member_id=locked.pk, account_id=account_id)
    payee = payee_of(member_id=locked.pk)
    if obstacle is None and (account is None or payee is None):
        obstacle = Obstacle("unknown_account", _("请选择收款账户"))
    if obstacle is not None:
        raise AskingRefused(obstacle.code, str(obstacle.words))
    assert account is not None
    assert payee is not None
    parts = withdrawal_parts(member_id=locked.pk, amount_fen=amount_fen, policy=policy, at=at)
    return Quote(policy, parts, account, payee)


def open_withdrawals(rows: Sequence[OpenedWithdrawal]) -> None:
    """Put withdrawals into the review queue, in the caller's transaction, which sets their amounts aside.

    Raises IntegrityError where a number is known.
    """
    opened = []
    for row in rows:
        shares = breakdown(amount_fen=row.amount_fen, fee_bps=row.fee_bps, tax_bps=row.tax_bps)
        fee_fen = shares.fee_fen if row.fee_fen is None else row.fee_fen
        tax_fen = shares.tax_fen if row.tax_fen is None else row.tax_fen
        opened.append(
            Withdrawal(
                number=row.number,
                member_id=row.member_id,
                shard=row.shard,
                amount_fen=row.amount_fen,
                fee_bps=row.fee_bps,
                tax_bps=row.tax_bps,
                fee_fen=fee_fen,
                tax_fen=tax_fen,
                net_fen=row.amount_fen - fee_fen - tax_fen,
                requested_at=row.at,
            )
        )
    Withdrawal.objects.bulk_create(opened)


def keep_quote(*, number: str, quote: Quote) -> Withdrawal:
    """Write down with a withdrawal that was just opened to whom and where it goes, and how its tax came about. In the
    caller's transaction."""
    withdrawal = Withdrawal.objects.get(number=number)
    account, payee = quote.account, quote.payee
    withdrawal.policy_version = quote.policy.version
    withdrawal.working = [[line.name, line.amount_fen, line.bps, line.count] for line in quote.parts.lines]
    withdrawal.account, withdrawal.payee, withdrawal.channel = account, payee, account.kind
    withdrawal.account_label = f"{account.bank_name} {account.label}".strip()
    withdrawal.save(update_fields=["policy_version", "working", "account", "payee", "channel", "account_label"])
    Payee.objects.filter(pk=payee.pk, used=False).update(used=True)
    return withdrawal


_IMPORTED = """
UPDATE payouts_withdrawal AS withdrawal SET imported = true,
    state = CASE WHEN decided.approved THEN 'paid' ELSE 'rejected' END,
    paid_at = CASE WHEN decided.approved THEN decided.at END,
    rejected_at = CASE WHEN NOT decided.approved THEN decided.at END,
    reason = CASE WHEN decided.approved THEN '' ELSE '历史导入：未通过' END
FROM unnest(%s::text[], %s::bool[], %s::timestamptz[]) AS decided(number, approved, at)
WHERE withdrawal.number = decided.number AND withdrawal.state NOT IN ('paid', 'rejected', 'returned')
"""


def decide_imported(rows: Sequence[ImportedDecision]) -> None:
    """Mark withdrawals as decided in another mall's history. Sends nothing and publishes nothing; what is unknown or
    decided already stays as it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            _IMPORTED, [[row.number for row in rows], [row.approved for row in rows], [row.at for row in rows]]
        )
