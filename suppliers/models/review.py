"""What operators look at before a product goes on the shelf, and before it says something else there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .product import Product


class RevisionState(models.TextChoices):
    WAITING = "waiting", _("待审核")
    APPROVED = "approved", _("已通过")
    REJECTED = "rejected", _("已驳回")
    WITHDRAWN = "withdrawn", _("已撤回")


class ProductRevision(models.Model):
    """What a supplier wants a product to say. `content` holds columns by name; `before` what they said when it was
    submitted, empty for a product that was never approved. One waits for a product at most.

    `is_live`: the product is on the shelf and stays there as it was until this is approved.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("商品"))
    content = models.JSONField(verbose_name=_("内容"))
    before = models.JSONField(default=dict, verbose_name=_("原内容"))
    is_live = models.BooleanField(verbose_name=_("在架修改"))
    state = models.CharField(
        max_length=10, choices=RevisionState, default=RevisionState.WAITING, verbose_name=_("状态")
    )
    reason = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("审核意见"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("提交人")
    )
    submitted_at = models.DateTimeField(verbose_name=_("提交时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("审核人"),
    )
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("审核时间"))

    class Meta:
        verbose_name = _("商品审核")
        verbose_name_plural = _("商品审核")
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=Q(state="waiting"), name="suppliers_productrevision_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RevisionState.values), name="suppliers_productrevision_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="suppliers_productrevision_decided_when_it_waits_no_more",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="suppliers_productrevision_rejected_for_a_reason"
            ),
        ]
        indexes = [
            # The operators' queue, the longest waiting first.
            models.Index(fields=["state", "submitted_at"], name="suppliers_revision_queue"),
        ]

    def __str__(self) -> str:
        return str(self.product)
