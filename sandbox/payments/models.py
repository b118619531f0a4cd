"""The providers' own book: trades, refunds, the notices owed to merchants, and trouble ordered in advance."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Provider(models.TextChoices):
    WECHAT = "wechat", _("微信支付")
    ALIPAY = "alipay", _("支付宝")


class TradeState(models.TextChoices):
    OPEN = "open", _("待支付")
    PAID = "paid", _("已支付")
    CLOSED = "closed", _("已关闭")


class Trade(models.Model):
    """What a merchant asks a buyer to pay. `number` is the merchant's, `reference` ours, `token` opens the page."""

    provider = models.CharField(max_length=8, choices=Provider, verbose_name=_("机构"))
    merchant_id = models.CharField(max_length=32, verbose_name=_("商户号"))
    number = models.CharField(max_length=64, verbose_name=_("商户单号"))
    reference = models.CharField(max_length=40, unique=True, verbose_name=_("流水号"))
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    kind = models.CharField(max_length=8, verbose_name=_("方式"))
    payer = models.CharField(max_length=64, blank=True, verbose_name=_("付款人"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    currency = models.CharField(max_length=3, verbose_name=_("币种"))
    subject = models.CharField(max_length=256, verbose_name=_("商品"))
    notify_url = models.URLField(max_length=300)
    return_url = models.URLField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=TradeState, default=TradeState.OPEN, verbose_name=_("状态"))
    expires_at = models.DateTimeField(verbose_name=_("截止时间"))
    paid_at = models.DateTimeField(null=True, verbose_name=_("支付时间"))
    created_at = models.DateTimeField(verbose_name=_("创建时间"))

    class Meta:
        verbose_name = _("沙箱交易")
        verbose_name_plural = _("沙箱交易")
        constraints = [
            models.UniqueConstraint(fields=["provider", "merchant_id", "number"], name="sandbox_trade_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="sandbox_trade_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | (~Q(state="paid") & Q(paid_at__isnull=True)),
                name="sandbox_trade_paid_when_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.number}"


class TradeRefundState(models.TextChoices):
    PROCESSING = "processing", _("处理中")
    SUCCEEDED = "succeeded", _("已退款")
    ABNORMAL = "abnormal", _("退款异常")


class TradeRefund(models.Model):
    """Money given back to a buyer, or a part of it. The merchant's number makes a repeat harmless."""

    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("交易"))
    number = models.CharField(max_length=64, verbose_name=_("商户退款单号"))
    reference = models.CharField(max_length=40, unique=True, verbose_name=_("流水号"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    notify_url = models.URLField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=TradeRefundState, verbose_name=_("状态"))
    succeeded_at = models.DateTimeField(null=True, verbose_name=_("退款时间"))
    created_at = models.DateTimeField(verbose_name=_("申请时间"))

    class Meta:
        verbose_name = _("沙箱退款")
        verbose_name_plural = _("沙箱退款")
        constraints = [
            models.UniqueConstraint(fields=["trade", "number"], name="sandbox_traderefund_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="sandbox_traderefund_amount_positive"),
        ]

    def __str__(self) -> str:
        return self.number


class TransferBillState(models.TextChoices):
    """WeChat Pay's own words."""

    WAITING = "WAIT_USER_CONFIRM", _("待收款用户确认")
    SUCCEEDED = "SUCCESS", _("转账成功")
    FAILED = "FAIL", _("转账失败")
    CANCELING = "CANCELING", _("撤销中")
    CANCELLED = "CANCELLED", _("已撤销")


class TransferBill(models.Model):
    """What a merchant transfers to somebody's WeChat balance, once that one confirms. `package` opens the sheet."""

    merchant_id = models.CharField(max_length=32, verbose_name=_("商户号"))
    number = models.CharField(max_length=64, verbose_name=_("商户单号"))
    reference = models.CharField(max_length=40, unique=True, verbose_name=_("流水号"))
    package = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    openid = models.CharField(max_length=64, verbose_name=_("收款人"))
    payee_name = models.CharField(max_length=60, blank=True, verbose_name=_("收款人姓名"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    remark = models.CharField(max_length=32, verbose_name=_("备注"))
    notify_url = models.URLField(max_length=300)
    state = models.CharField(
        max_length=20, choices=TransferBillState, default=TransferBillState.WAITING, verbose_name=_("状态")
    )
    fail_reason = models.CharField(max_length=40, blank=True, verbose_name=_("失败原因"))
    created_at = models.DateTimeField(verbose_name=_("创建时间"))
    updated_at = models.DateTimeField(verbose_name=_("更新时间"))
    expires_at = models.DateTimeField(verbose_name=_("截止时间"))

    class Meta:
        verbose_name = _("沙箱转账")
        verbose_name_plural = _("沙箱转账")
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "number"], name="sandbox_transferbill_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="sandbox_transferbill_amount_positive"),
        ]
        indexes = [
            # Whose payee did not confirm in time.
            models.Index(fields=["expires_at"], name="sandbox_bill_due", condition=Q(state="WAIT_USER_CONFIRM")),
        ]

    def __str__(self) -> str:
        return self.number


class TradeNotice(models.Model):
    """A notice owed to a merchant, about a trade or a transfer, sealed and signed anew at each try until it is
    acknowledged."""

    trade = models.ForeignKey(
        Trade, null=True, on_delete=models.PROTECT, related_name="notices", verbose_name=_("交易")
    )
    bill = models.ForeignKey(
        TransferBill, null=True, on_delete=models.PROTECT, related_name="notices", verbose_name=_("转账")
    )
    notice_id = models.CharField(max_length=64, unique=True, verbose_name=_("通知号"))
    event = models.CharField(max_length=32, verbose_name=_("事件"))
    notify_url = models.URLField(max_length=300)
    content = models.JSONField(verbose_name=_("内容"))
    trouble = models.CharField(max_length=12, blank=True, verbose_name=_("故障"))
    tries = models.PositiveSmallIntegerField(default=0, verbose_name=_("已发次数"))
    next_try_at = models.DateTimeField(null=True, verbose_name=_("下次发送"))
    acknowledged_at = models.DateTimeField(null=True, verbose_name=_("确认时间"))
    last_answer = models.CharField(max_length=80, blank=True, verbose_name=_("最近应答"))
    created_at = models.DateTimeField(verbose_name=_("创建时间"))

    class Meta:
        verbose_name = _("沙箱通知")
        verbose_name_plural = _("沙箱通知")
        constraints = [
            models.CheckConstraint(
                condition=Q(trade__isnull=True, bill__isnull=False) | Q(trade__isnull=False, bill__isnull=True),
                name="sandbox_tradenotice_about_one_thing",
            ),
        ]
        indexes = [
            # What is due to be sent.
            models.Index(
                fields=["next_try_at"],
                name="sandbox_tradenotice_due",
                condition=Q(acknowledged_at__isnull=True, next_try_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.notice_id

    @property
    def provider(self) -> str:
        return self.trade.provider if self.trade is not None else Provider.WECHAT

    @property
    def number(self) -> str:
        """The merchant's number of what the notice is about."""
        return str(self.trade.number if self.trade is not None else self.bill)


class TroubleKind(models.TextChoices):
    """What can go wrong with a call, and with a notice."""

    REFUSED = "refused", _("接口：业务拒绝")
    UNAVAILABLE = "unavailable", _("接口：答 500")
    LOST_ANSWER = "lost_answer", _("接口：已处理但答 500")
    SILENT = "silent", _("接口：迟迟不答")
    BAD_SIGNATURE = "bad_signature", _("接口：应答签名不对")
    DELAYED = "delayed", _("通知：迟到")
    REPEATED = "repeated", _("通知：重复三次")
    REORDERED = "reordered", _("通知：排到下一条之后")
    DROPPED = "dropped", _("通知：丢失")
    FORGED = "forged", _("通知：先来两条伪造的")


class TradeTrouble(models.Model):
    """Trouble ordered in advance: the next calls of one operation, or the next notices, go wrong like this."""

    provider = models.CharField(max_length=8, choices=Provider, verbose_name=_("机构"))
    operation = models.CharField(max_length=12, verbose_name=_("接口"))
    kind = models.CharField(max_length=14, choices=TroubleKind, verbose_name=_("故障"))
    remaining = models.PositiveSmallIntegerField(default=1, verbose_name=_("剩余次数"))

    class Meta:
        verbose_name = _("预约故障")
        verbose_name_plural = _("预约故障")

    def __str__(self) -> str:
        return f"{self.provider} {self.operation} {self.kind} × {self.remaining}"
