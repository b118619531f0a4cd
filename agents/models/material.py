"""Materials: words and pictures that operators wrote, and that shopkeepers may share as they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from suppliers.models import Product


class MaterialKind(models.TextChoices):
    COPY = "copy", _("朋友圈文案")
    IMAGES = "images", _("图片")
    SCRIPT = "script", _("短视频脚本")
    TUTORIAL = "tutorial", _("教程")


class MaterialState(models.TextChoices):
    DRAFT = "draft", _("待审核")
    CHECKED = "checked", _("已审核")
    WITHDRAWN = "withdrawn", _("已撤下")


class Material(models.Model):
    """One thing to share. Shopkeepers see it once somebody has checked it; changed words are checked anew."""

    kind = models.CharField(max_length=8, choices=MaterialKind, verbose_name=_("类型"))
    title = models.CharField(max_length=30, verbose_name=_("标题"))
    text = models.TextField(max_length=1000, blank=True, default="", db_default="", verbose_name=_("文案"))
    product = models.ForeignKey(
        Product,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="materials",
        verbose_name=_("商品"),
    )
    state = models.CharField(max_length=9, choices=MaterialState, default=MaterialState.DRAFT, verbose_name=_("状态"))
    used_count = models.PositiveIntegerField(default=0, db_default=0, editable=False, verbose_name=_("使用次数"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("保存人"),
    )
    saved_at = models.DateTimeField(verbose_name=_("保存时间"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("审核人"),
    )
    checked_at = models.DateTimeField(null=True, blank=True, verbose_name=_("审核时间"))

    class Meta:
        verbose_name = _("素材")
        verbose_name_plural = _("素材")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MaterialKind.values), name="agents_material_kind_known"),
            models.CheckConstraint(condition=Q(state__in=MaterialState.values), name="agents_material_state_known"),
            models.CheckConstraint(
                condition=~Q(state="checked") | Q(checked_at__isnull=False), name="agents_material_checked_when_checked"
            ),
        ]
        indexes = [
            # What shopkeepers see, newest first.
            models.Index(fields=["-id"], name="agents_material_shown", condition=Q(state="checked")),
        ]

    def __str__(self) -> str:
        return self.title


class MaterialImage(models.Model):
    """One picture of a material, by its path under media."""

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="images", verbose_name=_("素材"))
    path = models.CharField(max_length=200, verbose_name=_("图片"))
    width = models.PositiveSmallIntegerField(verbose_name=_("宽"))
    height = models.PositiveSmallIntegerField(verbose_name=_("高"))
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("排序"))

    class Meta:
        verbose_name = _("素材图片")
        verbose_name_plural = _("素材图片")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(path=""), name="agents_materialimage_has_a_path"),
        ]

    def __str__(self) -> str:
        return self.path


class UseKind(models.TextChoices):
    COPIED = "copied", _("复制文案")
    SAVED = "saved", _("保存图片")


class MaterialUse(models.Model):
    """A member used a material on a day: one row each, however often it was copied that day."""

    material = models.ForeignKey(
        Material, on_delete=models.CASCADE, db_index=False, related_name="uses", verbose_name=_("素材")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="material_uses", verbose_name=_("会员")
    )
    kind = models.CharField(max_length=6, choices=UseKind, verbose_name=_("方式"))
    date = models.DateField(verbose_name=_("日期"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("素材使用")
        verbose_name_plural = _("素材使用")
        constraints = [
            models.UniqueConstraint(
                fields=["material", "member", "kind", "date"], name="agents_materialuse_once_a_day"
            ),
            models.CheckConstraint(condition=Q(kind__in=UseKind.values), name="agents_materialuse_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.material_id} {self.kind}"
