from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemoClock(models.Model):
    """How far the demo's clock is ahead of the machine's. One row, and only where `DEMO` is on."""

    ONLY = 1

    ahead = models.DurationField(default=timedelta(0))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="core_democlock_single"),
            models.CheckConstraint(
                condition=models.Q(ahead__gte=timedelta(0)), name="core_democlock_ahead_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"+{self.ahead}"


class OperatorAct(models.Model):
    """One thing that an operator did at `/ops/`: who, when, at which page, to what, what was sent, what it changed.

    Appended only: a trigger refuses update and delete. `by_id` is the member's number; the name stands beside it as it
    was, since this floor knows no member.
    """

    at = models.DateTimeField(verbose_name=_("时间"))
    by_id = models.BigIntegerField(verbose_name=_("操作人编号"))
    by_name = models.CharField(max_length=64, verbose_name=_("操作人"))
    act = models.CharField(max_length=120, verbose_name=_("操作"))
    page = models.CharField(max_length=200, verbose_name=_("页面"))
    subject = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("对象"))
    reason = models.CharField(max_length=300, blank=True, default="", db_default="", verbose_name=_("原因"))
    sent = models.JSONField(default=dict, verbose_name=_("提交内容"))
    before = models.JSONField(default=dict, verbose_name=_("之前"))
    after = models.JSONField(default=dict, verbose_name=_("之后"))
    request_id = models.CharField(max_length=64, blank=True, default="", db_default="", verbose_name=_("请求编号"))

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        indexes = [
            # What one operator did, newest first.
            models.Index(fields=["by_id", "-id"], name="core_operatoract_by"),
            # What was done to one thing.
            models.Index(fields=["subject", "-id"], name="core_operatoract_subject"),
        ]

    def __str__(self) -> str:
        return self.act


class SavedView(models.Model):
    """A list as somebody wants it again: its filters and search under a name, and, without a name, which columns.

    `owner_id` is the member's number. Nobody sees another's. At `/supplier/` a view stays with the supplier at which it
    was saved, whoever moves to another one.
    """

    owner_id = models.BigIntegerField(verbose_name=_("员工编号"))
    supplier_id = models.BigIntegerField(null=True, blank=True, verbose_name=_("供应商编号"))
    page = models.CharField(max_length=80, verbose_name=_("列表"))
    name = models.CharField(max_length=20, blank=True, default="", db_default="", verbose_name=_("名称"))
    query = models.CharField(max_length=600, blank=True, default="", db_default="", verbose_name=_("条件"))
    columns = models.JSONField(default=list, verbose_name=_("列"))
    saved_at = models.DateTimeField(verbose_name=_("保存时间"))

    class Meta:
        verbose_name = _("常用视图")
        verbose_name_plural = _("常用视图")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id", "supplier_id", "page", "name"],
                nulls_distinct=False,
                name="core_savedview_once_at_a_supplier",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.page


class ListExport(models.Model):
    """A list that somebody took away as a file: who, when, which list with which filters, in how many rows, and why.

    Appended only, but for the number of rows, which is known when the file is whole: none where it broke off.
    `supplier_id` is the supplier whose list it was, none for lists of operators.
    """

    at = models.DateTimeField(verbose_name=_("时间"))
    supplier_id = models.BigIntegerField(null=True, blank=True, verbose_name=_("供应商编号"))
    by_id = models.BigIntegerField(verbose_name=_("操作人编号"))
    by_name = models.CharField(max_length=64, verbose_name=_("操作人"))
    page = models.CharField(max_length=80, verbose_name=_("列表"))
    title = models.CharField(max_length=60, verbose_name=_("列表名称"))
    query = models.CharField(max_length=600, blank=True, default="", db_default="", verbose_name=_("条件"))
    file_kind = models.CharField(max_length=4, verbose_name=_("格式"))
    unmasked = models.BooleanField(default=False, verbose_name=_("含个人信息"))
    reason = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("原因"))
    row_count = models.PositiveIntegerField(null=True, blank=True, verbose_name=_("行数"))
    request_id = models.CharField(max_length=64, blank=True, default="", db_default="", verbose_name=_("请求编号"))

    class Meta:
        verbose_name = _("导出记录")
        verbose_name_plural = _("导出记录")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unmasked=False) | ~models.Q(reason=""), name="core_listexport_unmasked_with_a_reason"
            ),
        ]
        indexes = [
            # What one operator took away, newest first.
            models.Index(fields=["by_id", "-id"], name="core_listexport_by"),
            # What people of one supplier took away, newest first.
            models.Index(
                fields=["supplier_id", "-id"],
                condition=models.Q(supplier_id__isnull=False),
                name="core_listexport_of_supplier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.at:%Y-%m-%d %H:%M}"
