"""Who looked at where a parcel goes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .order import Order


class RevealWay(models.TextChoices):
    PAGE = "page", _("在订单里查看")
    LABELS = "labels", _("打印面单")
    SHEET = "sheet", _("下载发货表")
    API = "api", _("通过接口获取")


class RecipientReveal(models.Model):
    """One look of a supplier's user at the name, phone and address of one order, and why. Rows are only added: a
    trigger refuses to change or delete them."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reveals", verbose_name=_("订单"))
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("查看人")
    )
    way = models.CharField(max_length=8, choices=RevealWay, verbose_name=_("方式"))
    reason = models.CharField(max_length=80, verbose_name=_("原因"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("收货信息查看记录")
        verbose_name_plural = _("收货信息查看记录")
        constraints = [
            models.CheckConstraint(condition=Q(way__in=RevealWay.values), name="orders_recipientreveal_way_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="orders_recipientreveal_has_a_reason"),
        ]
        # Newest first, for operators.
        indexes = [models.Index(fields=["-at"], name="orders_recipientreveal_latest")]

    def __str__(self) -> str:
        return f"{self.order} {self.reason}"
