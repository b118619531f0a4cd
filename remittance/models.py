"""Statements of suppliers, what stands on them, and where suppliers are paid."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.core.sealing import unseal
from orders.models import Order
from remittance import rules
from suppliers.models import Supplier

ACCOUNT = "remittance account"


def _person(words: Any, *, null: bool = True) -> "models.ForeignKey":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=null,
        blank=null,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=words,
    )


class Period(models.TextChoices):
    MONTH = rules.MONTH, _("每月")
    HALF = rules.HALF, _("每半月（1 日和 16 日）")


class SupplierTerms(models.Model):
    """How a supplier is settled with from a day on: how often, the platform's fee on what was kept, and the share that
    it bears of the retail commissions on its goods. Without terms: monthly, no fee, no commission."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="terms", verbose_name=_("供应商"))
    starts_on = models.DateField(verbose_name=_("生效日期"))
    period = models.CharField(max_length=5, choices=Period, default=Period.MONTH, verbose_name=_("结算周期"))
    fee_bps = models.PositiveSmallIntegerField(default=0, verbose_name=_("平台服务费（万分之）"))
    commission_bps = models.PositiveSmallIntegerField(default=0, verbose_name=_("承担零售佣金的比例（万分之）"))
    set_by = _person(_("制定人"))
    set_at = models.DateTimeField(verbose_name=_("制定时间"))

    class Meta:
        verbose_name = _("结算条款")
        verbose_name_plural = _("结算条款")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "starts_on"], name="remittance_supplierterms_one_a_day"),
            models.CheckConstraint(
                condition=Q(fee_bps__lte=rules.FEE_BPS_MAX, commission_bps__lte=10_000),
                name="remittance_supplierterms_shares_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.starts_on}"


class SupplierAccount(models.Model):
    """The bank account at which a supplier is paid; another one takes its place, and rests before money goes there."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("供应商"))
    holder = models.CharField(max_length=60, verbose_name=_("户名"))
    bank_name = models.CharField(max_length=60, verbose_name=_("开户行"))
    number_sealed = models.CharField(max_length=300, editable=False)
    label = models.CharField(max_length=20, verbose_name=_("账号"))
    added_by = _person(_("添加人"))
    added_at = models.DateTimeField(verbose_name=_("添加时间"))
    removed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("停用时间"))

    class Meta:
        verbose_name = _("收款账户")
        verbose_name_plural = _("收款账户")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier"], condition=Q(removed_at__isnull=True), name="remittance_supplieraccount_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.label}"

    @property
    def number(self) -> str:
        """The whole number, for whoever pays."""
        return unseal(self.number_sealed, purpose=ACCOUNT)

    @property
    def rests_until(self) -> datetime:
        return self.added_at + rules.REST


class StatementState(models.TextChoices):
    OPEN = rules.OPEN, _("待供应商确认")
    CONFIRMED = rules.CONFIRMED, _("待初审")
    APPROVED = rules.APPROVED, _("待复核")
    PAID = rules.PAID, _("已付款")
    CARRIED = rules.CARRIED, _("结转下期")


class Statement(models.Model):
    """What a supplier is owed for a period, from `start_date` up to, not including, `end_date`.

    Each posting of the supplier's payable stands on exactly one statement (`StatementLine`): the first whose period it
    lies before the end of. What comes later for a closed period stands on the next one. Of `gross_fen` nothing is
    summed: it is what buyers paid. Nothing of the sums changes after closing.
    """

    number = models.CharField(max_length=48, unique=True, verbose_name=_("对账单号"))
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="statements", verbose_name=_("供应商")
    )
    start_date = models.DateField(verbose_name=_("从"))
    end_date = models.DateField(verbose_name=_("到（不含）"))
    fee_bps = models.PositiveSmallIntegerField(verbose_name=_("平台服务费（万分之）"))
    commission_bps = models.PositiveSmallIntegerField(verbose_name=_("承担零售佣金的比例（万分之）"))
    line_count = models.PositiveIntegerField(verbose_name=_("笔数"))
    gross_fen = models.BigIntegerField(verbose_name=_("买家实付（分）"))
    supply_fen = models.BigIntegerField(verbose_name=_("供货款（分）"))
    refund_fen = models.BigIntegerField(verbose_name=_("退款（分）"))
    other_fen = models.BigIntegerField(default=0, verbose_name=_("更正（分）"))
    fee_fen = models.BigIntegerField(verbose_name=_("平台服务费（分）"))
    commission_fen = models.BigIntegerField(verbose_name=_("承担零售佣金（分）"))
    carried_fen = models.BigIntegerField(verbose_name=_("上期结转（分）"))
    payable_fen = models.BigIntegerField(verbose_name=_("应付（分）"))
    state = models.CharField(max_length=10, choices=StatementState, verbose_name=_("状态"))
    closed_at = models.DateTimeField(verbose_name=_("出账时间"))
    confirm_due_at = models.DateTimeField(verbose_name=_("确认截止"))
    confirmed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("确认时间"))
    confirmed_by = _person(_("确认人"))
    account = models.ForeignKey(
        SupplierAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("收款账户")
    )
    approved_by = _person(_("初审"))
    approved_at = models.DateTimeField(null=True, blank=True, verbose_name=_("初审时间"))
    released_by = _person(_("复核"))
    paid_at = models.DateTimeField(null=True, blank=True, verbose_name=_("付款时间"))
    bank_reference = models.CharField(max_length=64, blank=True, default="", verbose_name=_("银行流水号"))
    sent_back_reason = models.CharField(max_length=120, blank=True, default="", verbose_name=_("退回原因"))

    class Meta:
        verbose_name = _("对账单")
        verbose_name_plural = _("对账单")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "start_date"], name="remittance_statement_period_once"),
            models.CheckConstraint(
                condition=Q(end_date__gt=F("start_date")), name="remittance_statement_period_forward"
            ),
            models.CheckConstraint(
                condition=Q(
                    payable_fen=F("carried_fen")
                    + F("supply_fen")
                    - F("refund_fen")
                    + F("other_fen")
                    - F("fee_fen")
                    - F("commission_fen")
                ),
                name="remittance_statement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state="carried", payable_fen__lte=0) | (~Q(state="carried") & Q(payable_fen__gt=0)),
                name="remittance_statement_carried_when_nothing_is_owed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"])
                | Q(approved_by__isnull=False, approved_at__isnull=False, account__isnull=False),
                name="remittance_statement_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid")
                | (Q(released_by__isnull=False, paid_at__isnull=False) & ~Q(bank_reference="")),
                name="remittance_statement_paid_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("approved_by")),
                name="remittance_statement_two_people",
            ),
            models.UniqueConstraint(
                fields=["bank_reference"], condition=~Q(bank_reference=""), name="remittance_statement_reference_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "confirm_due_at"], name="remittance_statement_queue")]

    def __str__(self) -> str:
        return self.number


class LineKind(models.TextChoices):
    SALE = "sale", _("供货款")
    REFUND = "refund", _("退款")
    COMMISSION = "commission", _("承担零售佣金")
    OTHER = "other", _("更正")


class StatementLine(models.Model):
    """One posting of the ledger on a statement, and what of it the supplier gets (`amount_fen`, negative: bears).

    `gross_fen` is what the buyer paid or got back. As in the ledger, the posting has no foreign key in the database.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines", verbose_name=_("对账单"))
    posting_id = models.BigIntegerField(unique=True, verbose_name=_("分录"))
    kind = models.CharField(max_length=10, choices=LineKind, verbose_name=_("类型"))
    reference = models.CharField(max_length=96, verbose_name=_("关联单号"))
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("订单")
    )
    at = models.DateTimeField(verbose_name=_("发生时间"))
    gross_fen = models.BigIntegerField(default=0, verbose_name=_("买家实付（分）"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))

    class Meta:
        verbose_name = _("对账明细")
        verbose_name_plural = _("对账明细")

    def __str__(self) -> str:
        return f"{self.statement_id} {self.kind} {self.amount_fen}"


