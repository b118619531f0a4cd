"""Banners of the front page, kept by operators."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BannerGround(models.TextChoices):
    """The colour behind a banner's words, which are white."""

    JADE = "jade", _("松石")
    BRICK = "brick", _("砖红")
    INK = "ink", _("靛青")
    PLUM = "plum", _("梅紫")


class Banner(models.Model):
    """A strip on the front page that leads to a page of our own, shown from `starts_at` until `ends_at`."""

    title = models.CharField(max_length=14, verbose_name=_("标题"))
    subtitle = models.CharField(max_length=24, blank=True, default="", db_default="", verbose_name=_("副标题"))
    target_path = models.CharField(max_length=200, verbose_name=_("去往"))
    image = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("图片"))
    ground = models.CharField(max_length=5, choices=BannerGround, default=BannerGround.JADE, verbose_name=_("底色"))
    position = models.PositiveSmallIntegerField(default=0, db_default=0, verbose_name=_("排序"))
    starts_at = models.DateTimeField(verbose_name=_("开始"))
    ends_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束"))
    is_active = models.BooleanField(default=True, db_default=True, verbose_name=_("展示"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("操作人"),
    )
    saved_at = models.DateTimeField(verbose_name=_("保存时间"))

    class Meta:
        verbose_name = _("首页横幅")
        verbose_name_plural = _("首页横幅")
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=BannerGround.values), name="storefront_banner_ground_known"),
            # One slash and then none: an address of our own.
            models.CheckConstraint(
                condition=Q(target_path__startswith="/") & ~Q(target_path__startswith="//"),
                name="storefront_banner_leads_inside",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="storefront_banner_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title
