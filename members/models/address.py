"""Where goods are sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .member import Member


class AddressLabel(models.TextChoices):
    HOME = "home", _("家")
    WORK = "work", _("公司")
    SCHOOL = "school", _("学校")


class Address(models.Model):
    """Where a member has goods sent. Deleting keeps the row: orders carry their own snapshot anyway."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("会员"))
    name = models.CharField(max_length=40, verbose_name=_("收货人"))
    phone = models.CharField(max_length=20, verbose_name=_("手机号"))
    province = models.CharField(max_length=20, verbose_name=_("省份"))
    city = models.CharField(max_length=30, verbose_name=_("城市"))
    district = models.CharField(max_length=30, blank=True, verbose_name=_("区县"))
    detail = models.CharField(max_length=120, verbose_name=_("详细地址"))
    label = models.CharField(
        max_length=8, choices=AddressLabel, blank=True, default="", db_default="", verbose_name=_("标签")
    )
    is_default = models.BooleanField(default=False, verbose_name=_("默认地址"))
    deleted_at = models.DateTimeField(null=True, blank=True, verbose_name=_("删除时间"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("收货地址")
        verbose_name_plural = _("收货地址")
        constraints = [
            models.CheckConstraint(
                condition=Q(label__in=["", *AddressLabel.values]), name="members_address_label_known"
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(is_default=True, deleted_at__isnull=True),
                name="members_address_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The address on one line, as it goes on a parcel."""
        place = [self.province] if self.city in ("", self.province) else [self.province, self.city]
        return "".join([*place, self.district, " ", self.detail])
