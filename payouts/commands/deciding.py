"""Deciding on withdrawals: approve, release, reject, and what becomes of the transfer.

Sent is not received. The provider is asked under the withdrawal's number before anything is sent a second time, and
what it says is written down once, whoever hears it first: the release, the sweep, or a notice.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mall.core.events import publish
from members.models import Member, WechatIdentity
from payouts.events import WithdrawalDecided, WithdrawalWaits
from payouts.gateways import (
    OutcomeUnknown,
    Payment,
    Transfer,
    TransferNotice,
    TransferState,
    is_by_hand,
    transfer_gateway,
)
from payouts.models import AccountKind, PayoutHold, Withdrawal, WithdrawalState
from payouts.rules import CHANGES, CONFIRM_LIFE

from .refusals import DecisionRefused, NoticeRefused
from .stopping import hold_gate, open_gate

log = logging.getLogger(__name__)
REASON_MAX = 200
REFERENCE_MAX = 64
UNDER_WAY = (WithdrawalState.SENDING, WithdrawalState.CONFIRMING)


# Operators


def approve_withdrawal(*, number: str, by: Member, at: datetime) -> Withdrawal:
    """First pair of eyes: a requested withdrawal may be released. Raises DecisionRefused."""
    with transaction.atomic():
        hold_gate()
        withdrawal = _locked(number, WithdrawalState.APPROVED, by)
        withdrawal.state = WithdrawalState.APPROVED
        withdrawal.approved_by = by
        withdrawal.approved_at = at
        withdrawal.save(update_fields=["state", "approved_by", "approved_at"])
    return withdrawal


def release_withdrawal(*, number: str, by: Member, at: datetime) -> Withdrawal:
    """Second pair of eyes: the money is sent. Raises DecisionRefused, and then nothing was sent.

    The decision is committed before the provider is called, so no transaction may be open. Returns the withdrawal as it
    stands: paid, waiting for the payee, rejected by the provider, or still sending where the outcome is not known
    (`settle_sending` goes on).
    """
    with transaction.atomic(durable=True):
        withdrawal = decide_release(number=number, by=by, at=at)
    return _transfer(withdrawal, ask_first=False, at=at)


def decide_release(*, number: str, by: Member, at: datetime) -> Withdrawal:
    """Decide that the money is sent, and send nothing yet: `settle_sending` does. Raises DecisionRefused."""
    with transaction.atomic():
        hold_gate()
        withdrawal = _locked(number, WithdrawalState.SENDING, by)
        if withdrawal.approved_by_id == by.pk:
            raise DecisionRefused("same_person", _("你已初审这笔提现，须由另一位同事复核打款"))
        if PayoutHold.objects.filter(member_id=withdrawal.member_id, released_at=None).exists():
            raise DecisionRefused("held", _("这位会员的提现已暂停，解除之后才能打款"))
        if not _account_stands(withdrawal):
            raise DecisionRefused("account_gone", _("会员已不再使用这个收款账户，请驳回，让会员重新申请"))
        withdrawal.state = WithdrawalState.SENDING
        withdrawal.released_by = by
        withdrawal.released_at = at
        withdrawal.save(update_fields=["state", "released_by", "released_at"])
    return withdrawal


def reject_withdrawal(*, number: str, by: Member, reason: str, at: datetime) -> Withdrawal:
    """Turn down a withdrawal that was not released; the member reads `reason` as written. Raises DecisionRefused."""
    words = _words(reason, _("请填写驳回原因，会员会看到原文"))
    with transaction.atomic():
        withdrawal = _locked(number, WithdrawalState.REJECTED, by)
        if withdrawal.state in UNDER_WAY:
            raise DecisionRefused("not_waiting", _("已交给渠道打款，不能驳回"))
        withdrawal.rejected_by = by
        _reject(withdrawal, words, at)
    return withdrawal


def recall_withdrawal(*, number: str, by: Member, reason: str, at: datetime) -> Withdrawal:
    """Take back a transfer that its payee has not confirmed; the member reads `reason` as written.

    The provider decides: a payee who confirms meanwhile is paid. No transaction may be open. Raises DecisionRefused.
    """
    words = _words(reason, _("请填写撤回原因，会员会看到原文"))
    with transaction.atomic(durable=True):
        withdrawal = _locked(number, WithdrawalState.RETURNED, by)
        if withdrawal.state != WithdrawalState.CONFIRMING or withdrawal.confirmed_at is not None:
            raise DecisionRefused("not_waiting", _("只有会员还没确认收款的转账可以撤回"))
        withdrawal.recalled_by, withdrawal.recall_words = by, words
        withdrawal.save(update_fields=["recalled_by", "recall_words"])
    try:
        transfer = transfer_gateway(withdrawal.channel).cancel(number=number, at=at)
    except OutcomeUnknown as unknown:
        log.warning("payout %s: recall: outcome unknown: %s", number, unknown)
        return withdrawal
    return _settle(number, transfer, at)


def record_by_hand(*, number: str, by: Member, reference: str, reason: str, at: datetime) -> Withdrawal:
    """Write down what became of a transfer that people make by hand, where no gateway carries its kind of account: the
    bank's reference of one that was made, or the reason why it could not be. Raises DecisionRefused."""
    reference = " ".join(reference.split())
    with transaction.atomic():
        target = WithdrawalState.PAID if reference else WithdrawalState.REJECTED
        withdrawal = _locked(number, target, by)
        if withdrawal.state != WithdrawalState.SENDING or not is_by_hand(withdrawal.channel):
            raise DecisionRefused("not_by_hand", _("这笔提现由渠道打款，结果以渠道为准"))
        if not reference:
            words = _words(reason, _("请填写流水号；没有打成的，请写明原因"))
            _reject(withdrawal, _("未能打款：%s") % words, at)
            return withdrawal
        if len(reference) > REFERENCE_MAX or Withdrawal.objects.filter(provider_ref=reference).exists():
            raise DecisionRefused("reference_taken", _("这个流水号已登记在另一笔提现上，或者太长"))
        _pay(withdrawal, reference, at)
    return withdrawal


