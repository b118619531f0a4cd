"""The switch that stops all payouts at once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PayoutStop(models.Model):
    """While one stands, no withdrawal is asked for, approved, released or sent. One person places it with a reason; one
    asks to lift it, and another lifts it. What was earned goes on being settled: nothing is lost."""

    reason = models.CharField(max_length=200, verbose_name=_("原因"))
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("暂停人"),
    )
    stopped_at = models.DateTimeField(verbose_name=_("暂停时间"))
    lift_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("申请恢复"),
    )
    lift_asked_at = models.DateTimeField(null=True, blank=True, verbose_name=_("申请恢复时间"))
    lift_reason = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("恢复原因"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("恢复人"),
    )
    lifted_at = models.DateTimeField(null=True, blank=True, verbose_name=_("恢复时间"))

    class Meta:
        verbose_name = _("打款暂停")
        verbose_name_plural = _("打款暂停")
        constraints = [
            models.UniqueConstraint(
                fields=["lifted_at"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="payouts_payoutstop_one_stands",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="payouts_payoutstop_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lift_asked_by__isnull=True, lift_asked_at__isnull=True, lift_reason="")
                | (Q(lift_asked_by__isnull=False, lift_asked_at__isnull=False) & ~Q(lift_reason="")),
                name="payouts_payoutstop_asked_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | (
                    Q(lifted_at__isnull=False, lifted_by__isnull=False, lift_asked_by__isnull=False)
                    & ~Q(lifted_by=F("lift_asked_by"))
                ),
                name="payouts_payoutstop_lifted_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
