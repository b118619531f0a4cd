"""Keys, what was done with them, webhooks and what is sent to them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from suppliers.models import Supplier

from . import rules


class Scope(models.TextChoices):
    ORDERS_READ = rules.ORDERS_READ, _("看所有订单")
    STOCK_READ = rules.STOCK_READ, _("看库存")
    STOCK_WRITE = rules.STOCK_WRITE, _("改库存")
    SHIPPING_WRITE = rules.SHIPPING_WRITE, _("发货、看收货信息")


class ApiKey(models.Model):
    """What a supplier's system shows at `/api/supplier/v1/`. Kept is a hash, and the prefix by which people know it.

    It acts for whom made it: once that seat is suspended, removed or may no longer, neither may the key.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("供应商"))
    name = models.CharField(max_length=rules.NAME_MAX, verbose_name=_("名称"))
    prefix = models.CharField(max_length=16, unique=True, verbose_name=_("前缀"))
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("权限"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("创建人")
    )
    made_at = models.DateTimeField(verbose_name=_("创建时间"))
    expires_at = models.DateTimeField(verbose_name=_("有效期至"))
    revoked_at = models.DateTimeField(null=True, blank=True, verbose_name=_("停用时间"))
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("停用人"),
    )
    last_used_at = models.DateTimeField(null=True, blank=True, verbose_name=_("最近使用"))

    class Meta:
        verbose_name = _("接口")
        verbose_name_plural = _("接口")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "name"], condition=Q(revoked_at=None), name="integration_apikey_name_once"
            ),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=list(rules.SCOPES)) & ~Q(scopes=[]),
                name="integration_apikey_scopes_known",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="integration_apikey_lasts"),
        ]

    def __str__(self) -> str:
        return self.name


