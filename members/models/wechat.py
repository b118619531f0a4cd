"""Who somebody is in WeChat."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .member import Member


class WechatIdentity(models.Model):
    """One person's identity towards one of our WeChat apps; with a member, it logs that member in.

    `openid` alone comes silently; nickname and `unionid` come only after the person agreed to it by a tap.
    """

    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="wechat", verbose_name=_("会员")
    )
    app_id = models.CharField(max_length=32, verbose_name=_("公众号"))
    openid = models.CharField(max_length=64, verbose_name=_("OpenID"))
    unionid = models.CharField(max_length=64, blank=True, default="", verbose_name=_("UnionID"))
    nickname = models.CharField(max_length=40, blank=True, default="", verbose_name=_("微信昵称"))
    first_seen_at = models.DateTimeField(verbose_name=_("首次出现"))
    agreed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("授权时间"))
    bound_at = models.DateTimeField(null=True, blank=True, verbose_name=_("绑定时间"))

    class Meta:
        verbose_name = _("微信身份")
        verbose_name_plural = _("微信身份")
        constraints = [
            models.UniqueConstraint(fields=["app_id", "openid"], name="members_wechat_openid_once"),
            # A member is one person in each app: the payer's openid is never in doubt.
            models.UniqueConstraint(
                fields=["member", "app_id"], condition=Q(member__isnull=False), name="members_wechat_one_a_member"
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True) | Q(bound_at__isnull=False), name="members_wechat_bound_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.nickname or f"…{self.openid[-4:]}"
