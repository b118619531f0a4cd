"""Stock movements."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .product import Sku
from .warehouse import Warehouse


class MovementKind(models.TextChoices):
    RECEIVED = "received", _("入库")
    ADJUSTED = "adjusted", _("调整")
    RESERVED = "reserved", _("占用")
    RELEASED = "released", _("释放")
    CONSUMED = "consumed", _("出库")
    RETURNED = "returned", _("退回")
    MOVED = "moved", _("调拨")


class StockMovement(models.Model):
    """One change of a SKU's stock. Summed, the movements give what the SKU counts."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="movements", verbose_name=_("规格"))
    kind = models.CharField(max_length=10, choices=MovementKind, verbose_name=_("类型"))
    on_hand_delta = models.IntegerField(default=0, verbose_name=_("现有变化"))
    reserved_delta = models.IntegerField(default=0, verbose_name=_("占用变化"))
    reason = models.CharField(max_length=80, blank=True, default="", db_default="", verbose_name=_("原因"))
    reference = models.CharField(max_length=64, blank=True, default="", db_default="", verbose_name=_("关联单号"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("操作人"),
    )
    warehouse = models.ForeignKey(
        Warehouse,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("仓库"),
    )
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("库存变动")
        verbose_name_plural = _("库存变动")
        constraints = [
            # One order moves one SKU once in each way: a repeat finds the movement there.
            models.UniqueConstraint(
                fields=["reference", "kind", "sku"], condition=~Q(reference=""), name="suppliers_stockmovement_once"
            ),
            models.CheckConstraint(
                condition=~Q(on_hand_delta=0, reserved_delta=0), name="suppliers_stockmovement_moves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.kind} {self.on_hand_delta:+d}/{self.reserved_delta:+d}"
