"""Batches of transfers that people make at a bank's or Alipay's own desk, and the results that come back from there."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .payee import AccountKind
from .withdrawal import Withdrawal


def _person(label: Any, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=null,
        blank=null,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=label,
    )


class PayoutBatch(models.Model):
    """Withdrawals that two people let pass, to be transferred by one file. Made once for its set, never changed; the
    file comes from its rows, the same however often it is downloaded."""

    number = models.CharField(max_length=32, unique=True, verbose_name=_("批次号"))
    channel = models.CharField(max_length=8, choices=AccountKind, verbose_name=_("收款方式"))
    count = models.IntegerField(verbose_name=_("笔数"))
    total_fen = models.BigIntegerField(verbose_name=_("合计（分）"))
    digest = models.CharField(max_length=64, verbose_name=_("文件摘要"))
    made_by = _person(_("生成人"))
    made_at = models.DateTimeField(verbose_name=_("生成时间"))

    class Meta:
        verbose_name = _("打款批次")
        verbose_name_plural = _("打款批次")
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0, total_fen__gt=0), name="payouts_payoutbatch_not_empty"),
        ]

    def __str__(self) -> str:
        return self.number


class PayoutBatchRow(models.Model):
    """One transfer of a batch. Its key is the withdrawal's number; a withdrawal is in one batch at most, for ever, so
    that no two files can tell a bank to pay it."""

    batch = models.ForeignKey(
        PayoutBatch, on_delete=models.PROTECT, db_index=False, related_name="rows", verbose_name=_("批次")
    )
    position = models.IntegerField(verbose_name=_("序号"))
    withdrawal = models.OneToOneField(
        Withdrawal, on_delete=models.PROTECT, related_name="batch_row", verbose_name=_("提现")
    )
    net_fen = models.BigIntegerField(verbose_name=_("金额（分）"))

    class Meta:
        verbose_name = _("批次明细")
        verbose_name_plural = _("批次明细")
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="payouts_payoutbatchrow_position_once"),
            models.CheckConstraint(condition=Q(net_fen__gt=0), name="payouts_payoutbatchrow_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.position}"


class BatchDownload(models.Model):
    """Somebody took a batch's file, which names whole accounts. Never changed."""

    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="downloads", verbose_name=_("批次"))
    form = models.CharField(max_length=4, verbose_name=_("格式"))
    by = _person(_("下载人"))
    at = models.DateTimeField(verbose_name=_("下载时间"))

    class Meta:
        verbose_name = _("批次下载")
        verbose_name_plural = _("批次下载")

    def __str__(self) -> str:
        return f"{self.batch_id} {self.at:%Y-%m-%d %H:%M}"


class ResultState(models.TextChoices):
    READ = "read", _("待复核入账")
    APPROVED = "approved", _("入账中")
    DONE = "done", _("已入账")
    DROPPED = "dropped", _("已作废")


class ResultFile(models.Model):
    """What the bank's or Alipay's desk says became of a batch, as one person read it in. Nothing is booked before
    another has approved it. `rows` are `[number, "paid" or "failed", reference, reason, what hinders it]`; what was
    booked of them stands in `booked`, `{number: words}`, empty words where it went well.
    """

    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="results", verbose_name=_("批次"))
    digest = models.CharField(max_length=64, verbose_name=_("文件摘要"))
    rows = models.JSONField(verbose_name=_("明细"))
    booked = models.JSONField(default=dict, verbose_name=_("入账结果"))
    state = models.CharField(max_length=8, choices=ResultState, default=ResultState.READ, verbose_name=_("状态"))
    read_by = _person(_("导入人"))
    read_at = models.DateTimeField(verbose_name=_("导入时间"))
    approved_by = _person(_("复核人"), null=True)
    approved_at = models.DateTimeField(null=True, verbose_name=_("复核时间"))
    finished_at = models.DateTimeField(null=True, verbose_name=_("完成时间"))

    class Meta:
        verbose_name = _("打款结果")
        verbose_name_plural = _("打款结果")
        constraints = [
            # The same file is read once; a dropped one may be read again.
            models.UniqueConstraint(
                fields=["batch", "digest"], condition=~Q(state="dropped"), name="payouts_resultfile_once"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["read", "dropped"]) & Q(approved_by__isnull=True))
                | (Q(state__in=["approved", "done"], approved_by__isnull=False) & ~Q(approved_by=F("read_by"))),
                name="payouts_resultfile_approved_by_another",
            ),
        ]
        indexes = [
            # What a worker should be at.
            models.Index(fields=["id"], name="payouts_resultfile_to_book", condition=Q(state="approved")),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.digest[:8]}"
