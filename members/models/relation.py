"""Touches and visits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .member import Member


class Touch(models.Model):
    """One visit by way of somebody's referral link, written once; `member` is known when the visitor joins."""

    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="touches", verbose_name=_("分享人"))
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="touched_by", verbose_name=_("访客会员")
    )
    visitor_hash = models.CharField(max_length=64, verbose_name=_("访客标识"))
    channel = models.CharField(max_length=20, blank=True, verbose_name=_("渠道"))
    target_path = models.CharField(max_length=200, blank=True, verbose_name=_("落地页"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("触达")
        verbose_name_plural = _("触达")
        # What a sharer's links brought, newest first.
        indexes = [models.Index(fields=["owner", "-at"], name="members_touch_owner_at")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.channel} {self.at:%Y-%m-%d}"


class DayVisit(models.Model):
    """A member was here on that date (Asia/Shanghai). One row a day."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="day_visits", verbose_name=_("会员"))
    date = models.DateField(verbose_name=_("日期"))

    class Meta:
        verbose_name = _("到访日")
        verbose_name_plural = _("到访日")
        constraints = [models.UniqueConstraint(fields=["member", "date"], name="members_dayvisit_once_a_day")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.date}"
