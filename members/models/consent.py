"""What people agreed to, in which words, and when they took it back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .member import Member


class ConsentKind(models.TextChoices):
    TERMS = "terms", _("用户协议")
    PRIVACY = "privacy", _("隐私政策")
    PERSONALISATION = "personal", _("个性化推荐")
    MARKETING = "marketing", _("优惠和活动通知")
    SHARING = "sharing", _("向供应商提供收货信息")
    AGENT = "agent", _("代理协议")
    SHOPKEEPER = "shopkeeper", _("店主协议")
    SUPPLIER = "supplier", _("供货协议")


# Signed by those whom they concern, when they take the role up. They are no purpose that everybody decides about.
ROLE_AGREEMENTS = (ConsentKind.AGENT, ConsentKind.SHOPKEEPER, ConsentKind.SUPPLIER)


class ConsentText(models.Model):
    """One version of what people are asked to agree to. A version is never edited: new words are a new version."""

    kind = models.CharField(max_length=10, choices=ConsentKind, verbose_name=_("类别"))
    version = models.PositiveIntegerField(verbose_name=_("版本"))
    title = models.CharField(max_length=60, verbose_name=_("标题"))
    purpose = models.CharField(max_length=300, verbose_name=_("目的"))
    body = models.TextField(verbose_name=_("正文"))
    text_hash = models.CharField(max_length=64, verbose_name=_("正文哈希"))
    in_force_at = models.DateTimeField(verbose_name=_("生效时间"))

    class Meta:
        verbose_name = _("同意文本")
        verbose_name_plural = _("同意文本")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="members_consenttext_version_once"),
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="members_consenttext_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Consent(models.Model):
    """Somebody agreed to a text, or took it back: written once, never changed. The newest row of a kind counts."""

    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="consents", verbose_name=_("会员")
    )
    visitor_hash = models.CharField(max_length=64, blank=True, default="", verbose_name=_("访客标识"))
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents", verbose_name=_("文本版本"))
    is_given = models.BooleanField(verbose_name=_("同意"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("同意记录")
        verbose_name_plural = _("同意记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, visitor_hash="") | (Q(member__isnull=True) & ~Q(visitor_hash="")),
                name="members_consent_of_one_person",
            ),
        ]
        indexes = [
            # What a member agreed to, newest first.
            models.Index(fields=["member", "-at"], name="members_consent_member_at"),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.is_given}"
