"""That somebody read the rules as they changed, and how often somebody asked why there was nothing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.rules import QUESTIONS_A_DAY_MAX


class RulesAccepted(models.Model):
    """A member has read one version of the plan and accepted it: written once, never changed."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("会员")
    )
    plan_version = models.PositiveIntegerField(verbose_name=_("规则版本"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("规则确认")
        verbose_name_plural = _("规则确认")
        constraints = [
            models.UniqueConstraint(fields=["member", "plan_version"], name="agents_rulesaccepted_once_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} v{self.plan_version}"


class DayOfQuestions(models.Model):
    """How often a member asked "why nothing?" on a day (Asia/Shanghai)."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+", verbose_name=_("会员")
    )
    date = models.DateField(verbose_name=_("日期"))
    asked = models.PositiveSmallIntegerField(verbose_name=_("次数"))

    class Meta:
        verbose_name = _("每日查询次数")
        verbose_name_plural = _("每日查询次数")
        constraints = [
            models.UniqueConstraint(fields=["member", "date"], name="agents_dayofquestions_once_a_day"),
            models.CheckConstraint(
                condition=Q(asked__gte=1, asked__lte=QUESTIONS_A_DAY_MAX), name="agents_dayofquestions_within_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.date} {self.asked}"
