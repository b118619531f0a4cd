"""What the mall aims at: targets of figures, and promises with a start and a date. Both in versions, never edited."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from insights import rules


class TargetKind(models.TextChoices):
    GMV = rules.GMV, _("每天销售额")
    ORDERS = rules.ORDERS, _("每天付款订单")
    AOV = rules.AOV, _("客单价")
    MEMBERS = rules.MEMBERS, _("每天新会员")
    AGENTS = rules.AGENTS, _("每天新代理")
    PARTNERS = rules.PARTNERS, _("每天新合伙人")
    REPEAT = rules.REPEAT, _("30 天复购率")
    STOCK_OUT = rules.STOCK_OUT, _("缺货率")
    IN_TIME = rules.IN_TIME, _("准时发货率")
    EARNINGS = rules.EARNINGS, _("奖励和佣金占销售额")
    PAYOUTS = rules.PAYOUTS, _("待审提现")
    RISKS = rules.RISKS, _("待处理风险预警")
    BIG_REFUND = rules.BIG_REFUND, _("大额退款从多少起")


class GoalKind(models.TextChoices):
    MEMBERS = rules.MEMBERS, _("用户数")
    AGENTS = rules.AGENTS, _("代理和合伙人")
    EFFICIENCY = rules.EFFICIENCY, _("供应链效率")
    STOCK_OUT = rules.STOCK_OUT, _("缺货率")
    REPEAT = rules.REPEAT, _("复购率")
    AOV = rules.AOV, _("客单价")


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("设置人"),
    )


def _reason() -> Any:
    return models.CharField(max_length=200, verbose_name=_("原因"))


class Target(models.Model):
    """What a figure should be from `set_at` on: the highest version of a kind is in force; without a value there is no
    target any more. `value` is in the kind's unit: fen, basis points or a number (`insights.rules.TARGETS`)."""

    kind = models.CharField(max_length=12, choices=TargetKind, verbose_name=_("指标"))
    version = models.PositiveIntegerField(verbose_name=_("版本"))
    value = models.BigIntegerField(null=True, verbose_name=_("目标"))
    reason = _reason()
    set_by = _person()
    set_at = models.DateTimeField(verbose_name=_("设置时间"))

    class Meta:
        verbose_name = _("经营目标")
        verbose_name_plural = _("经营目标")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="insights_target_once"),
            models.CheckConstraint(condition=Q(kind__in=TargetKind.values), name="insights_target_kind_known"),
            models.CheckConstraint(
                condition=(Q(value__isnull=True) | Q(value__gte=0)) & ~Q(reason=""), name="insights_target_said_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"


class Goal(models.Model):
    """A promise: from what was measured on `start_date` a figure changes by `change_bps` until `due_date`. The highest
    version of a kind stands."""

    kind = models.CharField(max_length=12, choices=GoalKind, verbose_name=_("承诺"))
    version = models.PositiveIntegerField(verbose_name=_("版本"))
    start_date = models.DateField(verbose_name=_("起点日期"))
    due_date = models.DateField(verbose_name=_("到期日期"))
    change_bps = models.IntegerField(verbose_name=_("变化（万分之）"))
    reason = _reason()
    set_by = _person()
    set_at = models.DateTimeField(verbose_name=_("设置时间"))

    class Meta:
        verbose_name = _("对外承诺")
        verbose_name_plural = _("对外承诺")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="insights_goal_once"),
            models.CheckConstraint(condition=Q(kind__in=GoalKind.values), name="insights_goal_kind_known"),
            models.CheckConstraint(condition=Q(due_date__gt=F("start_date")), name="insights_goal_due_after_start"),
            models.CheckConstraint(
                condition=~Q(change_bps=0) & Q(change_bps__gt=-10_000) & ~Q(reason=""), name="insights_goal_changes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"
