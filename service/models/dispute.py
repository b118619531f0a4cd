"""Disputes in the queue of the service desk. What is disputed and decided stands in the after-sale case alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import AfterSale
from suppliers.models import Supplier

from .ticket import Tag


class Dispute(models.Model):
    """A case that waits for the platform's decision, or waited for it: who handles it, and by when.

    Written by the listener of `CaseChanged`; a case that comes back opens the same row anew.
    """

    case = models.OneToOneField(AfterSale, on_delete=models.CASCADE, related_name="+", verbose_name=_("售后单"))
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("供应商")
    )
    opened_at = models.DateTimeField(verbose_name=_("介入时间"))
    due_at = models.DateTimeField(null=True, blank=True, verbose_name=_("裁定期限"))
    closed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束时间"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("受理人"),
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="disputes", verbose_name=_("标签"))

    class Meta:
        verbose_name = _("售后纠纷")
        verbose_name_plural = _("售后纠纷")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__isnull=False, closed_at__isnull=True)
                | Q(due_at__isnull=True, closed_at__isnull=False),
                name="service_dispute_open_or_closed",
            )
        ]
        indexes = [
            # The queue by deadline: of all, of an operator, of a supplier.
            models.Index(fields=["due_at", "id"], name="service_dispute_due", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["assignee", "due_at", "id"],
                name="service_dispute_of_assignee",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["supplier", "due_at", "id"], name="service_dispute_of_supplier"),
            models.Index(
                fields=["-closed_at", "-id"], name="service_dispute_closed", condition=Q(closed_at__isnull=False)
            ),
            # Everything, the latest first, and what was asked in a week.
            models.Index(fields=["-opened_at", "-id"], name="service_dispute_latest"),
        ]

    def __str__(self) -> str:
        return self.case.number


class DisputeNote(models.Model):
    """What operators write down about a dispute for each other. Never edited, and shown to nobody else."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="notes", verbose_name=_("售后纠纷"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("账号")
    )
    text = models.CharField(max_length=1000, verbose_name=_("内容"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("纠纷备注")
        verbose_name_plural = _("纠纷备注")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.at:%Y-%m-%d}"
