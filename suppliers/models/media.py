"""What a product shows of itself: pictures and films, and papers that prove what it says."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .product import Product
from .supplier import Supplier


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


class QualificationKind(models.TextChoices):
    BUSINESS = "business", _("营业执照")
    FOOD = "food", _("食品经营许可证")
    PRODUCTION = "production", _("生产许可证")
    TRADEMARK = "trademark", _("商标注册证")
    ORIGIN = "origin", _("产地证明")
    INSPECTION = "inspection", _("检验报告")
    ORGANIC = "organic", _("有机认证")


class Qualification(models.Model):
    """A paper of a supplier, or of one of its products."""

    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, related_name="qualifications", verbose_name=_("供应商")
    )
    product = models.ForeignKey(
        Product,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="qualifications",
        verbose_name=_("商品"),
        help_text=_("不选则为全店资质"),
    )
    kind = models.CharField(max_length=10, choices=QualificationKind, verbose_name=_("类型"))
    title = models.CharField(max_length=40, verbose_name=_("名称"))
    number = models.CharField(max_length=40, blank=True, default="", verbose_name=_("编号"))
    picture = models.CharField(max_length=200, blank=True, default="", verbose_name=_("图片"))
    valid_until = models.DateField(null=True, blank=True, verbose_name=_("有效期至"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("资质")
        verbose_name_plural = _("资质")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"
