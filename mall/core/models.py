from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemoClock(models.Model):
    """How far the demo's clock is ahead of the machine's. One row, and only where `DEMO` is on."""

    ONLY = 1

    ahead = models.DurationField(default=timedelta(0))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="core_democlock_single"),
            models.CheckConstraint(
                condition=models.Q(ahead__gte=timedelta(0)), name="core_democlock_ahead_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"+{self.ahead}"


class OperatorAct(models.Model):
    """One thing that an operator did at `/ops/`: who, when, at which page, to what, what was sent, what it changed.

    Appended only: a trigger refuses update and delete. `by_id` is the member's number; the name stands beside it as it
    was, since this floor knows no member.
    """

    at = models.DateTimeField(verbose_name=_("时间"))
    by_id = models.BigIntegerField(verbose_name=_("操作人编号"))
    by_name = models.CharField(max_length=64, verbose_name=_("操作人"))
    act = models.CharField(max_length=120, verbose_name=_("操作"))
    page = models.CharField(max_length=200, verbose_name=_("页面"))
    subject = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("对象"))
    reason = models.CharField(max_length=300, blank=True, default="", db_default="", verbose_name=_("原因"))
    sent = models.JSONField(default=dict, verbose_name=_("提交内容"))
    before = models.JSONField(default=dict, verbose_name=_("之前"))
    after = models.JSONField(default=dict, verbose_name=_("之后"))
    request_id = models.CharField(max_length=64, blank=True, default="", db_default="", verbose_name=_("请求编号"))

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        indexes = [
            # What one operator did, newest first.
            models.Index(fields=["by_id", "-id"], name="core_operatoract_by"),
            # What was done to one thing.
            models.Index(fields=["subject", "-id"], name="core_operatoract_subject"),
        ]

    def __str__(self) -> str:
        return self.act
