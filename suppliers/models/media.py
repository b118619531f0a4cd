"""What a product shows of itself: pictures and films."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .product import Product


class MediaKind(models.TextChoices):
    IMAGE = "image", _("图片")
    VIDEO = "video", _("视频")


class ProductMedia(models.Model):
    """One picture or film of a product's gallery, by its path under media. Films come first."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="media", verbose_name=_("商品"))
    kind = models.CharField(max_length=5, choices=MediaKind, default=MediaKind.IMAGE, verbose_name=_("类型"))
    path = models.CharField(max_length=200, verbose_name=_("文件"))
    poster = models.CharField(max_length=200, blank=True, default="", verbose_name=_("视频封面"))
    alt = models.CharField(max_length=60, blank=True, default="", verbose_name=_("画面说明"))
    width = models.PositiveSmallIntegerField(default=750, verbose_name=_("宽"))
    height = models.PositiveSmallIntegerField(default=750, verbose_name=_("高"))
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("排序"))

    class Meta:
        verbose_name = _("商品图片")
        verbose_name_plural = _("商品图片")
        # "video" stands after "image" in the alphabet and before it in a gallery.
        ordering = ["-kind", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(path=""), name="suppliers_productmedia_has_a_path"),
            models.CheckConstraint(
                condition=Q(kind=MediaKind.IMAGE) | ~Q(poster=""), name="suppliers_productmedia_film_has_a_poster"
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.path
