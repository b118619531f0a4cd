"""Purchases: what is placed, and paid, at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PurchaseState(models.TextChoices):
    PLACED = "placed", _("待付款")
    PAID = "paid", _("已付款")
    CANCELLED = "cancelled", _("已取消")


class Purchase(models.Model):
    """What a member places at once: one order for each supplier, paid together. Unpaid it is one thing, and is paid,
    cancelled or expires whole; once paid, its orders go their own ways. `number` is what people and providers see.
    """

    number = models.CharField(max_length=48, unique=True, verbose_name=_("合并付款单号"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="purchases",
        verbose_name=_("会员"),
    )
    state = models.CharField(max_length=10, choices=PurchaseState, verbose_name=_("状态"))
    total_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    placed_at = models.DateTimeField(verbose_name=_("下单时间"))
    expires_at = models.DateTimeField(verbose_name=_("付款截止"))
    paid_at = models.DateTimeField(null=True, blank=True, verbose_name=_("付款时间"))
    cancelled_at = models.DateTimeField(null=True, blank=True, verbose_name=_("取消时间"))
    idempotency_key = models.CharField(max_length=64, editable=False)
    request_hash = models.CharField(max_length=64, editable=False, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("合并付款")
        verbose_name_plural = _("合并付款")
        constraints = [
            models.UniqueConstraint(fields=["member", "idempotency_key"], name="orders_purchase_once_a_key"),
            models.CheckConstraint(condition=Q(state__in=PurchaseState.values), name="orders_purchase_state_known"),
            models.CheckConstraint(condition=Q(total_fen__gt=0), name="orders_purchase_total_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | (~Q(state="paid") & Q(paid_at__isnull=True)),
                name="orders_purchase_paid_when_paid",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True)),
                name="orders_purchase_cancelled_when_cancelled",
            ),
        ]
        indexes = [
            # What a member has not paid yet; the sweep of those whose time is over.
            models.Index(fields=["member"], name="orders_purchase_unpaid", condition=Q(state="placed")),
            models.Index(fields=["expires_at"], name="orders_purchase_to_expire", condition=Q(state="placed")),
        ]

    def __str__(self) -> str:
        return self.number
