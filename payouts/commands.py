"""What can be done to withdrawals: open, approve, release, reject."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from .models import Withdrawal
from .rules import breakdown


@dataclass(frozen=True, slots=True)
class OpenedWithdrawal:
    """A withdrawal whose amount has been set aside."""

    number: str
    member_id: int
    shard: int
    amount_fen: int
    fee_bps: int
    tax_bps: int
    at: datetime


def open_withdrawals(rows: Sequence[OpenedWithdrawal]) -> None:
    """Put withdrawals into the review queue, in the caller's transaction, which sets their amounts aside.

    Raises IntegrityError where a number is known.
    """
    opened = []
    for row in rows:
        parts = breakdown(amount_fen=row.amount_fen, fee_bps=row.fee_bps, tax_bps=row.tax_bps)
        opened.append(
            Withdrawal(
                number=row.number,
                member_id=row.member_id,
                shard=row.shard,
                amount_fen=row.amount_fen,
                fee_bps=row.fee_bps,
                tax_bps=row.tax_bps,
                fee_fen=parts.fee_fen,
                tax_fen=parts.tax_fen,
                net_fen=parts.net_fen,
                requested_at=row.at,
            )
        )
    Withdrawal.objects.bulk_create(opened)


_IMPORTED = """
UPDATE payouts_withdrawal AS withdrawal SET imported = true,
    state = CASE WHEN decided.approved THEN 'paid' ELSE 'rejected' END,
    paid_at = CASE WHEN decided.approved THEN decided.at END,
    rejected_at = CASE WHEN NOT decided.approved THEN decided.at END,
    reason = CASE WHEN decided.approved THEN '' ELSE '历史导入：未通过' END
FROM unnest(%s::text[], %s::bool[], %s::timestamptz[]) AS decided(number, approved, at)
WHERE withdrawal.number = decided.number AND withdrawal.state NOT IN ('paid', 'rejected')
"""


def decide_imported(rows: Iterable[tuple[str, bool, datetime]]) -> None:
    """Mark withdrawals as decided in another mall's history: (number, approved, at). Sends nothing and publishes
    nothing; what is unknown or decided already stays as it is."""
    decided = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            _IMPORTED, [[row[0] for row in decided], [row[1] for row in decided], [row[2] for row in decided]]
        )
