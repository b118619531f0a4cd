"""The user model. The referral forest is guarded by triggers (`migrations/0002_guards.py`)."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Right
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
    `personalised` repeats the newest consent of that kind; `closed_at` is set when nothing personal is left.
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
    personalised = models.BooleanField(default=False, db_default=False, editable=False, verbose_name=_("个性化推荐"))
    closed_at = models.DateTimeField(null=True, editable=False, verbose_name=_("注销时间"))
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
                condition=Q(closed_at__isnull=True) | Q(phone__isnull=True, nickname="", is_active=False),
                name="members_member_closed_is_nobody",
            ),
            models.CheckConstraint(
                condition=Q(phone_verified=False) | Q(phone__isnull=False), name="members_member_verified_has_phone"
            ),
        ]
        indexes = [
            # Somebody of a large team, by the last digits of the phone or the first characters of the nickname.
            models.Index(Right("phone", 4), name="members_member_phone_tail", condition=Q(phone__isnull=False)),
            models.Index(
                fields=["nickname"],
                opclasses=["varchar_pattern_ops"],
                name="members_member_nickname",
                condition=~Q(nickname=""),
            ),
            # Who joined on a day.
            models.Index(fields=["joined_at"], name="members_member_joined"),
        ]

    def __str__(self) -> str:
        return self.nickname or self.public_id

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
