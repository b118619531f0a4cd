"""Batches for a bank's or Alipay's own desk: made once for their set, downloaded by name, booked from a file that one
person reads in and another approves."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext as _

from mall.core.ids import numbered
from members.models import Member
from payouts.gateways import is_by_hand
from payouts.models import (
    AccountKind,
    BatchDownload,
    PayoutBatch,
    PayoutBatchRow,
    PayoutHold,
    ResultFile,
    ResultState,
    Withdrawal,
    WithdrawalState,
)
from payouts.rules.results import FAILED, PAID, ResultRow, UnreadableFile, read_results

from .deciding import record_by_hand
from .refusals import BatchRefused, DecisionRefused
from .stopping import hold_gate

RELEASE = "payouts.release_withdrawal"
BATCH_MAX = 1_000


def make_batch(*, channel: str, by: Member, at: datetime) -> PayoutBatch:
    """Put all released withdrawals of a kind of account that people transfer by hand, and that are in no batch yet,
    into one. Those of the maker's own and of members on hold stay for another one. Raises BatchRefused."""
    _need(by)
    if channel not in (AccountKind.BANK, AccountKind.ALIPAY) or not is_by_hand(channel):
        raise BatchRefused(_("这类账户由渠道打款，不用批量文件"))
    with transaction.atomic():
        try:
            hold_gate()
        except DecisionRefused as refusal:
            raise BatchRefused(str(refusal)) from refusal
        _one_at_a_time()
        waiting = (
            Withdrawal.objects.select_for_update(of=("self",))
            .filter(state=WithdrawalState.SENDING, channel=channel, batch_row=None, net_fen__gt=0, imported=False)
            .exclude(member=by)
            .exclude(member__in=PayoutHold.objects.filter(released_at=None).values("member"))
            .order_by("released_at", "id")
        )
        found = list(waiting[:BATCH_MAX])
        if not found:
            raise BatchRefused(_("没有等着打款的提现：都在别的批次里，或者要由别的同事来做"))
        batch = PayoutBatch.objects.create(
            number=numbered("PK", at),
            channel=channel,
            count=len(found),
            total_fen=sum(one.net_fen for one in found),
            digest=_set_digest(found),
            made_by=by,
            made_at=at,
        )
        rows = [
            PayoutBatchRow(batch=batch, position=place, withdrawal=one, net_fen=one.net_fen)
            for place, one in enumerate(found, 1)
        ]
        PayoutBatchRow.objects.bulk_create(rows, batch_size=500)
    return batch


def note_download(*, batch: PayoutBatch, form: str, by: Member, at: datetime) -> BatchDownload:
    """Write down who takes a batch's file. Raises BatchRefused where somebody on it is paid who takes it."""
    _need(by)
    if batch.rows.filter(withdrawal__member=by).exists():
        raise BatchRefused(_("这个批次里有你本人的提现，须由其他同事下载"))
    return BatchDownload.objects.create(batch=batch, form=form, by=by, at=at)


def read_result_file(*, batch: PayoutBatch, content: bytes, by: Member, at: datetime) -> ResultFile:
    """Read what became of a batch's transfers and book nothing: each row says what would be booked, or what hinders it.
    The same file again gives the one that was read before. Raises BatchRefused."""
    _need(by)
    try:
        rows = read_results(content)
    except UnreadableFile as error:
        raise BatchRefused(_unreadable(str(error))) from error
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        locked = PayoutBatch.objects.select_for_update().get(pk=batch.pk)
        known = ResultFile.objects.filter(batch=locked, digest=digest).exclude(state=ResultState.DROPPED).first()
        if known is not None:
            return known
        judged = judge_rows(batch=locked, rows=rows, by=by)
        return ResultFile.objects.create(batch=locked, digest=digest, rows=judged, read_by=by, read_at=at)


def approve_result_file(*, file: ResultFile, by: Member, at: datetime) -> ResultFile:
    """Let what was read be booked, by a worker; who read it may not. Raises BatchRefused."""
    _need(by)
    with transaction.atomic():
        locked = ResultFile.objects.select_for_update().get(pk=file.pk)
        if locked.state != ResultState.READ:
            raise BatchRefused(_("这份结果已经处理过"))
        if locked.read_by_id == by.pk:
            raise BatchRefused(_("这份结果是你导入的，须由另一位同事复核入账"))
        numbers = [row[0] for row in locked.rows if not row[4]]
        if not numbers:
            raise BatchRefused(_("没有一行可以入账"))
        if Withdrawal.objects.filter(number__in=numbers, member=by).exists():
            raise BatchRefused(_("这份结果里有你本人的提现，须由其他同事复核"))
        locked.state, locked.approved_by, locked.approved_at = ResultState.APPROVED, by, at
        locked.save(update_fields=["state", "approved_by", "approved_at"])
        _ring(locked.pk)
    return locked


