"""What a member asked to be done with the account: another phone, a copy of everything, the end."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .member import Member


def new_export_token() -> str:
    return secrets.token_urlsafe(24)


class PhoneChange(models.Model):
    """A change of the phone that waits, as the old phone could not confirm it. The member may stop it meanwhile."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="phone_changes", verbose_name=_("会员"))
    phone = models.CharField(max_length=20, verbose_name=_("新手机号"))
    requested_at = models.DateTimeField(verbose_name=_("申请时间"))
    due_at = models.DateTimeField(verbose_name=_("生效时间"))
    ended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束时间"))
    was_done = models.BooleanField(default=False, verbose_name=_("已更换"))

    class Meta:
        verbose_name = _("更换手机号")
        verbose_name_plural = _("更换手机号")
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(ended_at__isnull=True), name="members_phonechange_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(was_done=False) | Q(ended_at__isnull=False), name="members_phonechange_done_is_ended"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="members_phonechange_due", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.requested_at:%Y-%m-%d}"


class DataExport(models.Model):
    """A copy of everything that the mall keeps of a member. `content` is the archive, for as long as the link lives."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="exports", verbose_name=_("会员"))
    token = models.CharField(max_length=40, unique=True, default=new_export_token, editable=False)
    requested_at = models.DateTimeField(verbose_name=_("申请时间"))
    ready_at = models.DateTimeField(null=True, blank=True, verbose_name=_("完成时间"))
    expires_at = models.DateTimeField(null=True, blank=True, verbose_name=_("链接失效时间"))
    content = models.BinaryField(null=True, editable=False)
    row_count = models.PositiveIntegerField(default=0, verbose_name=_("行数"))

    class Meta:
        verbose_name = _("个人数据副本")
        verbose_name_plural = _("个人数据副本")
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(ready_at__isnull=True), name="members_dataexport_one_at_a_time"
            ),
        ]
        indexes = [
            # The sweep that gathers, and the one that deletes.
            models.Index(fields=["requested_at"], name="members_export_waiting", condition=Q(ready_at__isnull=True)),
            models.Index(fields=["expires_at"], name="members_export_kept", condition=Q(content__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.requested_at:%Y-%m-%d}"


class AccountClosing(models.Model):
    """A member asked for the account to be closed. It is, at `due_at`, unless called off or hindered."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="closings", verbose_name=_("会员"))
    gives_up_rewards = models.BooleanField(default=False, verbose_name=_("放弃奖励余额"))
    requested_at = models.DateTimeField(verbose_name=_("申请时间"))
    due_at = models.DateTimeField(verbose_name=_("注销时间"))
    called_off_at = models.DateTimeField(null=True, blank=True, verbose_name=_("撤销时间"))
    closed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("完成时间"))

    class Meta:
        verbose_name = _("账号注销")
        verbose_name_plural = _("账号注销")
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(called_off_at__isnull=True, closed_at__isnull=True),
                name="members_closing_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(called_off_at__isnull=True) | Q(closed_at__isnull=True), name="members_closing_one_end"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="members_closing_due",
                condition=Q(called_off_at__isnull=True, closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.requested_at:%Y-%m-%d}"
