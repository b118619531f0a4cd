"""After-sale cases. Their states, deadlines and who may do what stand in `rules/returning.py`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.rules import returning as rules
from suppliers.models import Supplier

from .order import Order, OrderLine


class CaseKind(models.TextChoices):
    REFUND_ONLY = rules.REFUND_ONLY, _("仅退款")
    RETURN_REFUND = rules.RETURN_REFUND, _("退货退款")
    EXCHANGE = rules.EXCHANGE, _("换货")


class CaseState(models.TextChoices):
    ASKED = rules.ASKED, _("待商家处理")
    REFUSED = rules.REFUSED, _("商家已拒绝")
    DISPUTED = rules.DISPUTED, _("平台介入中")
    TO_RETURN = rules.TO_RETURN, _("待寄回")
    RETURNING = rules.RETURNING, _("退货运输中")
    TO_RESEND = rules.TO_RESEND, _("待商家换货")
    RESENT = rules.RESENT, _("换货已发出")
    REFUNDING = rules.REFUNDING, _("退款中")
    DONE = rules.DONE, _("已完成")
    CLOSED = rules.CLOSED, _("已关闭")


class CaseReason(models.TextChoices):
    NOT_WANTED = "not_wanted", _("不想要了")
    WRONG_ORDER = "wrong_order", _("拍错、多拍")
    TOO_SLOW = "too_slow", _("迟迟没有发货")
    NO_REASON = "no_reason", _("7 天无理由")
    ANOTHER_SPEC = "another_spec", _("规格不合适，想换一件")
    NOT_ARRIVED = "not_arrived", _("一直没有收到")
    TOO_FEW = "too_few", _("少发、漏发")
    DAMAGED = "damaged", _("收到时有破损")
    NOT_AS_DESCRIBED = "not_as_described", _("和描述不一致")
    WRONG_GOODS = "wrong_goods", _("发错商品")
    BAD_QUALITY = "bad_quality", _("质量问题")


class Verdict(models.TextChoices):
    """In what a dispute ends."""

    REFUND = "refund", _("支持买家，退款")
    RETURN = "return", _("支持买家，先寄回商品")
    RESEND = "resend", _("支持买家，商家补发")
    TRANSFER = "transfer", _("支持买家，已另行转账退款")
    CLOSE = "close", _("支持商家，关闭售后")


class ReturnAddress(models.Model):
    """Where a supplier takes goods back."""

    supplier = models.OneToOneField(
        Supplier, on_delete=models.CASCADE, related_name="return_address", verbose_name=_("供应商")
    )
    name = models.CharField(max_length=40, verbose_name=_("收件人"))
    phone = models.CharField(max_length=20, verbose_name=_("电话"))
    address = models.CharField(max_length=200, verbose_name=_("地址"))

    class Meta:
        verbose_name = _("退货地址")
        verbose_name_plural = _("退货地址")

    def __str__(self) -> str:
        return f"{self.name} {self.phone} {self.address}"


class AfterSale(models.Model):
    """What a buyer asks for after paying: money or another piece for `quantity` pieces of one line.

    `amount_fen` is what was asked for and shown; what came back stands in the refund. `counts_pieces` is off where
    money alone was asked for less than the pieces cost: then they stay the buyer's. `due_at` is when the clock acts.
    """

    number = models.CharField(max_length=40, unique=True, verbose_name=_("售后单号"))
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="after_sales", verbose_name=_("订单"))
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="after_sales", verbose_name=_("商品"))
    kind = models.CharField(max_length=14, choices=CaseKind, verbose_name=_("类型"))
    before_shipping = models.BooleanField(verbose_name=_("发货前"))
    state = models.CharField(max_length=10, choices=CaseState, verbose_name=_("状态"))
    reason = models.CharField(max_length=20, choices=CaseReason, verbose_name=_("原因"))
    note = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("说明"))
    quantity = models.PositiveIntegerField(verbose_name=_("数量"))
    amount_fen = models.BigIntegerField(verbose_name=_("申请金额（分）"))
    counts_pieces = models.BooleanField(verbose_name=_("按件退"))
    with_freight = models.BooleanField(default=False, db_default=False, verbose_name=_("退运费"))
    answer = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("商家说明"))
    decision = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("平台裁定"))
    return_to = models.CharField(max_length=280, blank=True, default="", db_default="", verbose_name=_("退货地址"))
    restocked = models.BooleanField(null=True, verbose_name=_("已回库"))
    asked_at = models.DateTimeField(verbose_name=_("申请时间"))
    state_at = models.DateTimeField(verbose_name=_("进入当前状态"))
    due_at = models.DateTimeField(null=True, blank=True, verbose_name=_("处理截止"))
    closed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束时间"))

    class Meta:
        verbose_name = _("售后单")
        verbose_name_plural = _("售后单")
        permissions = [("decide_aftersale", "Can decide a dispute")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="orders_aftersale_kind_known"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="orders_aftersale_state_known"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_aftersale_quantity_positive"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="orders_aftersale_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(before_shipping=False) | Q(kind="refund_only"), name="orders_aftersale_called_off_for_money"
            ),
            models.CheckConstraint(
                condition=Q(counts_pieces=True) | Q(kind="refund_only", before_shipping=False),
                name="orders_aftersale_compensation_for_money",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "closed"], closed_at__isnull=False, due_at__isnull=True)
                | (~Q(state__in=["done", "closed"]) & Q(closed_at__isnull=True)),
                name="orders_aftersale_closed_when_over",
            ),
            models.CheckConstraint(condition=Q(state_at__gte=F("asked_at")), name="orders_aftersale_goes_forward"),
        ]
        indexes = [
            # The sweep of those whose time is over.
            models.Index(fields=["due_at"], name="orders_aftersale_due", condition=Q(due_at__isnull=False)),
            # Queues of suppliers and operators, the oldest deadline first.
            models.Index(fields=["state", "due_at"], name="orders_aftersale_queue"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseStep(models.Model):
    """One thing that happened in a case: who did what, and what he said. Never changed."""

    class Actor(models.TextChoices):
        BUYER = rules.BUYER, _("买家")
        SUPPLIER = rules.SUPPLIER, _("商家")
        PLATFORM = rules.PLATFORM, _("平台")
        CLOCK = rules.CLOCK, _("系统")

    after_sale = models.ForeignKey(AfterSale, on_delete=models.CASCADE, related_name="steps", verbose_name=_("售后单"))
    actor = models.CharField(max_length=8, choices=Actor, verbose_name=_("谁"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("经办人"),
    )
    state = models.CharField(max_length=10, choices=CaseState, verbose_name=_("变为"))
    text = models.CharField(max_length=240, verbose_name=_("内容"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("售后进度")
        verbose_name_plural = _("售后进度")

    def __str__(self) -> str:
        return self.text


class CasePhoto(models.Model):
    """A photo that was shown as evidence. Private: the case's people see it through its view alone."""

    after_sale = models.ForeignKey(AfterSale, on_delete=models.CASCADE, related_name="photos", verbose_name=_("售后单"))
    actor = models.CharField(max_length=8, choices=CaseStep.Actor, verbose_name=_("谁"))
    name = models.CharField(max_length=120, unique=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("售后凭证")
        verbose_name_plural = _("售后凭证")

    def __str__(self) -> str:
        return self.name