class ApiAnswer(models.Model):
    """What was answered to a write that brought an `Idempotency-Key`: the same again gets the same answer."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, db_index=False, related_name="+")
    idempotency_key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "idempotency_key"], name="integration_apianswer_once")
        ]
        # What is forgotten.
        indexes = [models.Index(fields=["at"], name="integration_apianswer_age")]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.idempotency_key}"


class ActKind(models.TextChoices):
    KEY_MADE = "key_made", _("创建密钥")
    KEY_REVOKED = "key_revoked", _("停用密钥")
    WEBHOOK_SET = "webhook_set", _("设置推送地址")
    WEBHOOK_OFF = "webhook_off", _("关闭推送")
    SECRET_ROTATED = "secret_rotated", _("更换签名密钥")
    PINGED = "pinged", _("发送测试消息")
    REDELIVERED = "redelivered", _("重新推送")
    SHIPPED = "shipped", _("发货")
    STOCK_CHANGED = "stock_changed", _("改库存")
    RECIPIENTS_SEEN = "recipients_seen", _("查看收货信息")


class ApiAct(models.Model):
    """One thing that was done with a key, or to keys and webhook. Rows are only added: a trigger refuses the rest."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, db_index=False, related_name="+")
    api_key = models.ForeignKey(
        ApiKey, null=True, blank=True, on_delete=models.PROTECT, db_index=False, related_name="acts"
    )
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=ActKind, verbose_name=_("操作"))
    by_key = models.BooleanField(default=False, verbose_name=_("由密钥"))
    subject = models.CharField(max_length=80, verbose_name=_("对象"))
    detail = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("内容"))
    request_id = models.CharField(max_length=64, blank=True, default="", db_default="", verbose_name=_("请求编号"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("接口记录")
        verbose_name_plural = _("接口记录")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ActKind.values), name="integration_apiact_kind_known"),
            models.CheckConstraint(
                condition=Q(by_key=False) | Q(api_key__isnull=False), name="integration_apiact_names_its_key"
            ),
        ]
        # A supplier's own, newest first.
        indexes = [models.Index(fields=["supplier", "-id"], name="integration_apiact_own")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Webhook(models.Model):
    """Where a supplier wants to be told, of what, and the sealed secret that signs it; for a day after a change the one
    before signs as well."""

    supplier = models.OneToOneField(
        Supplier, on_delete=models.CASCADE, related_name="webhook", verbose_name=_("供应商")
    )
    url = models.CharField(max_length=300, verbose_name=_("推送地址"))
    events = ArrayField(models.CharField(max_length=20), verbose_name=_("事件"))
    is_active = models.BooleanField(default=True, verbose_name=_("启用"))
    sealed = models.CharField(max_length=200, editable=False)
    sealed_before = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    before_until = models.DateTimeField(null=True, blank=True, editable=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(verbose_name=_("设置时间"))

    class Meta:
        verbose_name = _("推送")
        verbose_name_plural = _("推送")
        constraints = [
            models.CheckConstraint(
                condition=Q(events__contained_by=list(rules.EVENTS)) & ~Q(events=[]),
                name="integration_webhook_events_known",
            )
        ]

    def __str__(self) -> str:
        return self.url


class EventKind(models.TextChoices):
    TO_SHIP = rules.TO_SHIP, _("有新订单待发货")
    CANCELLED = rules.CANCELLED, _("待发货的订单已退款")
    CASE_OPENED = rules.CASE_OPENED, _("买家申请售后")
    PING = rules.PING, _("测试消息")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("等待推送")
    DELIVERED = "delivered", _("已送达")
    STOPPED = "stopped", _("已停止重试")


class Delivery(models.Model):
    """One thing that a webhook is told, written in the transaction in which it happened. The row is the truth: it waits
    until the receiver said 2xx, or three days are over. `body` is what is sent, the same bytes each time.

    `tries` counts since it began or was begun anew, `attempts` all of them.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("推送"))
    message_id = models.CharField(max_length=40, unique=True, verbose_name=_("消息编号"))
    event = models.CharField(max_length=20, choices=EventKind, verbose_name=_("事件"))
    subject = models.CharField(max_length=40, verbose_name=_("单号"))
    body = models.TextField(editable=False)
    state = models.CharField(
        max_length=10, choices=DeliveryState, default=DeliveryState.WAITING.value, verbose_name=_("状态")
    )
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0, verbose_name=_("次数"))
    made_at = models.DateTimeField(verbose_name=_("时间"))
    next_at = models.DateTimeField(verbose_name=_("下次推送"))
    give_up_at = models.DateTimeField(verbose_name=_("重试截止"))
    ended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束时间"))

    class Meta:
        verbose_name = _("推送记录")
        verbose_name_plural = _("推送记录")
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event", "subject"], name="integration_delivery_once"),
            models.CheckConstraint(condition=Q(event__in=EventKind.values), name="integration_delivery_event_known"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | Q(state__in=["delivered", "stopped"], ended_at__isnull=False),
                name="integration_delivery_ended_when_over",
            ),
        ]
        indexes = [
            # What is due, by webhook.
            models.Index(fields=["webhook", "next_at"], name="integration_delivery_due", condition=Q(state="waiting")),
            # A supplier's own, newest first.
            models.Index(fields=["webhook", "-id"], name="integration_delivery_own"),
        ]

    def __str__(self) -> str:
        return self.message_id


class AttemptError(models.TextChoices):
    """Why there is no status: nobody was asked, or nobody answered."""

    ADDRESS = "address", _("地址不是公网地址，没有连接")
    NAME = "name", _("找不到这个域名")
    CONNECT = "connect", _("连接不上")
    TLS = "tls", _("证书不对")
    TIMEOUT = "timeout", _("超时没有应答")
    BROKEN = "broken", _("应答不完整")


class DeliveryAttempt(models.Model):
    """One try: written before it is made, so that one that was cut off stands there without an answer."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, db_index=False, related_name="tried")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=10, choices=AttemptError, blank=True, default="", db_default="")
    took_ms = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="integration_deliveryattempt_once"),
            models.CheckConstraint(
                condition=Q(error="") | Q(error__in=AttemptError.values), name="integration_deliveryattempt_error_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.number}"