def _words(reason: str, missing: str) -> str:
    words = " ".join(reason.split())[:REASON_MAX]
    if not words:
        raise DecisionRefused("no_reason", missing)
    return words


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


def _account_stands(withdrawal: Withdrawal) -> bool:
    """Say whether the account is still the member's own. What came from another mall names none."""
    account = withdrawal.account
    if account is None:
        return True
    if account.removed_at is not None:
        return False
    if account.kind != AccountKind.WECHAT:
        return True
    return WechatIdentity.objects.filter(member_id=withdrawal.member_id, openid=account.openid).exists()


# The transfer


def settle_sending(*, number: str, at: datetime) -> Withdrawal:
    """Ask the provider what became of a transfer, and send it again, under its number, only where it knows of none.

    A withdrawal that is not under way is left alone. No transaction may be open.
    """
    withdrawal = Withdrawal.objects.get(number=number)
    if withdrawal.state not in UNDER_WAY:
        return withdrawal
    return _transfer(withdrawal, ask_first=True, at=at)


def take_notice(*, notice: TransferNotice, at: datetime) -> Withdrawal:
    """Take a provider's signed notice about a transfer. A repeat changes nothing. Raises NoticeRefused where it is not
    about one of our transfers, or says another amount or payee than we sent."""
    withdrawal = Withdrawal.objects.select_related("account").filter(number=notice.number).first()
    if withdrawal is None or withdrawal.account is None or withdrawal.released_at is None:
        raise NoticeRefused("unknown", "no such transfer")
    if (notice.transfer.amount_fen, notice.openid) != (withdrawal.net_fen, withdrawal.account.openid):
        log.error("payout %s: a notice with another amount or payee", notice.number)
        raise NoticeRefused("different", "another amount or payee")
    return _settle(notice.number, notice.transfer, at)


def _transfer(withdrawal: Withdrawal, *, ask_first: bool, at: datetime) -> Withdrawal:
    if withdrawal.net_fen == 0:
        return _settle(withdrawal.number, Transfer(TransferState.PAID), at)
    Withdrawal.objects.filter(pk=withdrawal.pk, state__in=UNDER_WAY).update(asked_at=at)
    try:
        transfer = _ask_or_send(withdrawal, ask_first, at)
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


def _ask_or_send(withdrawal: Withdrawal, ask_first: bool, at: datetime) -> Transfer:
    gateway = transfer_gateway(withdrawal.channel)
    transfer = Transfer(TransferState.NOT_FOUND)
    if ask_first:
        transfer = gateway.ask(number=withdrawal.number, at=at)
        if transfer.state == TransferState.NOT_FOUND:
            if withdrawal.state != WithdrawalState.SENDING:
                raise OutcomeUnknown("the provider has forgotten a transfer that it told us of")
            if PayoutHold.objects.filter(member_id=withdrawal.member_id, released_at=None).exists():
                raise OutcomeUnknown("not sent again while the member's payouts are on hold")
    # Whoever has a transfer without what its payee confirms with gets that by sending the same one again.
    lacks_package = transfer.state == TransferState.WAITING and not (transfer.package or withdrawal.package)
    if transfer.state == TransferState.NOT_FOUND or lacks_package:
        transfer = _send(withdrawal, at)
    return transfer


