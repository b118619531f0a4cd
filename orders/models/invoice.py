"""Invoices that buyers ask for, and to whom they are made out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .order import Order


class InvoiceKind(models.TextChoices):
    PERSONAL = "personal", _("个人")
    COMPANY = "company", _("企业")


class InvoiceState(models.TextChoices):
    REQUESTED = "requested", _("待开票")
    ISSUED = "issued", _("已开票")
    VOID = "void", _("已作废")


class InvoiceTitle(models.Model):
    """To whom a member has invoices made out."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invoice_titles", verbose_name=_("会员")
    )
    kind = models.CharField(max_length=10, choices=InvoiceKind, verbose_name=_("类型"))
    title = models.CharField(max_length=60, verbose_name=_("抬头"))
    tax_number = models.CharField(max_length=20, blank=True, default="", db_default="", verbose_name=_("税号"))
    email = models.EmailField(blank=True, default="", db_default="", verbose_name=_("收票邮箱"))
    created_at = models.DateTimeField(verbose_name=_("创建时间"))

    class Meta:
        verbose_name = _("发票抬头")
        verbose_name_plural = _("发票抬头")
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "title"], name="orders_invoicetitle_once_a_member"),
            models.CheckConstraint(
                condition=Q(kind="personal", tax_number="") | (Q(kind="company") & ~Q(tax_number="")),
                name="orders_invoicetitle_companies_have_a_number",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def choice(self) -> str:
        """What the checkout calls it."""
        return f"saved-{self.pk}"


class Invoice(models.Model):
    """An invoice for one order, asked for by its buyer and issued by its supplier. The title is a snapshot."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("订单"))
    kind = models.CharField(max_length=10, choices=InvoiceKind, verbose_name=_("类型"))
    title = models.CharField(max_length=60, verbose_name=_("抬头"))
    tax_number = models.CharField(max_length=20, blank=True, default="", db_default="", verbose_name=_("税号"))
    email = models.EmailField(blank=True, default="", db_default="", verbose_name=_("收票邮箱"))
    state = models.CharField(max_length=10, choices=InvoiceState, verbose_name=_("状态"))
    number = models.CharField(max_length=30, blank=True, default="", db_default="", verbose_name=_("发票号码"))
    file_url = models.URLField(blank=True, default="", db_default="", verbose_name=_("下载地址"))
    requested_at = models.DateTimeField(verbose_name=_("申请时间"))
    issued_at = models.DateTimeField(null=True, blank=True, verbose_name=_("开票时间"))
    voided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("作废时间"))

    class Meta:
        verbose_name = _("发票")
        verbose_name_plural = _("发票")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=~Q(state="void"), name="orders_invoice_one_standing_an_order"
            ),
            models.CheckConstraint(condition=Q(state__in=InvoiceState.values), name="orders_invoice_state_known"),
            models.CheckConstraint(
                condition=Q(kind="personal", tax_number="") | (Q(kind="company") & ~Q(tax_number="")),
                name="orders_invoice_companies_have_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | (Q(issued_at__isnull=False) & ~Q(number="")),
                name="orders_invoice_issued_when_issued",
            ),
            models.CheckConstraint(
                condition=Q(state="void", voided_at__isnull=False) | (~Q(state="void") & Q(voided_at__isnull=True)),
                name="orders_invoice_void_when_void",
            ),
        ]
        # What a supplier has to issue.
        indexes = [models.Index(fields=["requested_at"], name="orders_invoice_waiting", condition=Q(state="requested"))]

    def __str__(self) -> str:
        return f"{self.order} {self.title}"
