"""Withdrawals. Who may do what stands in `commands`, the allowed changes of state in `rules`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .payee import AccountKind, Payee, PayoutAccount


class WithdrawalState(models.TextChoices):
    REQUESTED = "requested", _("待初审")
    APPROVED = "approved", _("待复核")
    SENDING = "sending", _("打款中")
    CONFIRMING = "confirming", _("待会员确认收款")
    PAID = "paid", _("已完成")
    REJECTED = "rejected", _("已驳回")
    RETURNED = "returned", _("已退回")


class Withdrawal(models.Model):
    """A member's withdrawal, opened once the amount was set aside for it. Its `number` is also the provider's key for
    the transfer, however often that is sent. One person approves, another releases, and neither is the member.

    To which account it goes, in whose name, and how the tax came about was written down when it was asked for, and
    stays. Sent is not received: with WeChat Pay the payee confirms (`confirming`), or the money comes back
    (`returned`).
    """

    number = models.CharField(max_length=64, unique=True, verbose_name=_("提现单号"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="withdrawals",
        verbose_name=_("会员"),
    )
    shard = models.SmallIntegerField(editable=False, verbose_name=_("分片"))
    amount_fen = models.BigIntegerField(verbose_name=_("提现额（分）"))
    fee_bps = models.PositiveSmallIntegerField(verbose_name=_("服务费率（万分之）"))
    tax_bps = models.PositiveSmallIntegerField(verbose_name=_("预扣税率（万分之）"))
    fee_fen = models.BigIntegerField(verbose_name=_("服务费（分）"))
    tax_fen = models.BigIntegerField(verbose_name=_("预扣个税（分）"))
    net_fen = models.BigIntegerField(verbose_name=_("实际到账（分）"))
    state = models.CharField(
        max_length=10, choices=WithdrawalState, default=WithdrawalState.REQUESTED, verbose_name=_("状态")
    )
    policy_version = models.PositiveIntegerField(null=True, blank=True, verbose_name=_("付款政策版本"))
    working = models.JSONField(default=list, blank=True, editable=False)
    payee = models.ForeignKey(
        Payee,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("实名"),
    )
    account = models.ForeignKey(
        PayoutAccount,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("收款账户"),
    )
    channel = models.CharField(
        max_length=8, choices=AccountKind, blank=True, default="", db_default="", verbose_name=_("收款方式")
    )
    account_label = models.CharField(max_length=60, blank=True, default="", db_default="", verbose_name=_("收款账户"))
    requested_at = models.DateTimeField(verbose_name=_("申请时间"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("初审人"),
    )
    approved_at = models.DateTimeField(null=True, blank=True, verbose_name=_("初审时间"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("复核人"),
    )
    released_at = models.DateTimeField(null=True, blank=True, verbose_name=_("复核时间"))
    asked_at = models.DateTimeField(null=True, editable=False)
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("驳回人"),
    )
    rejected_at = models.DateTimeField(null=True, blank=True, verbose_name=_("驳回时间"))
    reason = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("原因"))
    provider_ref = models.CharField(max_length=64, null=True, blank=True, unique=True, verbose_name=_("渠道流水号"))
    package = models.CharField(max_length=400, blank=True, default="", db_default="", editable=False)
    waiting_at = models.DateTimeField(null=True, blank=True, verbose_name=_("等待确认时间"))
    confirm_by = models.DateTimeField(null=True, blank=True, verbose_name=_("最晚确认时间"))
    confirmed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("确认时间"))
    recalled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("撤回人"),
    )
    recall_words = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("撤回原因"))
    returned_at = models.DateTimeField(null=True, blank=True, verbose_name=_("退回时间"))
    paid_at = models.DateTimeField(null=True, blank=True, verbose_name=_("到账时间"))
    imported = models.BooleanField(default=False, db_default=False, editable=False, verbose_name=_("历史导入"))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("提现")
        verbose_name_plural = _("提现审核")
        permissions = [
            ("review_withdrawal", _("提现初审")),
            ("release_withdrawal", _("提现复核打款")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payouts_withdrawal_amount_positive"),
            models.CheckConstraint(
                condition=Q(fee_fen__gte=0, tax_fen__gte=0, net_fen__gte=0),
                name="payouts_withdrawal_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=F("fee_fen") + F("tax_fen") + F("net_fen")),
                name="payouts_withdrawal_gross_is_fee_tax_and_net",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WithdrawalState.values), name="payouts_withdrawal_state_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(released_by__isnull=True) | ~Q(approved_by=F("released_by")),
                name="payouts_withdrawal_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("member")),
                name="payouts_withdrawal_not_approved_by_its_member",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("member")),
                name="payouts_withdrawal_not_released_by_its_member",
            ),
            models.CheckConstraint(
                condition=Q(rejected_by__isnull=True) | ~Q(rejected_by=F("member")),
                name="payouts_withdrawal_not_rejected_by_its_member",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="payouts_withdrawal_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True, released_at__isnull=True)
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="payouts_withdrawal_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(imported=True) | ~Q(state="approved") | Q(approved_by__isnull=False),
                name="payouts_withdrawal_approved_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(imported=True)
                | ~Q(state__in=["sending", "confirming", "paid", "returned"])
                | Q(approved_by__isnull=False, released_by__isnull=False),
                name="payouts_withdrawal_two_people_send_money",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | (~Q(state="paid") & Q(paid_at__isnull=True)),
                name="payouts_withdrawal_paid_when_paid",
            ),
            models.CheckConstraint(
                condition=(Q(state="rejected", rejected_at__isnull=False) & ~Q(reason=""))
                | (~Q(state="rejected") & Q(rejected_at__isnull=True, rejected_by__isnull=True)),
                name="payouts_withdrawal_rejected_with_a_reason",
            ),
            models.CheckConstraint(
                condition=(Q(state="returned", returned_at__isnull=False) & ~Q(reason=""))
                | (~Q(state="returned") & Q(returned_at__isnull=True)),
                name="payouts_withdrawal_returned_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["rejected", "returned"]) | Q(reason=""),
                name="payouts_withdrawal_no_reason_before_the_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirming") | Q(waiting_at__isnull=False, confirm_by__isnull=False),
                name="payouts_withdrawal_confirming_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=True, channel="", account_label="", payee__isnull=True)
                | (Q(account__isnull=False, payee__isnull=False) & ~Q(channel="")),
                name="payouts_withdrawal_account_with_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(recalled_by__isnull=True) | ~Q(recalled_by=F("member")),
                name="payouts_withdrawal_not_recalled_by_its_member",
            ),
        ]
        indexes = [
            # A member's withdrawals, newest first.
            models.Index(fields=["member", "-id"], name="payouts_withdrawal_member"),
            # The queue, oldest first; it stays as small as what is undecided.
            models.Index(
                fields=["state", "requested_at"],
                name="payouts_withdrawal_queue",
                condition=Q(state__in=["requested", "approved", "sending", "confirming"]),
            ),
            # What was paid on a day.
            models.Index(fields=["paid_at"], name="payouts_withdrawal_paid", condition=Q(paid_at__isnull=False)),
            # What was decided, newest first.
            models.Index(fields=["state", "-id"], name="payouts_withdrawal_state"),
        ]

    def __str__(self) -> str:
        return self.number
