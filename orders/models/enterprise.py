"""What enterprises ask suppliers for, and what suppliers quote. The allowed changes stand in `rules/enterprise.py`."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.core.ids import SHANGHAI
from orders.rules import enterprise as rules
from suppliers.models import Sku, Supplier


class RequestState(models.TextChoices):
    ASKED = rules.ASKED, _("待报价")
    QUOTED = rules.QUOTED, _("已报价")
    ACCEPTED = rules.ACCEPTED, _("已下单")
    DECLINED = rules.DECLINED, _("供应商未报价")
    REFUSED = rules.REFUSED, _("已谢绝报价")
    EXPIRED = rules.EXPIRED, _("已过期")
    WITHDRAWN = rules.WITHDRAWN, _("已撤回")


class EnterpriseRequest(models.Model):
    """What one member wants to buy from one supplier for a company, and the quote for it. A list of goods of several
    suppliers is asked for at once, under one key, and becomes one request for each.

    Prices of the quote stand on the lines; they hold up to and including `valid_date`, a day in Shanghai. `fee_bps` is
    the platform's fee when it was quoted. An order that was placed at them has this number (`Order.quote_number`).
    """

    number = models.CharField(max_length=24, unique=True, verbose_name=_("询价单号"))
    supplier = models.ForeignKey(
        Supplier,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="enterprise_requests",
        verbose_name=_("供应商"),
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="enterprise_requests",
        verbose_name=_("会员"),
    )
    company_name = models.CharField(max_length=rules.COMPANY_MAX, verbose_name=_("公司名称"))
    credit_code = models.CharField(max_length=18, verbose_name=_("统一社会信用代码"))
    contact_name = models.CharField(max_length=rules.CONTACT_MAX, blank=True, verbose_name=_("联系人"))
    contact_phone = models.CharField(max_length=20, blank=True, verbose_name=_("联系电话"))
    invoice_title = models.CharField(max_length=rules.TITLE_MAX, verbose_name=_("发票抬头"))
    wanted_date = models.DateField(verbose_name=_("最晚到货"))
    note = models.CharField(max_length=rules.WORDS_MAX, blank=True, default="", verbose_name=_("采购说明"))
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED, verbose_name=_("状态"))
    reason = models.CharField(max_length=rules.REASON_MAX, blank=True, default="", verbose_name=_("原因"))
    asked_at = models.DateTimeField(verbose_name=_("询价时间"))
    quoted_at = models.DateTimeField(null=True, blank=True, verbose_name=_("报价时间"))
    quoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("报价人"),
    )
    valid_date = models.DateField(null=True, blank=True, verbose_name=_("报价有效至"))
    quote_note = models.CharField(max_length=rules.WORDS_MAX, blank=True, default="", verbose_name=_("报价说明"))
    fee_bps = models.PositiveSmallIntegerField(default=0, verbose_name=_("平台服务费（万分之）"))
    ended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束时间"))
    idempotency_key = models.CharField(max_length=64, editable=False)
    request_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("企业询价")
        verbose_name_plural = _("企业询价")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "idempotency_key", "supplier"], name="orders_enterpriserequest_once_a_key"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="orders_enterpriserequest_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "refused"]) | ~Q(reason=""),
                name="orders_enterpriserequest_turned_down_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["quoted", "accepted", "refused"])
                | Q(quoted_at__isnull=False, quoted_by__isnull=False, valid_date__isnull=False),
                name="orders_enterpriserequest_quoted_when_quoted",
            ),
        ]
        indexes = [
            # A supplier's own by what waits.
            models.Index(fields=["supplier", "state", "-asked_at"], name="orders_enterprise_own"),
            # A member's own, newest first.
            models.Index(fields=["member", "-asked_at"], name="orders_enterprise_mine"),
            # The sweep: quotes past their day, and what nobody answered in time.
            models.Index(fields=["valid_date"], name="orders_enterprise_to_end", condition=Q(state="quoted")),
            models.Index(fields=["wanted_date"], name="orders_enterprise_late", condition=Q(state="asked")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def goods_fen(self) -> int:
        """What the goods come to at the quoted prices; 0 before there are any."""
        return sum(line.amount_fen for line in self.lines.all())

    def holds(self, *, at: datetime) -> bool:
        """Whether its quote can be accepted at an instant."""
        return self.state == RequestState.QUOTED and not self.is_over(day=at.astimezone(SHANGHAI).date())

    def is_over(self, *, day: date) -> bool:
        """Whether the quote's last day is over."""
        return self.valid_date is None or self.valid_date < day


class EnterpriseLine(models.Model):
    """One SKU of a request: `unit_price_fen` is its quoted price, `sale_price_fen` its price in the shop at asking."""

    request = models.ForeignKey(
        EnterpriseRequest, on_delete=models.CASCADE, related_name="lines", verbose_name=_("询价单")
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, db_index=False, related_name="enterprise_lines", verbose_name=_("规格")
    )
    product_name = models.CharField(max_length=60, verbose_name=_("商品"))
    spec = models.CharField(max_length=40, verbose_name=_("规格名"))
    quantity = models.PositiveIntegerField(verbose_name=_("数量"))
    sale_price_fen = models.BigIntegerField(verbose_name=_("询价时售价（分）"))
    unit_price_fen = models.BigIntegerField(null=True, blank=True, verbose_name=_("报价（分）"))

    class Meta:
        verbose_name = _("询价商品")
        verbose_name_plural = _("询价商品")
        constraints = [
            models.UniqueConstraint(fields=["request", "sku"], name="orders_enterpriseline_sku_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__lte=rules.AGREED_QUANTITY_MAX),
                name="orders_enterpriseline_quantity_within",
            ),
            models.CheckConstraint(
                condition=Q(unit_price_fen__isnull=True) | Q(unit_price_fen__gt=0),
                name="orders_enterpriseline_price_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_name} × {self.quantity}"

    @property
    def amount_fen(self) -> int:
        """What it comes to at the quoted price."""
        return (self.unit_price_fen or 0) * self.quantity

    @property
    def less_fen(self) -> int:
        """By how much a piece is cheaper than it was in the shop."""
        return max(0, self.sale_price_fen - (self.unit_price_fen or self.sale_price_fen))


class ContactReveal(models.Model):
    """One look of a supplier's user at the phone of who asked, and why. Rows are only added: a trigger refuses to
    change or delete them."""

    request = models.ForeignKey(
        EnterpriseRequest, on_delete=models.PROTECT, related_name="reveals", verbose_name=_("询价单")
    )
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("查看人")
    )
    reason = models.CharField(max_length=80, verbose_name=_("原因"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("联系方式查看记录")
        verbose_name_plural = _("联系方式查看记录")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="orders_contactreveal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.reason}"
