"""Where goods lie."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .product import Sku
from .supplier import Supplier


class Warehouse(models.Model):
    """A place of a supplier. What of a SKU lies in no other place lies in the default one, which has no counts of its
    own: a supplier with one place has everything there."""

    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, related_name="warehouses", verbose_name=_("供应商")
    )
    name = models.CharField(max_length=20, verbose_name=_("仓库"))
    is_default = models.BooleanField(default=False, verbose_name=_("默认仓"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("仓库")
        verbose_name_plural = _("仓库")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "name"], name="suppliers_warehouse_name_once"),
            models.UniqueConstraint(
                fields=["supplier"], condition=Q(is_default=True), name="suppliers_warehouse_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WarehouseStock(models.Model):
    """How much of what a SKU has on hand lies in a warehouse that is not the default one. Together never more than the
    SKU has: whoever writes a row holds the lock of its SKU."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="stocks", verbose_name=_("仓库"))
    sku = models.ForeignKey(
        Sku, on_delete=models.CASCADE, db_index=False, related_name="warehouse_stocks", verbose_name=_("规格")
    )
    on_hand = models.PositiveIntegerField(default=0, verbose_name=_("在库"))

    class Meta:
        verbose_name = _("分仓库存")
        verbose_name_plural = _("分仓库存")
        constraints = [
            # Also the index by which a SKU finds where it lies.
            models.UniqueConstraint(fields=["sku", "warehouse"], name="suppliers_warehousestock_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} @ {self.warehouse_id}: {self.on_hand}"
