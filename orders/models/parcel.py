"""What was handed to carriers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .order import Order


class Parcel(models.Model):
    """What a supplier handed to a carrier."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parcels", verbose_name=_("订单"))
    carrier = models.CharField(max_length=30, verbose_name=_("快递公司"))
    tracking_number = models.CharField(max_length=40, verbose_name=_("快递单号"))
    shipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("发货人"),
    )
    shipped_at = models.DateTimeField(verbose_name=_("发货时间"))

    class Meta:
        verbose_name = _("包裹")
        verbose_name_plural = _("包裹")

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"
