"""What was handed to carriers, and what happened to it on the way."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .order import Order, OrderLine


class ParcelKind(models.TextChoices):
    ORDER = "order", _("发货")
    RETURN = "return", _("退货")
    REPLACEMENT = "replacement", _("换货")


class Parcel(models.Model):
    """What was handed to a carrier: by a supplier for an order or as a replacement, or by a buyer who sends back.

    `announced_at`: since when the carrier tells us of it. `delivered_at` is what the carrier said.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parcels", verbose_name=_("订单"))
    after_sale = models.ForeignKey(
        "orders.AfterSale",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parcels",
        verbose_name=_("售后单"),
    )
    kind = models.CharField(
        max_length=12,
        choices=ParcelKind,
        default=ParcelKind.ORDER,
        db_default=ParcelKind.ORDER.value,
        verbose_name=_("类型"),
    )
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
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(null=True, blank=True, verbose_name=_("签收时间"))

    class Meta:
        verbose_name = _("包裹")
        verbose_name_plural = _("包裹")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ParcelKind.values), name="orders_parcel_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="order", after_sale__isnull=True) | (~Q(kind="order") & Q(after_sale__isnull=False)),
                name="orders_parcel_of_a_case_when_not_shipped",
            ),
        ]
        indexes = [
            # A carrier's push names it so.
            models.Index(fields=["tracking_number"], name="orders_parcel_tracking"),
            # Parcels whose news are awaited: the sweep that announces and asks.
            models.Index(fields=["shipped_at"], name="orders_parcel_under_way", condition=Q(delivered_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"


class ParcelLine(models.Model):
    """How many pieces of a line lie in a parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="lines", verbose_name=_("包裹"))
    line = models.ForeignKey(
        OrderLine, on_delete=models.CASCADE, related_name="parcel_lines", verbose_name=_("订单明细")
    )
    quantity = models.PositiveIntegerField(verbose_name=_("数量"))

    class Meta:
        verbose_name = _("包裹明细")
        verbose_name_plural = _("包裹明细")
        constraints = [
            models.UniqueConstraint(fields=["parcel", "line"], name="orders_parcelline_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_parcelline_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.line} × {self.quantity}"


class TrackKind(models.TextChoices):
    COLLECTED = "collected", _("已揽收")
    MOVING = "moving", _("运输中")
    DELIVERING = "delivering", _("派送中")
    DELIVERED = "delivered", _("已签收")
    TROUBLE = "trouble", _("异常")


class TrackEvent(models.Model):
    """One thing that happened to a parcel, as its carrier told it. `event_id` is the carrier's: a repeat adds none."""

    parcel = models.ForeignKey(
        Parcel, on_delete=models.CASCADE, db_index=False, related_name="tracks", verbose_name=_("包裹")
    )
    event_id = models.CharField(max_length=64, editable=False)
    kind = models.CharField(max_length=12, choices=TrackKind, verbose_name=_("状态"))
    text = models.CharField(max_length=200, verbose_name=_("内容"))
    place = models.CharField(max_length=40, blank=True, default="", db_default="", verbose_name=_("地点"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("物流轨迹")
        verbose_name_plural = _("物流轨迹")
        constraints = [
            models.UniqueConstraint(fields=["parcel", "event_id"], name="orders_trackevent_once"),
            models.CheckConstraint(condition=Q(kind__in=TrackKind.values), name="orders_trackevent_kind_known"),
        ]
        # A parcel's timeline.
        indexes = [models.Index(fields=["parcel", "-at"], name="orders_trackevent_timeline")]

    def __str__(self) -> str:
        return self.text


class Reminder(models.Model):
    """A buyer asks the supplier to hurry: once a day for an order."""

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, db_index=False, related_name="reminders", verbose_name=_("订单")
    )
    on_date = models.DateField(verbose_name=_("日期"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("催单")
        verbose_name_plural = _("催单")
        constraints = [models.UniqueConstraint(fields=["order", "on_date"], name="orders_reminder_once_a_day")]

    def __str__(self) -> str:
        return f"{self.order} {self.on_date}"
