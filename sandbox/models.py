"""The provider's own book: charges, refunds, transfers, and the notices it owes to merchants."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    return secrets.token_urlsafe(24)


class ChargeState(models.TextChoices):
    OPEN = "open", _("待支付")
    PAID = "paid", _("已支付")
    CLOSED = "closed", _("已关闭")


class SandboxCharge(models.Model):
    """What a merchant asks a buyer to pay. `number` is the merchant's, `reference` ours, `token` opens the page."""

    merchant_id = models.CharField(max_length=32, verbose_name=_("商户号"))
    number = models.CharField(max_length=40, verbose_name=_("商户单号"))
    reference = models.CharField(max_length=40, unique=True, verbose_name=_("流水号"))
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    currency = models.CharField(max_length=3, verbose_name=_("币种"))
    subject = models.CharField(max_length=80, verbose_name=_("商品"))
    notify_url = models.URLField(max_length=300)
    return_url = models.URLField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=ChargeState, default=ChargeState.OPEN, verbose_name=_("状态"))
    expires_at = models.DateTimeField(verbose_name=_("截止时间"))
    paid_at = models.DateTimeField(null=True, verbose_name=_("支付时间"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("收款单")
        verbose_name_plural = _("收款单")
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "number"], name="sandbox_charge_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="sandbox_charge_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | (~Q(state="paid") & Q(paid_at__isnull=True)),
                name="sandbox_charge_paid_when_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.number}"


class SandboxRefund(models.Model):
    """Money given back to a buyer: a charge, or a part of it. The merchant's number makes a repeat harmless."""

    charge = models.ForeignKey(
        SandboxCharge, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("收款单")
    )
    number = models.CharField(max_length=48, unique=True, verbose_name=_("商户退款单号"))
    reference = models.CharField(max_length=40, unique=True, verbose_name=_("流水号"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    # The instant of the request, by which it stands in a day's bill.
    refunded_at = models.DateTimeField(verbose_name=_("退款时间"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("退款单")
        verbose_name_plural = _("退款单")
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="sandbox_refund_amount_positive")]

    def __str__(self) -> str:
        return self.number


class TransferState(models.TextChoices):
    PROCESSING = "processing", _("处理中")
    PAID = "paid", _("已到账")
    REJECTED = "rejected", _("已退回")


class SandboxTransfer(models.Model):
    """Money that a merchant sends to a person's wallet. Same number, same transfer."""

    merchant_id = models.CharField(max_length=32, verbose_name=_("商户号"))
    number = models.CharField(max_length=40, verbose_name=_("商户单号"))
    reference = models.CharField(max_length=40, unique=True, verbose_name=_("流水号"))
    payee = models.CharField(max_length=64, verbose_name=_("收款人"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    currency = models.CharField(max_length=3, verbose_name=_("币种"))
    memo = models.CharField(max_length=80, blank=True, verbose_name=_("备注"))
    state = models.CharField(max_length=12, choices=TransferState, verbose_name=_("状态"))
    paid_at = models.DateTimeField(null=True, verbose_name=_("到账时间"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("转账单")
        verbose_name_plural = _("转账单")
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "number"], name="sandbox_transfer_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="sandbox_transfer_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.number}"


class SandboxNotice(models.Model):
    """A notice owed to a merchant, sent again until it is acknowledged or the tries are used up."""

    charge = models.ForeignKey(
        SandboxCharge, on_delete=models.PROTECT, related_name="notices", verbose_name=_("收款单")
    )
    notice_id = models.CharField(max_length=40, unique=True, verbose_name=_("通知号"))
    body = models.TextField(verbose_name=_("原文"))
    tries = models.PositiveSmallIntegerField(default=0, verbose_name=_("已发次数"))
    next_try_at = models.DateTimeField(null=True, verbose_name=_("下次发送"))
    acknowledged_at = models.DateTimeField(null=True, verbose_name=_("确认时间"))
    last_answer = models.CharField(max_length=80, blank=True, verbose_name=_("最近应答"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("支付通知")
        verbose_name_plural = _("支付通知")
        indexes = [
            # What is due to be sent again.
            models.Index(
                fields=["next_try_at"],
                name="sandbox_notice_due",
                condition=Q(acknowledged_at__isnull=True, next_try_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.notice_id


class SandboxNonce(models.Model):
    """A nonce that a merchant used, so that a captured request cannot be played again inside its five minutes."""

    merchant_id = models.CharField(max_length=32)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("请求随机串")
        verbose_name_plural = _("请求随机串")
        constraints = [models.UniqueConstraint(fields=["merchant_id", "nonce"], name="sandbox_nonce_once")]
        # The sweep of old ones.
        indexes = [models.Index(fields=["at"], name="sandbox_nonce_at")]

    def __str__(self) -> str:
        return self.nonce


class SandboxParcel(models.Model):
    """A parcel on its way, as a carrier knows it. Where it is follows from its number and its hand-over."""

    carrier = models.CharField(max_length=30, verbose_name=_("快递公司"))
    number = models.CharField(max_length=40, verbose_name=_("快递单号"))
    origin = models.CharField(max_length=40, blank=True, verbose_name=_("发件地"))
    destination = models.CharField(max_length=40, blank=True, verbose_name=_("收件地"))
    handed_at = models.DateTimeField(verbose_name=_("交件时间"))
    notify_url = models.URLField(max_length=300)
    pushed = models.PositiveSmallIntegerField(default=0, verbose_name=_("已推送"))
    next_push_at = models.DateTimeField(null=True, blank=True, verbose_name=_("下次推送"))

    class Meta:
        verbose_name = _("快件")
        verbose_name_plural = _("快件")
        constraints = [models.UniqueConstraint(fields=["carrier", "number"], name="sandbox_parcel_once")]
        # Pushes that are due.
        indexes = [models.Index(fields=["next_push_at"], name="sandbox_parcel_to_push")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}"


class Trouble(models.TextChoices):
    LOST_ANSWER = "lost_answer", _("已处理但应答丢失")
    UNAVAILABLE = "unavailable", _("服务不可用")
    REJECTED = "rejected", _("业务拒绝")
    PENDING = "pending", _("停在处理中")


class SandboxTrouble(models.Model):
    """Trouble ordered in advance: the next calls of one operation go wrong like this, as in providers' sandboxes."""

    operation = models.CharField(max_length=20, verbose_name=_("接口"))
    kind = models.CharField(max_length=12, choices=Trouble, verbose_name=_("故障"))
    remaining = models.PositiveSmallIntegerField(default=1, verbose_name=_("剩余次数"))

    class Meta:
        verbose_name = _("预约故障")
        verbose_name_plural = _("预约故障")

    def __str__(self) -> str:
        return f"{self.operation} {self.kind} × {self.remaining}"
