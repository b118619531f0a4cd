"""Payout policies, versioned."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payouts.rules import CUMULATIVE, FLAT, PER_PAYMENT


class TaxKind(models.TextChoices):
    FLAT = FLAT, _("固定比例")
    PER_PAYMENT = PER_PAYMENT, _("劳务报酬按次预扣")
    CUMULATIVE = CUMULATIVE, _("劳务报酬累计预扣")


class PayoutPolicy(models.Model):
    """Minimum, limits, fee and tax of withdrawals asked for from `starts_at` on, until a later policy starts.

    A policy is edited only as long as nobody has asked for a withdrawal since its start; a trigger holds this.
    `tax_bps` belongs to the flat tax alone. A limit that is none does not limit.
    """

    version = models.PositiveIntegerField(primary_key=True, verbose_name=_("版本"))
    starts_at = models.DateTimeField(verbose_name=_("生效时间"))
    min_fen = models.BigIntegerField(verbose_name=_("最低提现额（分）"))
    fee_bps = models.PositiveSmallIntegerField(verbose_name=_("服务费率（万分之）"))
    tax_kind = models.CharField(
        max_length=12, choices=TaxKind, default=TaxKind.FLAT, db_default=TaxKind.FLAT, verbose_name=_("个税算法")
    )
    tax_bps = models.PositiveSmallIntegerField(verbose_name=_("预扣税率（万分之）"))
    day_count_max = models.PositiveSmallIntegerField(null=True, blank=True, verbose_name=_("每日最多笔数"))
    day_fen_max = models.BigIntegerField(null=True, blank=True, verbose_name=_("每日最高金额（分）"))
    one_at_a_time = models.BooleanField(default=False, db_default=False, verbose_name=_("同时只能有一笔在处理"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("制定人"),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("付款政策")
        verbose_name_plural = _("付款政策")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(condition=Q(min_fen__gte=1), name="payouts_payoutpolicy_minimum_positive"),
            models.CheckConstraint(
                condition=Q(fee_bps__gte=0, tax_bps__gte=0) & Q(fee_bps__lt=10_000 - F("tax_bps")),
                name="payouts_payoutpolicy_leaves_something",
            ),
            models.CheckConstraint(
                condition=Q(tax_kind__in=TaxKind.values), name="payouts_payoutpolicy_tax_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(tax_kind=TaxKind.FLAT) | Q(tax_bps=0), name="payouts_payoutpolicy_rate_for_the_flat_tax"
            ),
            models.CheckConstraint(
                condition=Q(day_count_max__isnull=True) | Q(day_count_max__gte=1),
                name="payouts_payoutpolicy_day_count_positive",
            ),
            models.CheckConstraint(
                condition=Q(day_fen_max__isnull=True) | Q(day_fen_max__gte=F("min_fen")),
                name="payouts_payoutpolicy_day_amount_holds_the_minimum",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"