class DisputeState(models.TextChoices):
    OPEN = "open", _("待平台答复")
    PROPOSED = "proposed", _("待复核更正")
    CORRECTED = "corrected", _("已更正")
    REFUSED = "refused", _("维持原账")


class StatementDispute(models.Model):
    """A supplier says that a line is wrong. What is conceded is posted by a second operator, and stands on the next
    statement: a closed one never changes."""

    line = models.OneToOneField(StatementLine, on_delete=models.PROTECT, related_name="dispute", verbose_name=_("明细"))
    reason = models.CharField(max_length=200, verbose_name=_("异议原因"))
    asked_by = _person(_("提出人"))
    asked_at = models.DateTimeField(verbose_name=_("提出时间"))
    state = models.CharField(max_length=10, choices=DisputeState, default=DisputeState.OPEN, verbose_name=_("状态"))
    answer = models.CharField(max_length=200, blank=True, default="", verbose_name=_("平台答复"))
    amount_fen = models.BigIntegerField(default=0, verbose_name=_("补给供应商（分）"))
    answered_by = _person(_("答复人"))
    answered_at = models.DateTimeField(null=True, blank=True, verbose_name=_("答复时间"))
    checked_by = _person(_("复核人"))
    checked_at = models.DateTimeField(null=True, blank=True, verbose_name=_("复核时间"))

    class Meta:
        verbose_name = _("对账异议")
        verbose_name_plural = _("对账异议")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, amount_fen__lte=rules.CORRECTION_FEN_MAX),
                name="remittance_dispute_amount_within",
            ),
            models.CheckConstraint(
                condition=~Q(state="corrected")
                | (Q(checked_by__isnull=False, amount_fen__gt=0) & ~Q(checked_by=F("answered_by"))),
                name="remittance_dispute_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.state}"


class StatementInvoice(models.Model):
    """The supplier's invoice for a statement: its number, its amount, and a private photo of it."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("对账单")
    )
    number = models.CharField(max_length=30, verbose_name=_("发票号码"))
    amount_fen = models.BigIntegerField(verbose_name=_("价税合计（分）"))
    photo = models.CharField(max_length=120, unique=True, editable=False)
    uploaded_by = _person(_("上传人"))
    uploaded_at = models.DateTimeField(verbose_name=_("上传时间"))

    class Meta:
        verbose_name = _("供应商发票")
        verbose_name_plural = _("供应商发票")
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="remittance_invoice_number_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="remittance_invoice_amount_positive"),
        ]

    def __str__(self) -> str:
        return self.number
