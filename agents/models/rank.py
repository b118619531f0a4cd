"""Ranks of shopkeepers: how many customers they served, and how many of these came again. Never recruits or income."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RankKind(models.IntegerChoices):
    SERVED = 1, _("服务客户")
    REPEAT = 2, _("复购率")


class RankSpan(models.IntegerChoices):
    WEEK = 1, _("本周")
    MONTH = 2, _("本月")


class RankEntry(models.Model):
    """The place of a shopkeeper in one week or month. Written whole by `commands.count_ranks`; pages only read it.

    `value` counts customers, or for the repeat rate is in basis points; `customers` is who was served at all.
    """

    kind = models.SmallIntegerField(choices=RankKind, verbose_name=_("榜单"))
    span = models.SmallIntegerField(choices=RankSpan, verbose_name=_("周期"))
    starts_date = models.DateField(verbose_name=_("开始日期"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rank_entries", verbose_name=_("会员")
    )
    place = models.PositiveIntegerField(verbose_name=_("名次"))
    value = models.PositiveIntegerField(verbose_name=_("数值"))
    customers = models.PositiveIntegerField(verbose_name=_("服务客户数"))
    counted_at = models.DateTimeField(verbose_name=_("统计时间"))

    class Meta:
        verbose_name = _("排行")
        verbose_name_plural = _("排行")
        constraints = [
            models.UniqueConstraint(fields=["span", "starts_date", "kind", "member"], name="agents_rankentry_once"),
            models.CheckConstraint(condition=Q(place__gte=1), name="agents_rankentry_place_positive"),
            models.CheckConstraint(condition=~Q(kind=2) | Q(value__lte=10_000), name="agents_rankentry_rate_is_a_rate"),
        ]
        indexes = [
            # The list, from the top.
            models.Index(fields=["span", "starts_date", "kind", "place", "member"], name="agents_rankentry_list"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_date} #{self.place}"


class RankName(models.Model):
    """The name under which a shopkeeper wants to be seen in the ranks; without one it stands there without a name."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="rank_name",
        verbose_name=_("会员"),
    )
    name = models.CharField(max_length=12, verbose_name=_("显示名称"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("排行显示名")
        verbose_name_plural = _("排行显示名")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="agents_rankname_named")]

    def __str__(self) -> str:
        return self.name
