"""Bills of payment providers: what they say happened, to be held against our own books."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ProviderBill(models.Model):
    """A provider's bill of one day in Shanghai. `digest` tells a corrected one from the same again."""

    provider = models.CharField(max_length=20, verbose_name=_("渠道"))
    day = models.DateField(verbose_name=_("账单日"))
    digest = models.CharField(max_length=64, verbose_name=_("摘要"))
    fetched_at = models.DateTimeField(verbose_name=_("下载时间"))

    class Meta:
        verbose_name = _("渠道账单")
        verbose_name_plural = _("渠道账单")
        constraints = [models.UniqueConstraint(fields=["provider", "day"], name="orders_providerbill_once_a_day")]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class BillLineKind(models.TextChoices):
    PAYMENT = "payment", _("收款")
    REFUND = "refund", _("退款")


class BillLine(models.Model):
    """One line of a bill, as the provider wrote it; `number` is ours, of a payment or of a refund."""

    bill = models.ForeignKey(
        ProviderBill, on_delete=models.CASCADE, db_index=False, related_name="lines", verbose_name=_("账单")
    )
    position = models.PositiveIntegerField(verbose_name=_("行"))
    kind = models.CharField(max_length=8, choices=BillLineKind, verbose_name=_("类型"))
    number = models.CharField(max_length=64, verbose_name=_("单号"))
    payment_number = models.CharField(max_length=64, verbose_name=_("支付单号"))
    provider_ref = models.CharField(max_length=64, verbose_name=_("渠道流水号"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    currency = models.CharField(max_length=3, verbose_name=_("币种"))
    happened_at = models.DateTimeField(verbose_name=_("发生时间"))

    class Meta:
        verbose_name = _("账单明细")
        verbose_name_plural = _("账单明细")
        constraints = [
            models.UniqueConstraint(fields=["bill", "position"], name="orders_billline_position_once"),
            models.CheckConstraint(condition=Q(kind__in=BillLineKind.values), name="orders_billline_kind_known"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="orders_billline_amount_positive"),
        ]
        indexes = [
            # Whether a payment or refund of ours is on any bill.
            models.Index(fields=["number", "kind"], name="orders_billline_number"),
        ]

    def __str__(self) -> str:
        return self.number
