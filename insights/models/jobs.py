"""What became of the work that recurs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """The last run of one recurring task. `failed_at` and `failure` are of the last one that failed; the name of the
    error stands there and nothing of what it was about."""

    task = models.CharField(max_length=100, primary_key=True)
    ended_at = models.DateTimeField(verbose_name=_("最近一次"))
    milliseconds = models.PositiveIntegerField(verbose_name=_("用时（毫秒）"))
    failed_at = models.DateTimeField(null=True, verbose_name=_("最近一次出错"))
    failure = models.CharField(max_length=80, blank=True, default="", db_default="", verbose_name=_("错误"))
    failures = models.PositiveIntegerField(default=0, db_default=0, verbose_name=_("连续出错"))

    class Meta:
        verbose_name = _("任务运行")
        verbose_name_plural = _("任务运行")

    def __str__(self) -> str:
        return self.task
