"""What the mall tells its members, and what they do not want to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a message is about; each has a tab and a switch."""

    TRADE = "trade", _("交易")
    GOODS = "goods", _("关注")
    EARNINGS = "earnings", _("收益")
    SYSTEM = "system", _("系统")


class Message(models.Model):
    """One thing that a member is told. `wording` names the text and `words` fill it, so that each reads it in their own
    language; `key` keeps an event that comes twice from being told twice."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.CASCADE, related_name="+", verbose_name=_("会员")
    )
    kind = models.CharField(max_length=10, choices=Kind, verbose_name=_("类别"))
    wording = models.CharField(max_length=30, verbose_name=_("文案"))
    words = models.JSONField(default=dict, verbose_name=_("填入"))
    path = models.CharField(max_length=200, blank=True, verbose_name=_("去处"))
    key = models.CharField(max_length=100, unique=True, verbose_name=_("去重键"))
    at = models.DateTimeField(verbose_name=_("时间"))
    read_at = models.DateTimeField(null=True, blank=True, verbose_name=_("已读时间"))

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = [
            models.CheckConstraint(
                condition=Q(path="") | Q(path__startswith="/") & ~Q(path__startswith="//"),
                name="service_message_path_is_ours",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="service_message_kind_known"),
        ]
        indexes = [
            # A member's messages, newest first.
            models.Index(fields=["member", "-at", "-id"], name="service_message_of_member"),
            # How many are unread, by kind.
            models.Index(fields=["member", "kind"], name="service_message_unread", condition=Q(read_at__isnull=True)),
            # What is old enough to be forgotten.
            models.Index(fields=["at"], name="service_message_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.wording} {self.key}"


class MutedKind(models.Model):
    """A kind of messages that a member does not want."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.CASCADE, related_name="+", verbose_name=_("会员")
    )
    kind = models.CharField(max_length=10, choices=Kind, verbose_name=_("类别"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("关闭的消息类别")
        verbose_name_plural = _("关闭的消息类别")
        constraints = [
            models.UniqueConstraint(fields=["member", "kind"], name="service_muted_kind_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="service_muted_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"
