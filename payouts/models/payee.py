"""Who is paid, and where to. Numbers are sealed (`mall.core.sealing`) and never shown whole."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.core.sealing import unseal
from payouts.rules import REST

NAME, ID_NUMBER, ACCOUNT = "payouts name", "payouts id number", "payouts account"


class Payee(models.Model):
    """A member's real name and identity number: in whose name money is paid and tax withheld.

    One number belongs to one member at a time. What was paid under stays for the tax office; then `used` is set, and
    the name changes no more.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="payees",
        verbose_name=_("会员"),
    )
    name_sealed = models.CharField(max_length=300, editable=False)
    masked_name = models.CharField(max_length=40, verbose_name=_("姓名"))
    id_sealed = models.CharField(max_length=200, editable=False)
    id_hash = models.CharField(max_length=64, editable=False)
    id_tail = models.CharField(max_length=4, verbose_name=_("证件尾号"))
    is_current = models.BooleanField(default=True, db_default=True, verbose_name=_("当前"))
    used = models.BooleanField(default=False, db_default=False, verbose_name=_("已用于提现"))
    registered_at = models.DateTimeField(verbose_name=_("登记时间"))

    class Meta:
        verbose_name = _("实名")
        verbose_name_plural = _("实名")
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(is_current=True), name="payouts_payee_one_a_member"),
            models.UniqueConstraint(
                fields=["id_hash"], condition=Q(is_current=True), name="payouts_payee_number_of_one_member"
            ),
        ]

    def __str__(self) -> str:
        return self.masked_name

    @property
    def name(self) -> str:
        """The whole name, for the provider and for those who compare it."""
        return unseal(self.name_sealed, purpose=NAME)

    @property
    def masked_id(self) -> str:
        return f"{'*' * 14}{self.id_tail}"


class PayeeCorrection(models.Model):
    """An operator put another name or number in the place of one that was used already. Both rows of the payee stay;
    nothing here is ever changed.
    """

    before = models.OneToOneField(
        Payee, on_delete=models.PROTECT, related_name="corrected_to", verbose_name=_("更正前")
    )
    after = models.OneToOneField(
        Payee, on_delete=models.PROTECT, related_name="corrected_from", verbose_name=_("更正后")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("会员")
    )
    reason = models.CharField(max_length=200, verbose_name=_("更正原因"))
    evidence = models.CharField(max_length=200, verbose_name=_("依据"))
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("更正人"),
    )
    corrected_at = models.DateTimeField(verbose_name=_("更正时间"))

    class Meta:
        verbose_name = _("实名更正")
        verbose_name_plural = _("实名更正")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""), name="payouts_payeecorrection_has_its_reasons"
            ),
            models.CheckConstraint(
                condition=~Q(corrected_by=F("member")), name="payouts_payeecorrection_not_by_its_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.corrected_at:%Y-%m-%d}"


class AccountKind(models.TextChoices):
    WECHAT = "wechat", _("微信零钱")
    BANK = "bank", _("银行卡")
    ALIPAY = "alipay", _("支付宝")


class PayoutAccount(models.Model):
    """Where a member is paid: one of each kind at a time; another one of the kind takes its place.

    `detail_sealed` is the number of the card or the name of the Alipay account; WeChat has the member's own `openid`.
    `fingerprint` tells operators that two members named the same account.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="payout_accounts",
        verbose_name=_("会员"),
    )
    kind = models.CharField(max_length=8, choices=AccountKind, verbose_name=_("收款方式"))
    bank_name = models.CharField(max_length=30, blank=True, default="", verbose_name=_("银行"))
    detail_sealed = models.CharField(max_length=300, blank=True, default="", editable=False)
    openid = models.CharField(max_length=64, blank=True, default="", editable=False)
    label = models.CharField(max_length=60, blank=True, default="", verbose_name=_("账户"))
    fingerprint = models.CharField(max_length=64, blank=True, default="", editable=False)
    added_at = models.DateTimeField(verbose_name=_("添加时间"))
    removed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("移除时间"))

    class Meta:
        verbose_name = _("收款账户")
        verbose_name_plural = _("收款账户")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="payouts_payoutaccount_kind_known"),
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(removed_at__isnull=True),
                name="payouts_payoutaccount_one_of_a_kind",
            ),
        ]
        indexes = [
            # A member's accounts, with those that were removed: they count for the rest.
            models.Index(fields=["member", "-added_at"], name="payouts_account_member"),
            # Who else named the same account.
            models.Index(fields=["fingerprint"], name="payouts_account_same", condition=~Q(fingerprint="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"

    @property
    def detail(self) -> str:
        """The whole number, for the provider alone."""
        return unseal(self.detail_sealed, purpose=ACCOUNT) if self.detail_sealed else ""

    @property
    def rests_until(self) -> datetime:
        return self.added_at + REST


def mask_detail(kind: str, detail: str) -> str:
    """Return an account as people may see it: the tail of a card, an Alipay account with its middle left out."""
    if kind == AccountKind.BANK:
        return f"****{detail[-4:]}"
    name, at, host = detail.partition("@")
    if at:
        return f"{name[:2]}***@{host}"
    return f"{detail[:3]}****{detail[-4:]}"
