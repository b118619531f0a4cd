"""On what terms gift packs are sold."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GiftPackTerms(models.Model):
    """On what terms gift packs are sold from an instant on. Written by linkage alone, when a plan is published.

    Without a price gift packs are not for sale. Of two that start together the later row counts.
    """

    starts_at = models.DateTimeField(verbose_name=_("生效时间"))
    price_fen = models.BigIntegerField(null=True, verbose_name=_("礼包价（分）"))
    worst_case_fen = models.BigIntegerField(default=0, verbose_name=_("最高奖励（分）"))
    cooling_off_days = models.PositiveSmallIntegerField(verbose_name=_("冷静期（天）"))
    plan_version = models.PositiveIntegerField(null=True, verbose_name=_("规则版本"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("礼包条款")
        verbose_name_plural = _("礼包条款")
        constraints = [
            models.CheckConstraint(
                condition=Q(price_fen__isnull=True) | Q(price_fen__gt=0), name="suppliers_giftpackterms_price_positive"
            ),
            models.CheckConstraint(
                condition=Q(worst_case_fen__gte=0), name="suppliers_giftpackterms_worst_case_not_negative"
            ),
        ]
        # The terms in force are asked for by every page that shows a gift pack.
        indexes = [models.Index(fields=["-starts_at", "-id"], name="suppliers_giftpackterms_start")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d} {self.price_fen}"
