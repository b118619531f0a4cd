"""Codes by SMS."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CodePurpose(models.TextChoices):
    LOGIN = "login", _("登录")
    CONFIRM = "confirm", _("确认本人")
    NEW_PHONE = "new-phone", _("验证新手机号")
    PAYOUT = "payout", _("修改收款账户")


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
