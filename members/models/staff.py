"""The second factor of operators: an authenticator app, and codes for the day it is lost."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.core.sealing import unseal

from .member import Member

SECRET = "staff second factor"


class StaffDevice(models.Model):
    """The authenticator of an operator. `last_step` is the step of the last code that was taken: none is taken twice.
    After some wrong codes nothing is taken until `locked_until`."""

    member = models.OneToOneField(
        Member, primary_key=True, on_delete=models.CASCADE, related_name="staff_device", verbose_name=_("员工")
    )
    secret_sealed = models.CharField(max_length=200, editable=False)
    enrolled_at = models.DateTimeField(verbose_name=_("绑定时间"))
    last_step = models.BigIntegerField(default=0, editable=False)
    wrong_count = models.PositiveSmallIntegerField(default=0, editable=False)
    locked_until = models.DateTimeField(null=True, blank=True, verbose_name=_("锁定至"))

    class Meta:
        verbose_name = _("动态口令")
        verbose_name_plural = _("动态口令")

    def __str__(self) -> str:
        return str(self.member)

    @property
    def secret(self) -> str:
        return unseal(self.secret_sealed, purpose=SECRET)


class RecoveryCode(models.Model):
    """A code that takes the authenticator's place, once. Only a keyed hash is kept."""

    device = models.ForeignKey(StaffDevice, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True, blank=True, verbose_name=_("使用时间"))

    class Meta:
        verbose_name = _("备用码")
        verbose_name_plural = _("备用码")
        constraints = [
            models.UniqueConstraint(fields=["device", "code_hash"], name="members_recoverycode_once"),
            models.CheckConstraint(condition=~Q(code_hash=""), name="members_recoverycode_is_a_hash"),
        ]

    def __str__(self) -> str:
        return str(self.used_at or "")
