"""What it costs to send goods, and where they are not sent."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from suppliers.rules import PROVINCES

from .supplier import Supplier

PROVINCE_CHOICES = [(province, province) for province in PROVINCES]


class ChargedBy(models.TextChoices):
    PIECE = "piece", _("按件")
    WEIGHT = "weight", _("按重量")


def _provinces(label: Any) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=3, choices=PROVINCE_CHOICES), default=list, blank=True, verbose_name=label
    )


class FreightTemplate(models.Model):
    """How a supplier charges for sending: for the first so many pieces or grams, and for every further so many begun.

    The fees here hold where no rule names the province. Goods without a template are sent free of charge everywhere.
    """

    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="freight_templates", verbose_name=_("供应商")
    )
    name = models.CharField(max_length=20, verbose_name=_("名称"))
    charged_by = models.CharField(max_length=6, choices=ChargedBy, default=ChargedBy.PIECE, verbose_name=_("计费方式"))
    first_unit = models.PositiveIntegerField(default=1, verbose_name=_("首件（件）或首重（克）"))
    first_fee_fen = models.BigIntegerField(verbose_name=_("首费（分）"))
    step_unit = models.PositiveIntegerField(default=1, verbose_name=_("续件（件）或续重（克）"))
    step_fee_fen = models.BigIntegerField(verbose_name=_("续费（分）"))
    free_above_fen = models.BigIntegerField(null=True, blank=True, verbose_name=_("满额包邮（分）"))
    unserved = _provinces(_("不配送地区"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("运费模板")
        verbose_name_plural = _("运费模板")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "name"], name="suppliers_freighttemplate_name_once"),
            models.CheckConstraint(
                condition=Q(first_unit__gt=0, step_unit__gt=0), name="suppliers_freighttemplate_units_positive"
            ),
            models.CheckConstraint(
                condition=Q(first_fee_fen__gte=0, step_fee_fen__gte=0),
                name="suppliers_freighttemplate_fees_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(free_above_fen__isnull=True) | Q(free_above_fen__gt=0),
                name="suppliers_freighttemplate_free_above_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FreightRule(models.Model):
    """Other fees for some provinces. Of two rules that name a province the earlier one counts."""

    template = models.ForeignKey(
        FreightTemplate, on_delete=models.CASCADE, related_name="rules", verbose_name=_("运费模板")
    )
    provinces = _provinces(_("地区"))
    first_unit = models.PositiveIntegerField(default=1, verbose_name=_("首件（件）或首重（克）"))
    first_fee_fen = models.BigIntegerField(verbose_name=_("首费（分）"))
    step_unit = models.PositiveIntegerField(default=1, verbose_name=_("续件（件）或续重（克）"))
    step_fee_fen = models.BigIntegerField(verbose_name=_("续费（分）"))

    class Meta:
        verbose_name = _("地区运费")
        verbose_name_plural = _("地区运费")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_unit__gt=0, step_unit__gt=0), name="suppliers_freightrule_units_positive"
            ),
            models.CheckConstraint(
                condition=Q(first_fee_fen__gte=0, step_fee_fen__gte=0), name="suppliers_freightrule_fees_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return "、".join(self.provinces)
