"""Tables that a supplier sends as a file: looked at first, done when they are confirmed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .supplier import Supplier


class SheetKind(models.TextChoices):
    SHIPPING = "shipping", _("批量发货")
    GOODS = "goods", _("批量改价和库存")
    IMPORT = "import", _("从其他平台导入")


class Sheet(models.Model):
    """The rows of one file as they were read, and what became of each.

    `rows` are lists of number, texts by column, and columns with formulas; `report` has one entry for each row. Until
    `applied_at` nothing has been done. What takes long is done by a worker once it was `started_at`; `trouble` says
    why it could not be, and that nothing was done. `reading` says how the rows are read.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="sheets", verbose_name=_("供应商"))
    kind = models.CharField(max_length=10, choices=SheetKind, verbose_name=_("类型"))
    name = models.CharField(max_length=80, verbose_name=_("文件名"))
    rows = models.JSONField(verbose_name=_("内容"))
    report = models.JSONField(default=list, verbose_name=_("结果"))
    reading = models.JSONField(default=dict, db_default={}, verbose_name=_("读法"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    at = models.DateTimeField(verbose_name=_("上传时间"))
    started_at = models.DateTimeField(null=True, blank=True, verbose_name=_("开始时间"))
    trouble = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("没有执行的原因"))
    applied_at = models.DateTimeField(null=True, blank=True, verbose_name=_("执行时间"))

    class Meta:
        verbose_name = _("批量文件")
        verbose_name_plural = _("批量文件")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SheetKind.values), name="suppliers_sheet_of_a_known_kind"),
        ]
        indexes = [
            # A supplier's last files of a kind, and pruning.
            models.Index(fields=["supplier", "kind", "-at"], name="suppliers_sheet_latest"),
            models.Index(fields=["at"], name="suppliers_sheet_age"),
            # What a worker has to do.
            models.Index(
                fields=["started_at"],
                condition=Q(started_at__isnull=False, applied_at__isnull=True),
                name="suppliers_sheet_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.name
