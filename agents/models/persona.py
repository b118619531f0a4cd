"""Who stands behind a shop."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Persona(models.Model):
    """What a member says of itself to customers: a few sentences, and what it knows well."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="persona",
        verbose_name=_("会员"),
    )
    intro = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("介绍"))
    tags = ArrayField(models.CharField(max_length=8), default=list, db_default=[], blank=True, verbose_name=_("擅长"))
    saved_at = models.DateTimeField(verbose_name=_("保存时间"))

    class Meta:
        verbose_name = _("个人名片")
        verbose_name_plural = _("个人名片")

    def __str__(self) -> str:
        return self.intro[:20]
