"""Retail commission, as settlement keeps it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Commission(models.Model):
    """The retail commission of one order line: floor(`kept_fen` × `bps`), all in the terms that it was earned under.

    `kept_fen` is what of the line was paid and not refunded, `net_fen` at first. Whose order it was and why stands on
    the order. `matures_at` stands only while it is still to come.
    """

    line = models.OneToOneField(
        "orders.OrderLine",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="commission",
        verbose_name=_("订单明细"),
    )
    order = models.ForeignKey(
        "orders.Order", on_delete=models.PROTECT, related_name="commissions", verbose_name=_("订单")
    )
    shard = models.SmallIntegerField()
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="commissions",
        db_index=False,
        verbose_name=_("店主"),
    )
    net_fen = models.BigIntegerField(verbose_name=_("实付商品金额（分）"))
    bps = models.SmallIntegerField(verbose_name=_("零售佣金（万分之）"))
    days = models.SmallIntegerField(verbose_name=_("冷静期（天）"))
    first_fen = models.BigIntegerField(verbose_name=_("付款时佣金（分）"))
    kept_fen = models.BigIntegerField(verbose_name=_("退款后商品金额（分）"))
    amount_fen = models.BigIntegerField(verbose_name=_("佣金（分）"))
    paid_at = models.DateTimeField(verbose_name=_("付款时间"))
    received_at = models.DateTimeField(null=True, verbose_name=_("收货时间"))
    matures_at = models.DateTimeField(null=True, verbose_name=_("冷静期结束"))
    matured = models.BooleanField(default=False, db_default=False, verbose_name=_("已过冷静期"))

    class Meta:
        verbose_name = _("零售佣金")
        verbose_name_plural = _("零售佣金")
        constraints = [
            models.CheckConstraint(
                condition=Q(net_fen__gt=0, kept_fen__gte=0, kept_fen__lte=F("net_fen"), bps__gte=0, bps__lte=10_000),
                name="linkage_commission_keeps_a_part",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=F("kept_fen") * F("bps") / 10_000, first_fen=F("net_fen") * F("bps") / 10_000),
                name="linkage_commission_is_the_share_of_what_is_kept",
            ),
        ]
        indexes = [
            # Somebody's commissions, newest first.
            models.Index(fields=["member", "-paid_at", "-line"], name="linkage_commission_member"),
            # What falls due, by shard.
            models.Index(
                fields=["shard", "matures_at"], name="linkage_commission_matures", condition=Q(matures_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount_fen}"


class CommissionCut(models.Model):
    """What a refund took back of a commission; afterwards `kept_fen` of its line was left."""

    commission = models.ForeignKey(
        Commission, on_delete=models.PROTECT, related_name="cuts", verbose_name=_("零售佣金")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("店主")
    )
    kept_fen = models.BigIntegerField(verbose_name=_("退款后商品金额（分）"))
    amount_fen = models.BigIntegerField(verbose_name=_("扣回佣金（分）"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("佣金扣回")
        verbose_name_plural = _("佣金扣回")
        constraints = [
            models.UniqueConstraint(fields=["commission", "kept_fen"], name="linkage_commissioncut_once"),
            models.CheckConstraint(
                condition=Q(kept_fen__gte=0, amount_fen__gte=0), name="linkage_commissioncut_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["member", "-at", "-id"], name="linkage_commissioncut_member")]

    def __str__(self) -> str:
        return f"{self.commission_id} -{self.amount_fen}"
