"""Brands: what goods are known by, whoever supplies them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Brand(models.Model):
    """A name that goods go by. Kept by operators; suppliers choose from them."""

    name = models.CharField(max_length=20, unique=True, verbose_name=_("名称"))
    slug = models.SlugField(max_length=40, unique=True, verbose_name=_("网址名"))
    seal = models.CharField(max_length=1, verbose_name=_("印章字"))
    story = models.CharField(max_length=400, blank=True, default="", verbose_name=_("品牌故事"))
    hue = models.PositiveSmallIntegerField(default=20, verbose_name=_("色相"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("品牌")
        verbose_name_plural = _("品牌")
        constraints = [models.CheckConstraint(condition=Q(hue__lt=360), name="suppliers_brand_hue_below_360")]

    def __str__(self) -> str:
        return self.name
