"""What can be done to withdrawals: open, approve, release, reject; and to the policies that they are asked under."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mall.core.events import publish
from mall.core.money import BPS
from members.models import Member

from .events import WithdrawalDecided
from .gateways import OutcomeUnknown, Transfer, TransferState, transfer_gateway
from .models import PayoutPolicy, Withdrawal, WithdrawalState
from .rules import CHANGES, breakdown

log = logging.getLogger(__name__)
REASON_MAX = 200


class DecisionRefused(Exception):
    """This person cannot do this to the withdrawal now. `code`: unknown, not_waiting, own, same_person, no_reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PolicyRefused(Exception):
    """The payout policy cannot be set like this; the message says why."""


# Opening


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


@dataclass(frozen=True, slots=True)
class ImportedDecision:
    """How a withdrawal ended in another mall."""

    number: str
    approved: bool
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


def decide_imported(rows: Sequence[ImportedDecision]) -> None:
    """Mark withdrawals as decided in another mall's history. Sends nothing and publishes nothing; what is unknown or
    decided already stays as it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            _IMPORTED, [[row.number for row in rows], [row.approved for row in rows], [row.at for row in rows]]
        )


# Deciding


def approve_withdrawal(*, number: str, by: Member, at: datetime) -> Withdrawal:
    """First pair of eyes: a requested withdrawal may be released. Raises DecisionRefused."""
    with transaction.atomic():
        withdrawal = _locked(number, WithdrawalState.APPROVED, by)
        withdrawal.state = WithdrawalState.APPROVED
        withdrawal.approved_by = by
        withdrawal.approved_at = at
        withdrawal.save(update_fields=["state", "approved_by", "approved_at"])
    return withdrawal


def release_withdrawal(*, number: str, by: Member, at: datetime) -> Withdrawal:
    """Second pair of eyes: the money is sent. Raises DecisionRefused, and then nothing was sent.

    The decision is committed before the provider is called, so no transaction may be open. Returns the withdrawal as it
    stands: paid, rejected by the provider, or still sending where the outcome is not known (`settle_sending` goes on).
    """
    with transaction.atomic(durable=True):
        withdrawal = _locked(number, WithdrawalState.SENDING, by)
        if withdrawal.approved_by_id == by.pk:
            raise DecisionRefused("same_person", _("你已初审这笔提现，须由另一位同事复核打款"))
        withdrawal.state = WithdrawalState.SENDING
        withdrawal.released_by = by
        withdrawal.released_at = at
        withdrawal.save(update_fields=["state", "released_by", "released_at"])
    return _transfer(withdrawal, ask_first=False, at=at)


def reject_withdrawal(*, number: str, by: Member, reason: str, at: datetime) -> Withdrawal:
    """Turn down a withdrawal that was not released; the member reads `reason` as written. Raises DecisionRefused."""
    words = " ".join(reason.split())[:REASON_MAX]
    if not words:
        raise DecisionRefused("no_reason", _("请填写驳回原因，会员会看到原文"))
    with transaction.atomic():
        withdrawal = _locked(number, WithdrawalState.REJECTED, by)
        if withdrawal.state == WithdrawalState.SENDING:
            raise DecisionRefused("not_waiting", _("已交给渠道打款，不能驳回"))
        withdrawal.rejected_by = by
        _reject(withdrawal, words, at)
    return withdrawal


def settle_sending(*, number: str, at: datetime) -> Withdrawal:
    """Ask the provider what became of a transfer, and send it again, under its number, only where it knows of none.

    A withdrawal that is not `sending` is left alone. No transaction may be open.
    """
    withdrawal = Withdrawal.objects.get(number=number)
    if withdrawal.state != WithdrawalState.SENDING:
        return withdrawal
    return _transfer(withdrawal, ask_first=True, at=at)


def _locked(number: str, target: WithdrawalState, by: Member) -> Withdrawal:
    """Return the withdrawal, locked, if it may become `target` and is not the operator's own."""
    withdrawal = Withdrawal.objects.select_for_update().filter(number=number).first()
    if withdrawal is None:
        raise DecisionRefused("unknown", _("没有这笔提现"))
    if withdrawal.member_id == by.pk:
        raise DecisionRefused("own", _("不能处理自己的提现"))
    if target not in CHANGES[withdrawal.state]:
        raise DecisionRefused(
            "not_waiting", _("这笔提现现在是“%(state)s”，不能这样处理") % {"state": withdrawal.get_state_display()}
        )
    return withdrawal


