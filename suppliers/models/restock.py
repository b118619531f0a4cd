"""How much of a SKU should be there, and what was bought to be there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .product import Sku
from .supplier import Supplier


class StockPlan(models.Model):
    """When a SKU runs low, how long goods take to come, how long they should last, and how many come in a case."""

    sku = models.OneToOneField(
        Sku, primary_key=True, on_delete=models.CASCADE, related_name="stock_plan", verbose_name=_("规格")
    )
    safety = models.PositiveIntegerField(default=0, verbose_name=_("安全库存"))
    lead_days = models.PositiveSmallIntegerField(default=7, verbose_name=_("交期（天）"))
    cover_days = models.PositiveSmallIntegerField(default=21, verbose_name=_("备货（天）"))
    case_size = models.PositiveIntegerField(default=1, verbose_name=_("每箱件数"))

    class Meta:
        verbose_name = _("备货设置")
        verbose_name_plural = _("备货设置")
        constraints = [
            models.CheckConstraint(condition=Q(case_size__gt=0), name="suppliers_stockplan_case_not_empty"),
            models.CheckConstraint(
                condition=Q(lead_days__lte=180, cover_days__lte=180), name="suppliers_stockplan_days_within_half_a_year"
            ),
        ]

    def __str__(self) -> str:
        return str(self.sku_id)


class RestockState(models.TextChoices):
    ORDERED = "ordered", _("在途")
    RECEIVED = "received", _("已入库")
    CANCELLED = "cancelled", _("已取消")


class Restock(models.Model):
    """Goods that a supplier has ordered for its own shelf. What of its lines is not received yet is inbound."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="restocks", verbose_name=_("供应商"))
    number = models.CharField(max_length=24, unique=True, verbose_name=_("采购单号"))
    state = models.CharField(max_length=10, choices=RestockState, default=RestockState.ORDERED, verbose_name=_("状态"))
    expected_date = models.DateField(verbose_name=_("预计到货"))
    note = models.CharField(max_length=80, blank=True, default="", db_default="", verbose_name=_("备注"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("下单人")
    )
    ordered_at = models.DateTimeField(verbose_name=_("下单时间"))
    ended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束时间"))

    class Meta:
        verbose_name = _("采购单")
        verbose_name_plural = _("采购单")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RestockState.values), name="suppliers_restock_state_known"),
            models.CheckConstraint(
                condition=Q(state="ordered", ended_at__isnull=True) | ~Q(state="ordered") & Q(ended_at__isnull=False),
                name="suppliers_restock_ended_when_it_is_over",
            ),
        ]
        indexes = [
            # A supplier's own, what is under way first.
            models.Index(fields=["supplier", "state", "expected_date"], name="suppliers_restock_own"),
        ]

    def __str__(self) -> str:
        return self.number


class RestockLine(models.Model):
    """So many pieces of one SKU, and how many of them have come."""

    restock = models.ForeignKey(Restock, on_delete=models.CASCADE, related_name="lines", verbose_name=_("采购单"))
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="restock_lines", verbose_name=_("规格"))
    quantity = models.PositiveIntegerField(verbose_name=_("数量"))
    received = models.PositiveIntegerField(default=0, verbose_name=_("已到"))

    class Meta:
        verbose_name = _("采购明细")
        verbose_name_plural = _("采购明细")
        constraints = [
            models.UniqueConstraint(fields=["restock", "sku"], name="suppliers_restockline_sku_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__lte=F("quantity")), name="suppliers_restockline_within_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} × {self.quantity}"
