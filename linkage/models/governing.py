"""What goes before a plan is published: what was simulated, and who read the compliance page."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    SYNTHETIC = "synthetic", _("合成关系树")
    COPY = "copy", _("回放历史")


class RunState(models.TextChoices):
    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("运行中")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("出错")
    INTERRUPTED = "interrupted", _("中断")


class SimulationRun(models.Model):
    """One simulation of `params` beside those of the version then in force (`base_params`, none: nothing was).

    `digest` is that of `params`, so that a plan can be held against exactly what was simulated. A worker that lives
    moves `beat_at`; a sweep marks as interrupted what runs without a beat. Whoever cancels changes the state, and the
    worker stops at its next beat. `result` is kept, and never changed.
    """

    plan = models.ForeignKey(
        "linkage.PlanVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="simulations",
        verbose_name=_("规则方案"),
    )
    params = models.JSONField(verbose_name=_("参数"))
    digest = models.CharField(max_length=64, verbose_name=_("参数摘要"))
    base_version = models.PositiveIntegerField(null=True, verbose_name=_("对照版本"))
    base_params = models.JSONField(null=True, verbose_name=_("对照参数"))
    kind = models.CharField(max_length=10, choices=RunKind, verbose_name=_("方式"))
    inputs = models.JSONField(verbose_name=_("输入"))
    seed = models.IntegerField(verbose_name=_("随机种子"))
    size = models.IntegerField(verbose_name=_("人数"))
    state = models.CharField(
        max_length=12, choices=RunState, default=RunState.WAITING, db_default="waiting", verbose_name=_("状态")
    )
    progress_bps = models.IntegerField(default=0, db_default=0, verbose_name=_("进度（万分之）"))
    result = models.JSONField(null=True, verbose_name=_("结果"))
    failure = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("出错原因"))
    asked_at = models.DateTimeField(verbose_name=_("提交时间"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("提交人")
    )
    started_at = models.DateTimeField(null=True, verbose_name=_("开始时间"))
    beat_at = models.DateTimeField(null=True, verbose_name=_("最近动静"))
    finished_at = models.DateTimeField(null=True, verbose_name=_("结束时间"))

    class Meta:
        verbose_name = _("规则试算")
        verbose_name_plural = _("规则试算")
        constraints = [
            models.CheckConstraint(
                condition=Q(progress_bps__gte=0, progress_bps__lte=10_000), name="linkage_simulationrun_progress"
            ),
            models.CheckConstraint(
                condition=Q(state="done", result__isnull=False, finished_at__isnull=False)
                | (~Q(state="done") & Q(result__isnull=True)),
                name="linkage_simulationrun_done_has_a_result",
            ),
        ]
        indexes = [
            # What a worker should be at, or the sweep should look at.
            models.Index(
                fields=["state", "id"],
                name="linkage_simulationrun_open",
                condition=Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (RunState.WAITING, RunState.RUNNING)


class Acknowledgement(models.Model):
    """Somebody read the compliance page in the wording of `text_version`, with a plan of these params at hand. Never
    changed. `findings` are the red lines that the page then showed as crossed or near."""

    plan = models.ForeignKey(
        "linkage.PlanVersion",
        on_delete=models.PROTECT,
        related_name="acknowledgements",
        verbose_name=_("规则方案"),
    )
    digest = models.CharField(max_length=64, verbose_name=_("参数摘要"))
    text_version = models.CharField(max_length=20, verbose_name=_("合规文本版本"))
    findings = models.JSONField(default=list, verbose_name=_("当时的提示"))
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("确认人")
    )
    at = models.DateTimeField(verbose_name=_("确认时间"))

    class Meta:
        verbose_name = _("合规确认")
        verbose_name_plural = _("合规确认")
        indexes = [models.Index(fields=["plan", "-id"], name="linkage_acknowledgement_plan")]

    def __str__(self) -> str:
        return f"v{self.plan_id} {self.text_version}"


class ComplianceCount(models.Model):
    """The figures of the compliance page, as they were at an instant (`linkage.counting.counted`)."""

    at = models.DateTimeField(db_index=True, verbose_name=_("统计时间"))
    figures = models.JSONField(verbose_name=_("数字"))

    class Meta:
        verbose_name = _("合规统计")
        verbose_name_plural = _("合规统计")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