def _transfer(withdrawal: Withdrawal, *, ask_first: bool, at: datetime) -> Withdrawal:
    if withdrawal.net_fen == 0:
        return _settle(withdrawal.number, Transfer(TransferState.PAID), at)
    Withdrawal.objects.filter(pk=withdrawal.pk, state=WithdrawalState.SENDING).update(asked_at=at)
    try:
        gateway = transfer_gateway()
        transfer = Transfer(TransferState.NOT_FOUND)
        if ask_first:
            transfer = gateway.ask(number=withdrawal.number, at=at)
        if transfer.state == TransferState.NOT_FOUND:
            payee = Member.objects.values_list("public_id", flat=True).get(pk=withdrawal.member_id)
            memo = _("提现 %s") % withdrawal.number
            transfer = gateway.send(
                number=withdrawal.number, payee=payee, amount_fen=withdrawal.net_fen, memo=memo, at=at
            )
    except OutcomeUnknown as unknown:
        log.warning("payout %s: outcome unknown: %s", withdrawal.number, unknown)
        withdrawal.refresh_from_db()
        return withdrawal
    if transfer.amount_fen is not None and transfer.amount_fen != withdrawal.net_fen:
        log.error(
            "payout %s: the provider says %s fen, we say %s", withdrawal.number, transfer.amount_fen, withdrawal.net_fen
        )
        return withdrawal
    return _settle(withdrawal.number, transfer, at)


def _settle(number: str, transfer: Transfer, at: datetime) -> Withdrawal:
    """Write down what the provider said, once."""
    with transaction.atomic():
        withdrawal = Withdrawal.objects.select_for_update().get(number=number)
        if withdrawal.state != WithdrawalState.SENDING:
            return withdrawal
        if transfer.state == TransferState.PAID:
            withdrawal.state = WithdrawalState.PAID
            withdrawal.paid_at = at
            withdrawal.provider_ref = transfer.provider_ref or None
            withdrawal.save(update_fields=["state", "paid_at", "provider_ref"])
            _publish(withdrawal, approved=True, at=at)
        elif transfer.state == TransferState.FAILED:
            _reject(withdrawal, _("渠道未能打款：%s") % (transfer.reason or _("原因不明")), at)
    return withdrawal


def _reject(withdrawal: Withdrawal, reason: str, at: datetime) -> None:
    withdrawal.state = WithdrawalState.REJECTED
    withdrawal.rejected_at = at
    withdrawal.reason = reason[:REASON_MAX]
    withdrawal.save(update_fields=["state", "rejected_by", "rejected_at", "reason"])
    _publish(withdrawal, approved=False, at=at)


def _publish(withdrawal: Withdrawal, *, approved: bool, at: datetime) -> None:
    publish(WithdrawalDecided(withdrawal.number, withdrawal.member_id, withdrawal.shard, approved, at))


# Policies


def set_policy(*, starts_at: datetime, min_fen: int, fee_bps: int, tax_bps: int) -> PayoutPolicy:
    """Write a payout policy, in force from `starts_at`. Raises PolicyRefused where it would leave nothing to pay out,
    or where a withdrawal was asked for since its start: what was told before stays true."""
    if min_fen < 1 or fee_bps < 0 or tax_bps < 0 or fee_bps + tax_bps >= BPS:
        raise PolicyRefused(_("最低提现额须大于 0，服务费率与税率合计须低于 100%"))
    if Withdrawal.objects.filter(requested_at__gte=starts_at).exists():
        raise PolicyRefused(_("生效时间之后已有提现申请，政策不能倒签"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payouts.policy'))")
        last = PayoutPolicy.objects.aggregate(last=Max("version"))["last"] or 0
        return PayoutPolicy.objects.create(
            version=last + 1, starts_at=starts_at, min_fen=min_fen, fee_bps=fee_bps, tax_bps=tax_bps
        )
