"""What an adviser writes down about customers. Only that adviser reads it, as long as the relation stands."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CustomerTag(models.Model):
    """A word by which an adviser finds some of its customers."""

    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("顾问")
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("客户")
    )
    name = models.CharField(max_length=12, verbose_name=_("标签"))

    class Meta:
        verbose_name = _("客户标签")
        verbose_name_plural = _("客户标签")
        constraints = [
            models.UniqueConstraint(fields=["adviser", "name", "customer"], name="agents_customertag_once"),
            models.CheckConstraint(condition=~Q(name=""), name="agents_customertag_named"),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerNote(models.Model):
    """A note about a customer, never changed: what is wrong is deleted and written anew."""

    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("顾问")
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("客户")
    )
    text = models.CharField(max_length=300, verbose_name=_("备注"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("客户备注")
        verbose_name_plural = _("客户备注")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="agents_customernote_written")]
        indexes = [
            # An adviser's notes about one customer, newest first.
            models.Index(fields=["adviser", "customer", "-id"], name="agents_customernote_about"),
        ]

    def __str__(self) -> str:
        return self.text[:20]


class Reminder(models.Model):
    """A day on which an adviser wants to follow a customer up; over once it is done."""

    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("顾问")
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("客户")
    )
    due_date = models.DateField(verbose_name=_("日期"))
    text = models.CharField(max_length=60, verbose_name=_("事项"))
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    done_at = models.DateTimeField(null=True, blank=True, verbose_name=_("完成时间"))

    class Meta:
        verbose_name = _("跟进提醒")
        verbose_name_plural = _("跟进提醒")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="agents_reminder_written"),
            models.UniqueConstraint(
                fields=["adviser", "customer", "due_date", "text"],
                condition=Q(done_at__isnull=True),
                name="agents_reminder_open_once",
            ),
        ]
        indexes = [
            # What an adviser has to follow up, the earliest first.
            models.Index(fields=["adviser", "due_date", "id"], name="agents_reminder_due", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.due_date} {self.text}"
