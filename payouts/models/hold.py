"""Holds of a member's payouts, placed by operators who look into something."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PayoutHold(models.Model):
    """While it stands, nothing is paid to the member and nothing can be asked for. `reason` is for colleagues, `words`
    are what the member reads."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="payout_holds",
        verbose_name=_("会员"),
    )
    reason = models.CharField(max_length=200, verbose_name=_("原因"))
    words = models.CharField(max_length=200, verbose_name=_("给会员的话"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("操作人"),
    )
    placed_at = models.DateTimeField(verbose_name=_("开始时间"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("解除人"),
    )
    released_at = models.DateTimeField(null=True, blank=True, verbose_name=_("解除时间"))
    release_reason = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("解除原因"))

    class Meta:
        verbose_name = _("提现暂停")
        verbose_name_plural = _("提现暂停")
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(released_at__isnull=True), name="payouts_payouthold_one_stands"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, release_reason="")
                | (Q(released_at__isnull=False, released_by__isnull=False) & ~Q(release_reason="")),
                name="payouts_payouthold_released_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(words=""), name="payouts_payouthold_has_words"),
            models.CheckConstraint(condition=~Q(placed_by=F("member")), name="payouts_payouthold_not_by_its_member"),
        ]
        indexes = [
            # A member's holds, newest first.
            models.Index(fields=["member", "-id"], name="payouts_hold_member"),
        ]

    def __str__(self) -> str:
        return self.reason