def drop_result_file(*, file: ResultFile, by: Member) -> ResultFile:
    """Throw away what was read and not approved. Raises BatchRefused."""
    _need(by)
    dropped = ResultFile.objects.filter(pk=file.pk, state=ResultState.READ).update(state=ResultState.DROPPED)
    if not dropped:
        raise BatchRefused(_("这份结果已经处理过"))
    return ResultFile.objects.get(pk=file.pk)


def book_result_file(*, file_id: int, at: datetime) -> ResultFile:
    """Book an approved file row by row, each in a transaction of its own; what was booked before is left alone."""
    file = ResultFile.objects.select_related("approved_by").get(pk=file_id)
    by = file.approved_by
    if file.state != ResultState.APPROVED or by is None:
        return file
    booked = dict(file.booked)
    for number, outcome, reference, reason, hindrance in file.rows:
        if hindrance or number in booked:
            continue
        booked[number] = _book(number, outcome, reference, reason, by, at)
        if len(booked) % 50 == 0:
            ResultFile.objects.filter(pk=file.pk).update(booked=booked)
    ResultFile.objects.filter(pk=file.pk).update(booked=booked, state=ResultState.DONE, finished_at=at)
    return ResultFile.objects.get(pk=file_id)


def ring_for_results() -> int:
    """Ring for approved files that no worker has finished; return how many."""
    waiting = list(ResultFile.objects.filter(state=ResultState.APPROVED).values_list("pk", flat=True))
    for file_id in waiting:
        _ring(file_id)
    return len(waiting)


def judge_rows(*, batch: PayoutBatch, rows: Iterable[ResultRow], by: Member) -> list[list[str]]:
    """Return each row as it is kept, with what hinders it from being booked."""
    known = {
        row.withdrawal.number: row.withdrawal for row in batch.rows.select_related("withdrawal").order_by("position")
    }
    references = {row.reference for row in rows if row.outcome == PAID}
    taken = dict(Withdrawal.objects.filter(provider_ref__in=references).values_list("provider_ref", "number"))
    seen_numbers: set[str] = set()
    seen_references: set[str] = set()
    judged = []
    for row in rows:
        words = _hindrance(row, known.get(row.number), by, taken)
        if not words and (row.number in seen_numbers or (row.reference and row.reference in seen_references)):
            words = _("同一个单号或流水号在文件里出现两次")
        seen_numbers.add(row.number)
        seen_references.add(row.reference)
        judged.append([row.number, row.outcome, row.reference, row.reason, words])
    return judged


def _hindrance(row: ResultRow, withdrawal: Withdrawal | None, by: Member, taken: dict[str | None, str]) -> str:
    said = {
        "result": _("“结果”要写成功或失败"),
        "amount": _("金额写得不对"),
        "reference": _("成功的要有流水号，不超过 64 个字"),
        "reason": _("失败的要写明原因"),
    }
    if withdrawal is None:
        return _("这个批次里没有这个单号")
    if row.hindrance:
        return said[row.hindrance]
    if row.amount_fen is not None and row.amount_fen != withdrawal.net_fen:
        return _("金额和批次里的不一样")
    if withdrawal.member_id == by.pk:
        return _("这是你本人的提现，须由其他同事导入")
    if taken.get(row.reference, withdrawal.number) != withdrawal.number:
        return _("这个流水号已登记在另一笔提现上")
    if withdrawal.state == WithdrawalState.SENDING:
        return ""
    if row.outcome == PAID and withdrawal.provider_ref == row.reference:
        return _("已经登记过，不会重复")
    return _("这笔提现现在是“%s”") % withdrawal.get_state_display()


def _book(number: str, outcome: str, reference: str, reason: str, by: Member, at: datetime) -> str:
    try:
        record_by_hand(
            number=number,
            by=by,
            reference=reference if outcome == PAID else "",
            reason=reason if outcome == FAILED else "",
            at=at,
        )
    except DecisionRefused as refusal:
        return str(refusal)
    return ""


def _one_at_a_time() -> None:
    """Wait for whoever makes a batch: what is in theirs is not in ours. The unique key would only refuse it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payouts.batch'))")


def _set_digest(withdrawals: Iterable[Withdrawal]) -> str:
    keys = "\n".join(f"{one.number} {one.net_fen}" for one in sorted(withdrawals, key=lambda one: one.number))
    return hashlib.sha256(keys.encode()).hexdigest()


def _unreadable(why: str) -> str:
    return {
        "too_long": _("文件太大，最多 1 MB"),
        "too_many": _("行数太多，最多 2,000 行"),
        "no_columns": _("第一行要有这些列：商户单号、结果、流水号"),
        "empty": _("文件里没有内容"),
    }.get(why, _("这不是可以读的 CSV 文件，请另存为 CSV 再上传"))


def _need(by: Member) -> None:
    if not (by.is_active and by.has_perm(RELEASE)):
        raise BatchRefused(_("你没有复核打款权限。"))


def _ring(file_id: int) -> None:
    from payouts.tasks import book_results

    transaction.on_commit(partial(book_results.ring, file_id), robust=True)
