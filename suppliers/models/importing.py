"""What a supplier has brought along from other platforms: how their files are read, and which draft is which
product."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .product import Product
from .supplier import Supplier


class ImportMapping(models.Model):
    """How a supplier's files of one platform are read: said once, used for the next file, too.

    `columns` has a word of the head for each field, `categories` the id of a category for each word of theirs. Where
    a file has no supply price it is `supply_bps` of the sale price.
    """

    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, db_index=False, related_name="import_mappings", verbose_name=_("供应商")
    )
    source = models.CharField(max_length=10, verbose_name=_("平台"))
    columns = models.JSONField(default=dict, verbose_name=_("列"))
    categories = models.JSONField(default=dict, verbose_name=_("分类"))
    supply_bps = models.PositiveSmallIntegerField(verbose_name=_("供货价占售价（万分之）"))
    saved_at = models.DateTimeField(verbose_name=_("保存时间"))

    class Meta:
        verbose_name = _("导入对应关系")
        verbose_name_plural = _("导入对应关系")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "source"], name="suppliers_importmapping_once"),
            models.CheckConstraint(
                condition=Q(supply_bps__gt=0, supply_bps__lte=10_000), name="suppliers_importmapping_supply_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.source}"


class ImportedProduct(models.Model):
    """A product that came from another platform, by its number there. `skus` has the id of a SKU for each key there."""

    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, db_index=False, related_name="imported_products", verbose_name=_("供应商")
    )
    source = models.CharField(max_length=10, verbose_name=_("平台"))
    external_id = models.CharField(max_length=64, verbose_name=_("平台上的编号"))
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="imported", verbose_name=_("商品"))
    skus = models.JSONField(default=dict, verbose_name=_("规格"))
    imported_at = models.DateTimeField(verbose_name=_("导入时间"))

    class Meta:
        verbose_name = _("导入的商品")
        verbose_name_plural = _("导入的商品")
        constraints = [
            # Also the index by which a file finds what it brought before.
            models.UniqueConstraint(
                fields=["supplier", "source", "external_id"], name="suppliers_importedproduct_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
