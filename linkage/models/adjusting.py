"""Adjustments of a member's money by hand: asked for by one operator, approved by another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AdjustmentKind(models.TextChoices):
    ADJUST = "adjust", _("补发或扣减")
    FORGIVE = "forgive", _("免除欠款")


class AdjustmentState(models.TextChoices):
    WAITING = "waiting", _("待复核")
    APPROVED = "approved", _("已生效")
    REJECTED = "rejected", _("已驳回")


class Adjustment(models.Model):
    """Once approved it is an event of the numbered stream under its `number`. An amount above zero is a credit, below
    zero it is taken away; a debt is forgiven by an amount above zero."""

    number = models.CharField(max_length=32, unique=True, verbose_name=_("调整单号"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="adjustments",
        verbose_name=_("会员"),
    )
    kind = models.CharField(max_length=8, choices=AdjustmentKind, verbose_name=_("种类"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    reason = models.CharField(max_length=120, verbose_name=_("原因"))
    state = models.CharField(
        max_length=8, choices=AdjustmentState, default=AdjustmentState.WAITING, verbose_name=_("状态")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(verbose_name=_("申请时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("复核人"),
    )
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("复核时间"))
    decline_reason = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("驳回原因"))

    class Meta:
        verbose_name = _("人工调整")
        verbose_name_plural = _("人工调整")
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount_fen=0) & (Q(kind="adjust") | Q(amount_fen__gt=0)),
                name="linkage_adjustment_amount",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="linkage_adjustment_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(asked_by=F("member")), name="linkage_adjustment_not_asked_by_its_member"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state="rejected", decided_by__isnull=False, decided_at__isnull=False)
                | (
                    Q(state="approved", decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                    & ~Q(decided_by=F("member"))
                ),
                name="linkage_adjustment_approved_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="linkage_adjustment_member"),
            # What waits for a second person.
            models.Index(fields=["id"], name="linkage_adjustment_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.number
