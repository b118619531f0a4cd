"""Payments, refunds and the notices of providers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .after_sale import AfterSale
from .order import Order
from .purchase import Purchase


class PaymentState(models.TextChoices):
    CREATED = "created", _("待支付")
    CAPTURED = "captured", _("已支付")
    CLOSED = "closed", _("已关闭")
    REFUNDING = "refunding", _("退款中")
    REFUNDED = "refunded", _("已退款")


class Payment(models.Model):
    """One attempt to pay a purchase with a provider. `number` is the provider's key for it: a repeat is harmless.

    The one that pays its purchase is captured; another that takes money for the same purchase, or for a closed one, is
    surplus and goes back whole. `refunded_fen` is what was decided to go back, whether it is there already or not.
    `scene` is the provider's way of taking it, `ask_at` when the provider is asked next, or told that it is closed.
    `payer_mark` is a keyed hash of who pays with the provider, where that is known: equal ones are one purse.
    """

    number = models.CharField(max_length=48, unique=True, verbose_name=_("支付单号"))
    purchase = models.ForeignKey(
        Purchase, on_delete=models.PROTECT, related_name="payments", verbose_name=_("合并付款单")
    )
    provider = models.CharField(max_length=20, verbose_name=_("渠道"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    refunded_fen = models.BigIntegerField(default=0, db_default=0, verbose_name=_("已退（分）"))
    currency = models.CharField(max_length=3, default="CNY", db_default="CNY", verbose_name=_("币种"))
    state = models.CharField(max_length=10, choices=PaymentState, verbose_name=_("状态"))
    provider_ref = models.CharField(max_length=64, null=True, blank=True, unique=True, verbose_name=_("渠道流水号"))
    scene = models.CharField(max_length=10, blank=True, default="", db_default="", verbose_name=_("方式"))
    pay_url = models.CharField(max_length=4000, blank=True, default="", db_default="", editable=False)
    sheet = models.JSONField(null=True, editable=False)
    payer_mark = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    captured_at = models.DateTimeField(null=True, blank=True, verbose_name=_("支付时间"))
    asks = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    ask_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(verbose_name=_("创建时间"))

    class Meta:
        verbose_name = _("支付单")
        verbose_name_plural = _("支付单")
        constraints = [
            models.UniqueConstraint(
                fields=["purchase", "provider"], condition=Q(state="created"), name="orders_payment_one_open_a_provider"
            ),
            models.UniqueConstraint(
                fields=["purchase"], condition=Q(state="captured"), name="orders_payment_one_captured_a_purchase"
            ),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="orders_payment_state_known"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="orders_payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["created", "closed"], captured_at__isnull=True)
                | Q(state__in=["captured", "refunding", "refunded"], captured_at__isnull=False),
                name="orders_payment_captured_when_captured",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("amount_fen")),
                name="orders_payment_refunded_within_amount",
            ),
        ]
        indexes = [
            # The sweep that asks providers about open payments, and tells them of closed ones.
            models.Index(fields=["ask_at"], name="orders_payment_to_ask", condition=Q(ask_at__isnull=False)),
            # What was paid on a day.
            models.Index(
                fields=["captured_at"], name="orders_payment_captured", condition=Q(captured_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RefundState(models.TextChoices):
    REQUESTED = "requested", _("待退款")
    SENT = "sent", _("已提交渠道")
    SUCCEEDED = "succeeded", _("已退回")
    FAILED = "failed", _("渠道拒绝")


class Refund(models.Model):
    """Money that goes back. Decided when the row is written; sent with one number, however often it is sent.

    Without an order it is surplus: money that came twice, or too late. A payment can have several; under its lock they
    are added up in `Payment.refunded_fen`, which never exceeds what was paid.
    """

    number = models.CharField(max_length=48, unique=True, verbose_name=_("退款单号"))
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("支付单"))
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("订单")
    )
    after_sale = models.ForeignKey(
        AfterSale, null=True, blank=True, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("售后单")
    )
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    state = models.CharField(max_length=10, choices=RefundState, verbose_name=_("状态"))
    reason = models.CharField(max_length=80, blank=True, default="", db_default="", verbose_name=_("原因"))
    created_at = models.DateTimeField(verbose_name=_("申请时间"))
    sent_at = models.DateTimeField(null=True, blank=True, verbose_name=_("提交时间"))
    succeeded_at = models.DateTimeField(null=True, blank=True, verbose_name=_("退回时间"))

    class Meta:
        verbose_name = _("退款单")
        verbose_name_plural = _("退款单")
        constraints = [
            models.UniqueConstraint(fields=["after_sale"], name="orders_refund_once_a_case"),
            models.CheckConstraint(condition=Q(state__in=RefundState.values), name="orders_refund_state_known"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="orders_refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="succeeded", succeeded_at__isnull=False)
                | (~Q(state="succeeded") & Q(succeeded_at__isnull=True)),
                name="orders_refund_succeeded_when_succeeded",
            ),
        ]
        indexes = [
            # Refunds still to be sent or asked about, or turned down.
            models.Index(
                fields=["created_at"], name="orders_refund_open", condition=Q(state__in=["requested", "sent", "failed"])
            ),
            # What was refunded of late.
            models.Index(fields=["created_at"], name="orders_refund_latest"),
        ]

    def __str__(self) -> str:
        return self.number


class Notice(models.Model):
    """A notice from a provider whose signature was right, and what became of it. For auditors; a repeat adds no row."""

    provider = models.CharField(max_length=20, verbose_name=_("渠道"))
    notice_id = models.CharField(max_length=128, verbose_name=_("通知号"))
    body = models.TextField(verbose_name=_("原文"))
    result = models.CharField(max_length=120, verbose_name=_("处理结果"))
    received_at = models.DateTimeField(verbose_name=_("收到时间"))

    class Meta:
        verbose_name = _("渠道通知")
        verbose_name_plural = _("渠道通知")
        constraints = [models.UniqueConstraint(fields=["provider", "notice_id"], name="orders_notice_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.notice_id}"
