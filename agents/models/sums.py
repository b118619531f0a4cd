"""Sums of earnings by day, so that a page need not read two years of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EarningSum(models.Model):
    """What one member earned or lost of one kind (`agents.queries.sums`) on one day of Asia/Shanghai.

    Written by a task from rewards and postings up to the member's mark; whatever came later is read beside it.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("会员")
    )
    date = models.DateField(verbose_name=_("日期"))
    what = models.SmallIntegerField(verbose_name=_("类别"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))

    class Meta:
        verbose_name = _("收益日汇总")
        verbose_name_plural = _("收益日汇总")
        constraints = [
            # Also the way to a member's days.
            models.UniqueConstraint(
                fields=["member", "date", "what"], include=["amount_fen"], name="agents_earningsum_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.date} {self.what}"


class SumMark(models.Model):
    """How far a member's sums go: up to this reward and this posting, both taken in."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("会员"),
    )
    reward_id = models.BigIntegerField(default=0)
    posting_id = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("收益汇总进度")
        verbose_name_plural = _("收益汇总进度")

    def __str__(self) -> str:
        return f"{self.member_id} {self.posting_id}"


class SumCursor(models.Model):
    """Up to which transaction it was looked for members with something new. One row."""

    ONLY = 1

    before_xact_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="agents_sumcursor_single")]

    def __str__(self) -> str:
        return str(self.before_xact_id)
