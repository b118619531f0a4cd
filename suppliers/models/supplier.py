"""Suppliers and their users."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Supplier(models.Model):
    """A merchant whose goods the mall sells and who ships them."""

    name = models.CharField(max_length=40, unique=True, verbose_name=_("名称"))
    seal = models.CharField(max_length=1, verbose_name=_("印章字"))
    slug = models.SlugField(max_length=40, unique=True, verbose_name=_("网址名"))
    hue = models.PositiveSmallIntegerField(default=20, verbose_name=_("色相"))
    is_active = models.BooleanField(default=True, verbose_name=_("合作中"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("供应商")
        verbose_name_plural = _("供应商")
        constraints = [models.CheckConstraint(condition=Q(hue__lt=360), name="suppliers_supplier_hue_below_360")]

    def __str__(self) -> str:
        return self.name


class SupplierUser(models.Model):
    """A member's seat at one supplier: it opens `/supplier/` for that supplier's rows and nothing else."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="seats", verbose_name=_("供应商"))
    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supplier_seat", verbose_name=_("会员")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("供应商用户")
        verbose_name_plural = _("供应商用户")

    def __str__(self) -> str:
        return f"{self.member} @ {self.supplier}"
