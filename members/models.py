"""Members and what hangs on them. The referral forest is guarded by triggers (`migrations/0002_guards.py`)."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.core.ids import random_code


def new_public_id() -> str:
    return random_code(10)


def new_referral_code() -> str:
    return random_code(8)


class MemberManager(BaseUserManager["Member"]):
    """Members are made by `members.commands.register_member` and `create_operator`, nowhere else."""


class Member(AbstractBaseUser, PermissionsMixin):
    """A person: buyer, agent, supplier's user or operator. Signs in by phone.

    `referrer` and `shard` are bound at joining, for ever: triggers refuse a referrer that did not exist before, a shard
    other than the referrer's, and any later change. So the referral graph is a forest, and each tree has one shard.
    """

    public_id = models.CharField(
        max_length=64, unique=True, default=new_public_id, editable=False, verbose_name=_("会员号")
    )
    phone = models.CharField(max_length=20, unique=True, null=True, blank=True, verbose_name=_("手机号"))
    phone_verified = models.BooleanField(default=False, verbose_name=_("手机号已验证"))
    nickname = models.CharField(max_length=40, blank=True, verbose_name=_("昵称"))
    referral_code = models.CharField(
        max_length=12, unique=True, default=new_referral_code, editable=False, verbose_name=_("推荐码")
    )
    referrer = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="recruits",
        verbose_name=_("推荐人"),
    )
    shard = models.PositiveSmallIntegerField(editable=False, verbose_name=_("分片"))
    joined_at = models.DateTimeField(verbose_name=_("加入时间"))
    profile_completed_at = models.DateTimeField(null=True, editable=False, verbose_name=_("资料完善时间"))
    is_active = models.BooleanField(default=True, verbose_name=_("启用"))
    is_staff = models.BooleanField(default=False, verbose_name=_("运营人员"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("会员")
        verbose_name_plural = _("会员")
        constraints = [
            models.CheckConstraint(
                condition=Q(referrer__isnull=True) | ~Q(referrer=F("id")), name="members_member_not_own_referrer"
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{6,17}$"),
                name="members_member_phone_e164",
            ),
            models.CheckConstraint(
                condition=Q(phone_verified=False) | Q(phone__isnull=False), name="members_member_verified_has_phone"
            ),
        ]

    def __str__(self) -> str:
        return self.nickname or self.public_id

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Touch(models.Model):
    """One visit by way of somebody's referral link, written once; `member` is known when the visitor joins."""

    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="touches", verbose_name=_("分享人"))
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="touched_by", verbose_name=_("访客会员")
    )
    visitor_hash = models.CharField(max_length=64, verbose_name=_("访客标识"))
    channel = models.CharField(max_length=20, blank=True, verbose_name=_("渠道"))
    target_path = models.CharField(max_length=200, blank=True, verbose_name=_("落地页"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("触达")
        verbose_name_plural = _("触达")
        # What a sharer's links brought, newest first.
        indexes = [models.Index(fields=["owner", "-at"], name="members_touch_owner_at")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.channel} {self.at:%Y-%m-%d}"


class Address(models.Model):
    """Where a member has goods sent. Deleting keeps the row: orders carry their own snapshot anyway."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("会员"))
    name = models.CharField(max_length=40, verbose_name=_("收货人"))
    phone = models.CharField(max_length=20, verbose_name=_("手机号"))
    province = models.CharField(max_length=20, verbose_name=_("省份"))
    city = models.CharField(max_length=30, verbose_name=_("城市"))
    district = models.CharField(max_length=30, blank=True, verbose_name=_("区县"))
    detail = models.CharField(max_length=120, verbose_name=_("详细地址"))
    is_default = models.BooleanField(default=False, verbose_name=_("默认地址"))
    deleted_at = models.DateTimeField(null=True, blank=True, verbose_name=_("删除时间"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("收货地址")
        verbose_name_plural = _("收货地址")
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(is_default=True, deleted_at__isnull=True),
                name="members_address_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The address on one line, as it goes on a parcel."""
        place = [self.province] if self.city in ("", self.province) else [self.province, self.city]
        return "".join([*place, self.district, " ", self.detail])


class DayVisit(models.Model):
    """A member was here on that date (Asia/Shanghai). One row a day."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="day_visits", verbose_name=_("会员"))
    date = models.DateField(verbose_name=_("日期"))

    class Meta:
        verbose_name = _("到访日")
        verbose_name_plural = _("到访日")
        constraints = [models.UniqueConstraint(fields=["member", "date"], name="members_dayvisit_once_a_day")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.date}"


class CodePurpose(models.TextChoices):
    LOGIN = "login", _("登录")


class CodeRequest(models.Model):
    """Somebody asked for a code by SMS: what the limits count, and the code's own state. Rows live for two days.

    Only a keyed hash of the code is kept. `tries_left` goes down under the row's lock, so that parallel guesses share
    one budget; a code that was used, replaced or guessed at too often is burnt.
    """

    phone = models.CharField(max_length=20)
    purpose = models.CharField(max_length=12, choices=CodePurpose)
    address = models.CharField(max_length=64, blank=True)
    code_hash = models.CharField(max_length=64)
    tries_left = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("验证码请求")
        verbose_name_plural = _("验证码请求")
        indexes = [
            # The limits of one phone.
            models.Index(fields=["phone", "-at"], name="members_coderequest_phone"),
            # The limits of one network address.
            models.Index(fields=["address", "-at"], name="members_coderequest_address"),
            # The daily sweep.
            models.Index(fields=["at"], name="members_coderequest_at"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.at:%Y-%m-%d %H:%M}"


class SmsMessage(models.Model):
    """A message in the demo's outbox, written by the outbox gateway alone and shown at `/demo/outbox`."""

    phone = models.CharField(max_length=20, verbose_name=_("手机号"))
    purpose = models.CharField(max_length=12, verbose_name=_("用途"))
    body = models.CharField(max_length=200, verbose_name=_("内容"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("短信")
        verbose_name_plural = _("短信")
        # The outbox page, newest first.
        indexes = [models.Index(fields=["-at"], name="members_smsmessage_at")]

    def __str__(self) -> str:
        return f"{self.phone} {self.at:%Y-%m-%d %H:%M}"
