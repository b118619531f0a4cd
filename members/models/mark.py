"""What tells that two accounts came from the same device or network: keyed hashes, never the thing itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .member import Member


class MarkKind(models.TextChoices):
    DEVICE = "device", _("设备")
    NETWORK = "network", _("网络")


class AccessMark(models.Model):
    """A member was here from this device or network. `mark` is a keyed hash: equal marks are the same device, and
    nobody without the mall's key learns which. Forgotten when not seen for half a year."""

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_index=False, related_name="access_marks", verbose_name=_("会员")
    )
    kind = models.CharField(max_length=8, choices=MarkKind, verbose_name=_("类别"))
    mark = models.CharField(max_length=64, editable=False)
    first_at = models.DateTimeField(verbose_name=_("第一次"))
    seen_at = models.DateTimeField(verbose_name=_("最近一次"))

    class Meta:
        verbose_name = _("访问标识")
        verbose_name_plural = _("访问标识")
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "mark"], name="members_accessmark_once"),
            models.CheckConstraint(condition=Q(kind__in=MarkKind.values), name="members_accessmark_kind_known"),
        ]
        indexes = [
            # Who else came from the same place.
            models.Index(fields=["kind", "mark"], name="members_mark_same"),
            # The sweep of what is old.
            models.Index(fields=["seen_at"], name="members_mark_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"
