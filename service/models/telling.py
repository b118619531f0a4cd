"""How far members were told of what goes on in a stream."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Telling(models.Model):
    """A stream that members are told of: everything up to `number`, and within it up to `place`, was told.

    `ledger`: the transaction and the entry; `rules`: the version of the plan, and of the next one the member.
    """

    name = models.CharField(primary_key=True, max_length=20, verbose_name=_("名称"))
    number = models.BigIntegerField(default=0)
    place = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("通知进度")
        verbose_name_plural = _("通知进度")

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
