"""Days of the books, what a check found on them, and who settled it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .rules import Cause, Part


def _person(label: Any, *, null: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=null,
        blank=null,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=label,
    )


class DayState(models.TextChoices):
    OPEN = "open", _("未关账")
    CLOSING = "closing", _("关账待复核")
    CLOSED = "closed", _("已关账")
    REOPENING = "reopening", _("重开待复核")


class Day(models.Model):
    """One day in Shanghai. `figures` are the sums of the last check; from closing on neither they nor the day's items
    change: a trigger holds that. `asked_by` asked for the closing or reopening that waits, or was decided last."""

    date = models.DateField(unique=True, verbose_name=_("日期"))
    state = models.CharField(max_length=9, choices=DayState, default=DayState.OPEN, verbose_name=_("状态"))
    figures = models.JSONField(default=dict, verbose_name=_("核对结果"))
    checked_at = models.DateTimeField(null=True, verbose_name=_("核对时间"))
    asked_by = _person(_("申请人"))
    asked_at = models.DateTimeField(null=True, verbose_name=_("申请时间"))
    words = models.CharField(max_length=200, blank=True, default="", verbose_name=_("说明"))
    decided_by = _person(_("复核人"))
    decided_at = models.DateTimeField(null=True, verbose_name=_("复核时间"))

    class Meta:
        verbose_name = _("对账日")
        verbose_name_plural = _("对账")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DayState.values), name="reconciliation_day_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "reopening"]) | Q(checked_at__isnull=False),
                name="reconciliation_day_closed_when_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(asked_by__isnull=False, decided_by__isnull=False),
                name="reconciliation_day_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="reconciliation_day_decided_by_another",
            ),
        ]
        indexes = [
            # Days that are still to be closed.
            models.Index(fields=["date"], name="reconciliation_day_open", condition=~Q(state="closed")),
        ]

    def __str__(self) -> str:
        return str(self.date)

    @property
    def is_locked(self) -> bool:
        return self.state in (DayState.CLOSED, DayState.REOPENING)


class StepKind(models.TextChoices):
    ASKED_TO_CLOSE = "ask_close", _("申请关账")
    CLOSED = "close", _("复核关账")
    ASKED_TO_REOPEN = "ask_reopen", _("申请重开")
    REOPENED = "reopen", _("复核重开")
    REFUSED = "refuse", _("退回")


class DayStep(models.Model):
    """Who asked for a day to be closed or reopened, who decided, and in what words. Never changed."""

    day = models.ForeignKey(Day, on_delete=models.PROTECT, related_name="steps", verbose_name=_("对账日"))
    kind = models.CharField(max_length=10, choices=StepKind, verbose_name=_("操作"))
    by = _person(_("操作人"), null=False)
    at = models.DateTimeField(verbose_name=_("时间"))
    words = models.CharField(max_length=200, blank=True, default="", verbose_name=_("说明"))

    class Meta:
        verbose_name = _("关账记录")
        verbose_name_plural = _("关账记录")

    def __str__(self) -> str:
        return f"{self.day_id} {self.kind}"


class ItemState(models.TextChoices):
    OPEN = "open", _("未平")
    PROPOSED = "proposed", _("待复核")
    SETTLED = "settled", _("已处理")
    GONE = "gone", _("已平")


class How(models.TextChoices):
    MENDED = "mended", _("已在系统里改正")
    CHANNEL = "channel", _("渠道已确认并更正")
    OUTSIDE = "outside", _("在系统外处理（如银行转账）")
    ACCEPTED = "accepted", _("确认差额，由财务另行记账")


class Item(models.Model):
    """A number over which the books differ. It belongs to `date` and is settled with `day`: the same one, or, where it
    came to light after its day was closed, the open day that was checked next.

    Amounts are in fen as each book has them, below zero where money left; null: the book has nothing. `evidence` are
    the instants that tell how it came: `[[instant, word, more], …]`. One proposes how it was settled, another confirms.
    """

    day = models.ForeignKey(
        Day, on_delete=models.PROTECT, db_index=False, related_name="items", verbose_name=_("对账日")
    )
    date = models.DateField(verbose_name=_("归属日期"))
    part = models.CharField(max_length=16, choices=[(part.value, part.value) for part in Part], verbose_name=_("类别"))
    provider = models.CharField(max_length=20, blank=True, default="", verbose_name=_("渠道"))
    number = models.CharField(max_length=96, verbose_name=_("单号"))
    title = models.CharField(max_length=120, blank=True, default="", verbose_name=_("说明"))
    cause = models.CharField(
        max_length=20, choices=[(cause.value, cause.value) for cause in Cause], verbose_name=_("可能的原因")
    )
    document_fen = models.BigIntegerField(null=True, verbose_name=_("业务单据（分）"))
    channel_fen = models.BigIntegerField(null=True, verbose_name=_("渠道（分）"))
    ledger_fen = models.BigIntegerField(null=True, verbose_name=_("账本（分）"))
    evidence = models.JSONField(default=list, verbose_name=_("经过"))
    found_at = models.DateTimeField(verbose_name=_("发现时间"))
    state = models.CharField(max_length=8, choices=ItemState, default=ItemState.OPEN, verbose_name=_("状态"))
    how = models.CharField(max_length=8, choices=How, blank=True, default="", verbose_name=_("处理方式"))
    note = models.CharField(max_length=200, blank=True, default="", verbose_name=_("处理说明"))
    proposed_by = _person(_("处理人"))
    proposed_at = models.DateTimeField(null=True, verbose_name=_("处理时间"))
    confirmed_by = _person(_("复核人"))
    ended_at = models.DateTimeField(null=True, verbose_name=_("了结时间"))

    class Meta:
        verbose_name = _("未平项")
        verbose_name_plural = _("未平项")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "date", "part", "provider", "number"], name="reconciliation_item_once"
            ),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="reconciliation_item_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "settled"])
                | (Q(proposed_by__isnull=False, proposed_at__isnull=False) & ~Q(how="") & ~Q(note="")),
                name="reconciliation_item_settled_in_words",
            ),
            models.CheckConstraint(
                condition=(Q(state="settled", confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by")))
                | (~Q(state="settled") & Q(confirmed_by__isnull=True)),
                name="reconciliation_item_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["settled", "gone"], ended_at__isnull=False)
                | (Q(state__in=["open", "proposed"]) & Q(ended_at__isnull=True)),
                name="reconciliation_item_ended_when_ended",
            ),
        ]
        indexes = [
            # What waits, on the menu and before a day is closed.
            models.Index(
                fields=["state"], name="reconciliation_item_waits", condition=Q(state__in=["open", "proposed"])
            ),
            # The last thirty days.
            models.Index(fields=["date", "id"], name="reconciliation_item_date"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def waits(self) -> bool:
        return self.state in (ItemState.OPEN, ItemState.PROPOSED)

    @property
    def gap_fen(self) -> int:
        """How much more the channel has than the documents; where the channel is not asked, than the ledger has."""
        if self.channel_fen is None and self.document_fen is not None and self.part not in ("payment", "refund"):
            return (self.ledger_fen or 0) - self.document_fen
        if self.channel_fen == self.document_fen:
            return (self.ledger_fen or 0) - (self.document_fen or 0)
        return (self.channel_fen or 0) - (self.document_fen or 0)


class CheckState(models.TextChoices):
    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("核对中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("出错")
    INTERRUPTED = "interrupted", _("中断")


class Check(models.Model):
    """One run over a day, asked for by somebody or by the clock. A worker that lives moves `beat_at`."""

    day = models.ForeignKey(Day, on_delete=models.PROTECT, related_name="checks", verbose_name=_("对账日"))
    state = models.CharField(max_length=12, choices=CheckState, default=CheckState.WAITING, verbose_name=_("状态"))
    progress_bps = models.IntegerField(default=0, verbose_name=_("进度（万分之）"))
    step = models.CharField(max_length=12, blank=True, default="", verbose_name=_("步骤"))
    found = models.IntegerField(null=True, verbose_name=_("未平项数"))
    failure = models.CharField(max_length=200, blank=True, default="", verbose_name=_("出错原因"))
    asked_by = _person(_("提交人"))
    asked_at = models.DateTimeField(verbose_name=_("提交时间"))
    beat_at = models.DateTimeField(null=True, verbose_name=_("最近动静"))
    finished_at = models.DateTimeField(null=True, verbose_name=_("结束时间"))

    class Meta:
        verbose_name = _("核对")
        verbose_name_plural = _("核对")
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(state__in=["waiting", "running"]), name="reconciliation_check_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "id"], name="reconciliation_check_open", condition=Q(state__in=["waiting", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (CheckState.WAITING, CheckState.RUNNING)

    @property
    def percent(self) -> int:
        return self.progress_bps // 100


class TransferAnswer(models.Model):
    """What a channel said when it was asked about a withdrawal's transfer, the last time it was asked."""

    number = models.CharField(max_length=64, unique=True, verbose_name=_("提现单号"))
    state = models.CharField(max_length=12, verbose_name=_("渠道状态"))
    amount_fen = models.BigIntegerField(null=True, verbose_name=_("渠道金额（分）"))
    reference = models.CharField(max_length=64, blank=True, default="", verbose_name=_("渠道流水号"))
    answered_at = models.DateTimeField(verbose_name=_("答复时间"))

    class Meta:
        verbose_name = _("渠道答复")
        verbose_name_plural = _("渠道答复")

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