def _send(withdrawal: Withdrawal, at: datetime) -> Transfer:
    """Send through the gate, which stays open until the provider has answered. What was released before all payouts
    were stopped stays with us as sending, and goes on once they are let go."""
    with open_gate() as is_open:
        if not is_open:
            raise OutcomeUnknown("not sent while all payouts are stopped")
        return transfer_gateway(withdrawal.channel).send(payment=_payment(withdrawal), at=at)


def _payment(withdrawal: Withdrawal) -> Payment:
    member = Member.objects.only("public_id").get(pk=withdrawal.member_id)
    account, payee = withdrawal.account, withdrawal.payee
    return Payment(
        number=withdrawal.number,
        member=member.public_id,
        openid=account.openid if account else "",
        account=account.detail if account else "",
        name=payee.name if payee else "",
        amount_fen=withdrawal.net_fen,
        memo=_("提现 %s") % withdrawal.number,
    )


def _settle(number: str, transfer: Transfer, at: datetime) -> Withdrawal:
    """Write down what the provider said, once."""
    with transaction.atomic():
        withdrawal = Withdrawal.objects.select_for_update().get(number=number)
        if withdrawal.state not in UNDER_WAY:
            if transfer.state == TransferState.PAID and withdrawal.state != WithdrawalState.PAID:
                log.error("payout %s: %s with us, but the provider says it was paid", number, withdrawal.state)
            return withdrawal
        if transfer.state == TransferState.PAID:
            _pay(withdrawal, transfer.provider_ref, at)
        elif transfer.state == TransferState.RETURNED:
            _return(withdrawal, at)
        elif transfer.state == TransferState.FAILED:
            _reject(withdrawal, _("渠道未能打款：%s") % (transfer.reason or _("原因不明")), at)
        elif transfer.state in (TransferState.WAITING, TransferState.CONFIRMED):
            _wait(withdrawal, transfer, at)
    return withdrawal


def _wait(withdrawal: Withdrawal, transfer: Transfer, at: datetime) -> None:
    """The payee has to confirm, or has confirmed and the money is on its way."""
    begins = withdrawal.state == WithdrawalState.SENDING
    if begins:
        withdrawal.state, withdrawal.waiting_at, withdrawal.confirm_by = (
            WithdrawalState.CONFIRMING,
            at,
            at + CONFIRM_LIFE,
        )
    withdrawal.provider_ref = transfer.provider_ref or withdrawal.provider_ref
    withdrawal.package = transfer.package or withdrawal.package
    if transfer.state == TransferState.CONFIRMED and withdrawal.confirmed_at is None:
        withdrawal.confirmed_at = at
    withdrawal.save(update_fields=["state", "waiting_at", "confirm_by", "provider_ref", "package", "confirmed_at"])
    if begins and withdrawal.confirm_by is not None:
        publish(WithdrawalWaits(withdrawal.number, withdrawal.member_id, withdrawal.confirm_by, at))


def _pay(withdrawal: Withdrawal, reference: str, at: datetime) -> None:
    withdrawal.state = WithdrawalState.PAID
    withdrawal.paid_at = at
    withdrawal.provider_ref = reference or withdrawal.provider_ref
    withdrawal.save(update_fields=["state", "paid_at", "provider_ref"])
    _publish(withdrawal, at)


def _return(withdrawal: Withdrawal, at: datetime) -> None:
    withdrawal.state = WithdrawalState.RETURNED
    withdrawal.returned_at = at
    withdrawal.reason = withdrawal.recall_words or _("24 小时内没有确认收款，转账已自动退回")
    withdrawal.save(update_fields=["state", "returned_at", "reason"])
    _publish(withdrawal, at)


def _reject(withdrawal: Withdrawal, reason: str, at: datetime) -> None:
    withdrawal.state = WithdrawalState.REJECTED
    withdrawal.rejected_at = at
    withdrawal.reason = reason[:REASON_MAX]
    withdrawal.save(update_fields=["state", "rejected_by", "rejected_at", "reason"])
    _publish(withdrawal, at)


def _publish(withdrawal: Withdrawal, at: datetime) -> None:
    publish(
        WithdrawalDecided(
            withdrawal.number,
            withdrawal.member_id,
            withdrawal.shard,
            approved=withdrawal.state == WithdrawalState.PAID,
            at=at,
            returned=withdrawal.state == WithdrawalState.RETURNED,
        )
    )
