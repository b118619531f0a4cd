"""What brings suppliers and shopkeepers together: goods offered for selling, and samples of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from suppliers.models import Product, Sku, Supplier


class SellingOffer(models.Model):
    """A supplier looks for shopkeepers who sell a product: a line to them, until a day. What they get is the product's
    commission. One is open for a product at most."""

    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, related_name="selling_offers", verbose_name=_("供应商")
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="selling_offers", verbose_name=_("商品")
    )
    words = models.CharField(max_length=60, verbose_name=_("给店主的话"))
    until_date = models.DateField(verbose_name=_("截止日期"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("发起人")
    )
    opened_at = models.DateTimeField(verbose_name=_("发起时间"))
    ended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束时间"))

    class Meta:
        verbose_name = _("帮卖邀请")
        verbose_name_plural = _("帮卖邀请")
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=Q(ended_at__isnull=True), name="agents_sellingoffer_one_open"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="agents_sellingoffer_has_words"),
        ]
        indexes = [
            # What shopkeepers are shown, the newest first.
            models.Index(fields=["-opened_at"], condition=Q(ended_at__isnull=True), name="agents_sellingoffer_open"),
        ]

    def __str__(self) -> str:
        return self.words


class SampleState(models.TextChoices):
    ASKED = "asked", _("待答复")
    AGREED = "agreed", _("待寄出")
    SENT = "sent", _("已寄出")
    DECLINED = "declined", _("没有同意")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_SAMPLES = (SampleState.ASKED, SampleState.AGREED)


class SampleRequest(models.Model):
    """A shopkeeper wants to hold a product before selling it. The supplier gives one piece away, or says why not.

    A sample is no order: nobody pays, so nothing is booked and nothing counts as sold; one piece leaves the stock as a
    correction under this number. To where it goes stands here until it was sent, and ninety days longer.
    """

    number = models.CharField(max_length=24, unique=True, verbose_name=_("申请编号"))
    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, db_index=False, related_name="sample_requests", verbose_name=_("供应商")
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="sample_requests", verbose_name=_("商品")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="sample_requests",
        verbose_name=_("店主"),
    )
    shop_name = models.CharField(max_length=20, verbose_name=_("小店"))
    words = models.CharField(max_length=120, verbose_name=_("打算怎么卖"))
    recipient_name = models.CharField(max_length=40, blank=True, default="", db_default="", verbose_name=_("收货人"))
    recipient_phone = models.CharField(max_length=20, blank=True, default="", db_default="", verbose_name=_("收货电话"))
    recipient_address = models.CharField(
        max_length=240, blank=True, default="", db_default="", verbose_name=_("收货地址")
    )
    state = models.CharField(max_length=10, choices=SampleState, default=SampleState.ASKED, verbose_name=_("状态"))
    reason = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("原因"))
    asked_at = models.DateTimeField(verbose_name=_("申请时间"))
    answered_at = models.DateTimeField(null=True, blank=True, verbose_name=_("答复时间"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("答复人"),
    )
    sku = models.ForeignKey(
        Sku,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("寄出的规格"),
    )
    carrier = models.CharField(max_length=20, blank=True, default="", db_default="", verbose_name=_("快递公司"))
    tracking_number = models.CharField(max_length=40, blank=True, default="", db_default="", verbose_name=_("快递单号"))
    sent_at = models.DateTimeField(null=True, blank=True, verbose_name=_("寄出时间"))

    class Meta:
        verbose_name = _("样品申请")
        verbose_name_plural = _("样品申请")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "product"],
                condition=Q(state__in=["asked", "agreed"]),
                name="agents_samplerequest_one_open",
            ),
            models.CheckConstraint(condition=Q(state__in=SampleState.values), name="agents_samplerequest_state_known"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="agents_samplerequest_declined_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sku__isnull=False, sent_at__isnull=False) & ~Q(tracking_number="")
                | ~Q(state="sent") & Q(sku__isnull=True, sent_at__isnull=True, tracking_number=""),
                name="agents_samplerequest_sent_with_a_waybill",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "withdrawn"]) | Q(recipient_phone="", recipient_address=""),
                name="agents_samplerequest_refused_forgets_where_to",
            ),
        ]
        indexes = [
            # A supplier's own by what waits.
            models.Index(fields=["supplier", "state", "-asked_at"], name="agents_samplerequest_own"),
            # A shopkeeper's own, newest first.
            models.Index(fields=["member", "-asked_at"], name="agents_samplerequest_member"),
            # Addresses to forget.
            models.Index(fields=["sent_at"], condition=~Q(recipient_phone=""), name="agents_samplerequest_to_forget"),
        ]

    def __str__(self) -> str:
        return self.number


class CommissionBudget(models.Model):
    """What a supplier wants to spend on the commission of a product in a month at most.

    `used_fen` is what orders placed in the month that begins with `month_date` carry, as it was counted last. While
    it is used up, the product's commission rests here as `paused_bps` and is none for new orders; `trouble` says why
    it could not be taken up again.
    """

    product = models.OneToOneField(
        Product, primary_key=True, on_delete=models.CASCADE, related_name="commission_budget", verbose_name=_("商品")
    )
    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, related_name="commission_budgets", verbose_name=_("供应商")
    )
    month_fen = models.BigIntegerField(verbose_name=_("每月佣金预算（分）"))
    month_date = models.DateField(verbose_name=_("月份"))
    used_fen = models.BigIntegerField(default=0, verbose_name=_("已用（分）"))
    paused_bps = models.PositiveSmallIntegerField(default=0, verbose_name=_("暂停的佣金（万分之）"))
    trouble = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("没有恢复的原因"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("设置人")
    )
    set_at = models.DateTimeField(verbose_name=_("设置时间"))

    class Meta:
        verbose_name = _("佣金预算")
        verbose_name_plural = _("佣金预算")
        constraints = [
            models.CheckConstraint(condition=Q(month_fen__gt=0), name="agents_commissionbudget_is_something"),
            models.CheckConstraint(
                condition=Q(used_fen__gte=0, paused_bps__lte=5000), name="agents_commissionbudget_within_bounds"
            ),
        ]

    def __str__(self) -> str:
        return str(self.product_id)

    @property
    def left_fen(self) -> int:
        """What is left of it this month."""
        return max(0, self.month_fen - self.used_fen)
