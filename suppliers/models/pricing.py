"""Prices that are to change, after a time in which shopkeepers can tell their customers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .product import Sku


class PriceChangeState(models.TextChoices):
    WAITING = "waiting", _("待生效")
    DONE = "done", _("已生效")
    WITHDRAWN = "withdrawn", _("已撤回")
    REFUSED = "refused", _("未生效")


class PriceChange(models.Model):
    """New prices of a SKU from `effective_at` on. The prices before are those at asking; a gift pack has no sale price.

    One waits for a SKU at most: a newer one withdraws it.
    """

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="price_changes", verbose_name=_("规格"))
    supply_before_fen = models.BigIntegerField(verbose_name=_("原供货价（分）"))
    list_before_fen = models.BigIntegerField(verbose_name=_("原划线价（分）"))
    sale_before_fen = models.BigIntegerField(null=True, blank=True, verbose_name=_("原售价（分）"))
    supply_price_fen = models.BigIntegerField(verbose_name=_("新供货价（分）"))
    list_price_fen = models.BigIntegerField(verbose_name=_("新划线价（分）"))
    sale_price_fen = models.BigIntegerField(null=True, blank=True, verbose_name=_("新售价（分）"))
    state = models.CharField(
        max_length=10, choices=PriceChangeState, default=PriceChangeState.WAITING, verbose_name=_("状态")
    )
    reason = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("说明"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(verbose_name=_("申请时间"))
    effective_at = models.DateTimeField(verbose_name=_("生效时间"))
    ended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束时间"))

    class Meta:
        verbose_name = _("调价申请")
        verbose_name_plural = _("调价申请")
        constraints = [
            models.UniqueConstraint(
                fields=["sku"], condition=Q(state="waiting"), name="suppliers_pricechange_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PriceChangeState.values), name="suppliers_pricechange_state_known"
            ),
            models.CheckConstraint(
                condition=Q(supply_price_fen__gt=0, list_price_fen__gt=0)
                & (Q(sale_price_fen__isnull=True) | Q(sale_price_fen__gt=0)),
                name="suppliers_pricechange_prices_positive",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | ~Q(state="waiting") & Q(ended_at__isnull=False),
                name="suppliers_pricechange_ended_when_it_waits_no_more",
            ),
        ]
        indexes = [
            # The sweep that lets changes come into force.
            models.Index(fields=["effective_at"], name="suppliers_pricechange_due", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.effective_at:%Y-%m-%d}"
