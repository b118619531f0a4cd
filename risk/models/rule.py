"""How each signal is set, by version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from risk import rules


class SignalKind(models.TextChoices):
    SAME_DEVICE = rules.SAME_DEVICE, _("推荐的人共用设备")
    SAME_NETWORK = rules.SAME_NETWORK, _("推荐的人共用网络")
    SAME_ADDRESS = rules.SAME_ADDRESS, _("推荐的人共用收货地址")
    SAME_PAYER = rules.SAME_PAYER, _("推荐的人用同一个付款账户")
    SAME_ACCOUNT = rules.SAME_ACCOUNT, _("推荐的人用同一个收款账户")
    BURST = rules.BURST, _("短时间大量注册")
    RING = rules.RING, _("互为客户的闭环")
    LATE_REFUND = rules.LATE_REFUND, _("结算后退款")
    ONE_PACK = rules.ONE_PACK, _("推荐的人只买一份礼包")
    DUMMY_TWO = rules.DUMMY_TWO, _("前两位推荐疑似凑数")
    ACCOUNT_CHANGE = rules.ACCOUNT_CHANGE, _("提现前更换收款账户")
    NO_SALES = rules.NO_SALES, _("代理没有零售成交")


class RuleVersion(models.Model):
    """How one signal is set from `set_at` on: the highest version of a kind is in force. Versions are never edited."""

    kind = models.CharField(max_length=16, choices=SignalKind, verbose_name=_("信号"))
    version = models.PositiveIntegerField(verbose_name=_("版本"))
    is_on = models.BooleanField(verbose_name=_("启用"))
    threshold = models.PositiveIntegerField(verbose_name=_("阈值"))
    reason = models.CharField(max_length=200, verbose_name=_("原因"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("设置人"),
    )
    set_at = models.DateTimeField(verbose_name=_("设置时间"))

    class Meta:
        verbose_name = _("风险规则")
        verbose_name_plural = _("风险规则")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="risk_ruleversion_once"),
            models.CheckConstraint(condition=Q(kind__in=SignalKind.values), name="risk_ruleversion_kind_known"),
            models.CheckConstraint(
                condition=Q(version__gte=1, threshold__gte=1) & ~Q(reason=""), name="risk_ruleversion_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"
