"""Figures by day, so that no page need count a million orders."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayFigures(models.Model):
    """What happened on one day of Asia/Shanghai. Written by a task from the rows themselves (`insights.queries.days`),
    and made anew whenever they differ.

    Orders count on the day on which they were paid, refunded later or not; rewards and commissions on that of their
    order, as they were before anything was taken back. `buyers` paid within the thirty days that end with this one,
    `repeat_buyers` are those of them who had paid before. `skus` and `skus_out` are what was on sale and sold out when
    the day was looked at last; of them alone the past is an estimate.
    """

    date = models.DateField(primary_key=True, verbose_name=_("日期"))
    orders = models.IntegerField(default=0, verbose_name=_("付款订单"))
    gmv_fen = models.BigIntegerField(default=0, verbose_name=_("销售额（分）"))
    pack_orders = models.IntegerField(default=0, verbose_name=_("礼包订单"))
    pack_fen = models.BigIntegerField(default=0, verbose_name=_("礼包销售额（分）"))
    members = models.IntegerField(default=0, verbose_name=_("新会员"))
    agents = models.IntegerField(default=0, verbose_name=_("新代理"))
    partners = models.IntegerField(default=0, verbose_name=_("新合伙人"))
    shipped = models.IntegerField(default=0, verbose_name=_("发货订单"))
    in_time = models.IntegerField(default=0, verbose_name=_("准时发货"))
    ship_minutes = models.BigIntegerField(default=0, verbose_name=_("付款到发货（分钟合计）"))
    rewards = models.IntegerField(default=0, verbose_name=_("奖励笔数"))
    rewards_fen = models.BigIntegerField(default=0, verbose_name=_("奖励（分）"))
    commissions = models.IntegerField(default=0, verbose_name=_("零售佣金笔数"))
    commissions_fen = models.BigIntegerField(default=0, verbose_name=_("零售佣金（分）"))
    buyers = models.IntegerField(default=0, verbose_name=_("30 天买家"))
    repeat_buyers = models.IntegerField(default=0, verbose_name=_("30 天回头客"))
    skus = models.IntegerField(null=True, verbose_name=_("在售规格"))
    skus_out = models.IntegerField(null=True, verbose_name=_("卖空规格"))
    made_at = models.DateTimeField(verbose_name=_("汇总时间"))

    class Meta:
        verbose_name = _("经营日汇总")
        verbose_name_plural = _("经营日汇总")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(skus_out__isnull=True) | models.Q(skus_out__lte=models.F("skus")),
                name="insights_dayfigures_out_within_skus",
            ),
        ]

    def __str__(self) -> str:
        return str(self.date)
