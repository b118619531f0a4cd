"""Where a member is logged in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .member import Member


class MemberSession(models.Model):
    """A device on which a member is logged in, as long as its session lives. Ending it takes the session away."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("会员"))
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    system = models.CharField(max_length=12, verbose_name=_("系统"))
    browser = models.CharField(max_length=12, verbose_name=_("浏览器"))
    started_at = models.DateTimeField(verbose_name=_("登录时间"))
    seen_at = models.DateTimeField(verbose_name=_("最近使用"))

    class Meta:
        verbose_name = _("登录设备")
        verbose_name_plural = _("登录设备")
        indexes = [
            # The sweep of what has long run out.
            models.Index(fields=["seen_at"], name="members_session_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.browser}"
