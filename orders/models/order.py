"""Orders and their lines. The allowed changes of state stand in `rules.py`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.models import AdviserRelation, Touch
from suppliers.models import Sku, Supplier

from .purchase import Purchase


class OrderState(models.TextChoices):
    PLACED = "placed", _("待付款")
    PAID = "paid", _("待发货")
    SHIPPED = "shipped", _("待收货")
    RECEIVED = "received", _("已收货")
    COMPLETED = "completed", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    REFUNDED = "refunded", _("已退款")


class Order(models.Model):
    """What one member buys from one supplier, with everything that mattered at placing as a snapshot: one part of a
    purchase. `total_fen` is what is paid for it, `supply_total_fen` what the supplier gets, freight included.

    `packs` counts gift packs (0: ordinary goods). `number` is what people and providers see, never the id.
    """

    number = models.CharField(max_length=40, unique=True, verbose_name=_("订单号"))
    purchase = models.ForeignKey(
        Purchase, on_delete=models.PROTECT, related_name="orders", verbose_name=_("合并付款单")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="orders",
        verbose_name=_("会员"),
    )
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, db_index=False, related_name="orders", verbose_name=_("供应商")
    )
    state = models.CharField(max_length=10, choices=OrderState, verbose_name=_("状态"))
    packs = models.PositiveIntegerField(default=0, verbose_name=_("礼包份数"))
    goods_fen = models.BigIntegerField(default=0, db_default=0, verbose_name=_("商品金额（分）"))
    freight_fen = models.BigIntegerField(default=0, db_default=0, verbose_name=_("运费（分）"))
    discount_fen = models.BigIntegerField(default=0, db_default=0, verbose_name=_("优惠（分）"))
    total_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    refunded_fen = models.BigIntegerField(default=0, db_default=0, verbose_name=_("已退（分）"))
    supply_total_fen = models.BigIntegerField(verbose_name=_("供货金额（分）"))
    placed_at = models.DateTimeField(verbose_name=_("下单时间"))
    expires_at = models.DateTimeField(verbose_name=_("付款截止"))
    paid_at = models.DateTimeField(null=True, blank=True, verbose_name=_("付款时间"))
    # By when the slowest of its goods was promised to leave, as it was promised when it was paid.
    due_at = models.DateTimeField(null=True, blank=True, verbose_name=_("发货时限"))
    shipped_at = models.DateTimeField(null=True, blank=True, verbose_name=_("发货时间"))
    received_at = models.DateTimeField(null=True, blank=True, verbose_name=_("收货时间"))
    auto_receive_at = models.DateTimeField(null=True, blank=True, verbose_name=_("自动收货时间"))
    extended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("延长收货时间"))
    completed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("完成时间"))
    cancelled_at = models.DateTimeField(null=True, blank=True, verbose_name=_("取消时间"))
    refunded_at = models.DateTimeField(null=True, blank=True, verbose_name=_("退款时间"))
    cancel_reason = models.CharField(max_length=80, blank=True, default="", db_default="", verbose_name=_("取消原因"))
    refund_reason = models.CharField(max_length=80, blank=True, default="", db_default="", verbose_name=_("退款原因"))
    cooling_off_days = models.PositiveSmallIntegerField(verbose_name=_("冷静期（天）"))
    plan_version = models.PositiveIntegerField(null=True, blank=True, verbose_name=_("规则版本"))
    referrer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("推荐人"),
    )
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="advised_orders",
        verbose_name=_("归属店主"),
    )
    adviser_reason = models.CharField(max_length=12, blank=True, default="", db_default="", verbose_name=_("归属原因"))
    adviser_relation = models.ForeignKey(
        AdviserRelation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("客户关系"),
    )
    adviser_touch = models.ForeignKey(
        Touch, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("触达")
    )
    relation_version = models.PositiveIntegerField(null=True, blank=True, verbose_name=_("关系规则版本"))
    recipient_name = models.CharField(max_length=40, blank=True, default="", db_default="", verbose_name=_("收货人"))
    recipient_phone = models.CharField(max_length=20, blank=True, default="", db_default="", verbose_name=_("收货电话"))
    recipient_address = models.CharField(
        max_length=240, blank=True, default="", db_default="", verbose_name=_("收货地址")
    )
    note = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("备注"))
    # The request of an enterprise at whose quoted prices it was placed; most orders have none.
    quote_number = models.CharField(
        max_length=24, blank=True, default="", db_default="", verbose_name=_("企业询价单号")
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("订单")
        verbose_name_plural = _("订单")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="orders_order_state_known"),
            models.CheckConstraint(condition=Q(total_fen__gt=0), name="orders_order_total_positive"),
            models.CheckConstraint(condition=Q(supply_total_fen__gt=0), name="orders_order_supply_total_positive"),
            models.CheckConstraint(
                condition=Q(total_fen=F("goods_fen") + F("freight_fen") - F("discount_fen")),
                name="orders_order_total_is_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(goods_fen__gt=0, freight_fen__gte=0, discount_fen__gte=0, discount_fen__lte=F("goods_fen")),
                name="orders_order_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("total_fen")),
                name="orders_order_refunded_within_total",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["placed", "cancelled"], paid_at__isnull=True)
                | Q(state__in=["paid", "shipped", "received", "completed", "refunded"], paid_at__isnull=False),
                name="orders_order_paid_when_paid",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["shipped", "received", "completed"]) | Q(shipped_at__isnull=False),
                name="orders_order_shipped_when_shipped",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["received", "completed"]) | Q(received_at__isnull=False),
                name="orders_order_received_when_received",
            ),
            models.CheckConstraint(
                condition=Q(state="refunded", refunded_at__isnull=False)
                | (~Q(state="refunded") & Q(refunded_at__isnull=True)),
                name="orders_order_refunded_when_refunded",
            ),
            # A quote is used once; a purchase that is cancelled leaves it to another one.
            models.UniqueConstraint(
                fields=["quote_number"],
                condition=~Q(quote_number="") & ~Q(state="cancelled"),
                name="orders_order_one_a_quote",
            ),
        ]
        indexes = [
            # My orders, newest first.
            models.Index(fields=["member", "-placed_at"], name="orders_order_member"),
            # What a shopkeeper's customers ordered, newest first.
            models.Index(
                fields=["adviser", "-placed_at"], name="orders_order_adviser", condition=Q(adviser__isnull=False)
            ),
            # A supplier's orders to ship.
            models.Index(fields=["supplier", "state", "-placed_at"], name="orders_order_supplier"),
            # Sweeps: shipped orders to receive, received ones to complete.
            models.Index(fields=["auto_receive_at"], name="orders_order_to_receive", condition=Q(state="shipped")),
            models.Index(fields=["received_at"], name="orders_order_to_complete", condition=Q(state="received")),
            # What was paid and what left on a day; sums of the paid ones are read here alone.
            models.Index(
                fields=["paid_at"],
                include=["total_fen", "packs"],
                name="orders_order_paid",
                condition=Q(paid_at__isnull=False),
            ),
            models.Index(fields=["shipped_at"], name="orders_order_left", condition=Q(shipped_at__isnull=False)),
            # A supplier's desk: what has to leave first, all that was paid, and how its promises were kept.
            models.Index(fields=["supplier", "due_at", "id"], name="orders_order_to_ship", condition=Q(state="paid")),
            models.Index(
                fields=["supplier", "-paid_at", "-id"], name="orders_order_sold", condition=Q(paid_at__isnull=False)
            ),
            models.Index(
                fields=["supplier", "shipped_at"],
                include=["due_at", "paid_at"],
                name="orders_order_promises",
                condition=Q(shipped_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One SKU of an order, as it was when the order was placed. `paid_fen` is its share of what was paid for the goods:
    the shares of an order add up to its goods less its discount. Of the `refunded_quantity`, `called_off_quantity` was
    never handed over.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", verbose_name=_("订单"))
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="order_lines", verbose_name=_("规格"))
    product_name = models.CharField(max_length=60, verbose_name=_("商品"))
    spec = models.CharField(max_length=40, verbose_name=_("规格名"))
    label = models.CharField(max_length=6, blank=True, default="", db_default="", verbose_name=_("标签字"))
    image = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("图片"))
    unit_price_fen = models.BigIntegerField(verbose_name=_("单价（分）"))
    supply_price_fen = models.BigIntegerField(verbose_name=_("供货价（分）"))
    quantity = models.PositiveIntegerField(verbose_name=_("数量"))
    commission_bps = models.PositiveSmallIntegerField(default=0, db_default=0, verbose_name=_("零售佣金（万分之）"))
    amount_fen = models.BigIntegerField(verbose_name=_("小计（分）"))
    paid_fen = models.BigIntegerField(default=0, db_default=0, verbose_name=_("实付（分）"))
    shipped_quantity = models.PositiveIntegerField(default=0, db_default=0, verbose_name=_("已发数量"))
    refunded_quantity = models.PositiveIntegerField(default=0, db_default=0, verbose_name=_("已退数量"))
    refunded_fen = models.BigIntegerField(default=0, db_default=0, verbose_name=_("已退（分）"))
    called_off_quantity = models.PositiveIntegerField(default=0, db_default=0, verbose_name=_("未发先退数量"))
    supply_refunded_fen = models.BigIntegerField(default=0, db_default=0, verbose_name=_("供货价已退（分）"))

    class Meta:
        verbose_name = _("订单明细")
        verbose_name_plural = _("订单明细")
        constraints = [
            models.UniqueConstraint(fields=["order", "sku"], name="orders_orderline_sku_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_orderline_quantity_positive"),
            models.CheckConstraint(condition=Q(unit_price_fen__gt=0), name="orders_orderline_price_positive"),
            models.CheckConstraint(
                condition=Q(amount_fen=F("unit_price_fen") * F("quantity")),
                name="orders_orderline_amount_is_price_by_quantity",
            ),
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0, paid_fen__lte=F("amount_fen")), name="orders_orderline_paid_within_amount"
            ),
            models.CheckConstraint(
                condition=Q(shipped_quantity__lte=F("quantity")), name="orders_orderline_shipped_within_quantity"
            ),
            models.CheckConstraint(
                condition=Q(refunded_quantity__lte=F("quantity")), name="orders_orderline_refunded_within_quantity"
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("paid_fen")),
                name="orders_orderline_refunded_within_paid",
            ),
            models.CheckConstraint(
                condition=Q(called_off_quantity__lte=F("refunded_quantity"))
                & (Q(called_off_quantity=0) | Q(called_off_quantity__lte=F("quantity") - F("shipped_quantity"))),
                name="orders_orderline_called_off_before_shipping",
            ),
            models.CheckConstraint(
                condition=Q(supply_refunded_fen__gte=0, supply_refunded_fen__lte=F("supply_price_fen") * F("quantity")),
                name="orders_orderline_supply_refunded_within_supply",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_name} × {self.quantity}"
