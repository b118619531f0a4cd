"""Whole-order refunds that an operator asks for and another one confirms."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .order import Order
from .payment import Refund


class RefundRequestState(models.TextChoices):
    WAITING = "waiting", _("待另一人确认")
    APPROVED = "approved", _("已退款")
    REJECTED = "rejected", _("已驳回")


class RefundRequest(models.Model):
    """What an operator asks to give back of an order: all that is left of it, `amount_fen` as the asker saw it.

    Only the confirmation of somebody else makes it a refund, which is linked then.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refund_requests", verbose_name=_("订单"))
    amount_fen = models.BigIntegerField(verbose_name=_("退款金额（分）"))
    reason = models.CharField(max_length=80, verbose_name=_("退款原因"))
    state = models.CharField(
        max_length=8, choices=RefundRequestState, default=RefundRequestState.WAITING, verbose_name=_("状态")
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
        verbose_name=_("确认人"),
    )
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("确认时间"))
    decline_reason = models.CharField(max_length=80, blank=True, default="", db_default="", verbose_name=_("驳回原因"))
    refund = models.OneToOneField(
        Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="request", verbose_name=_("退款")
    )

    class Meta:
        verbose_name = _("整单退款申请")
        verbose_name_plural = _("整单退款申请")
        permissions = [("approve_refund", "Can confirm a refund that somebody else asked for")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="orders_refundrequest_amount_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="orders_refundrequest_has_a_reason"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="waiting"), name="orders_refundrequest_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True, refund__isnull=True)
                | Q(state="rejected", decided_by__isnull=False, decided_at__isnull=False, refund__isnull=True)
                | (
                    Q(state="approved", decided_by__isnull=False, decided_at__isnull=False, refund__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                ),
                name="orders_refundrequest_approved_by_another",
            ),
        ]
        indexes = [
            # What waits for a second person.
            models.Index(fields=["id"], name="orders_refundrequest_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.order.number
