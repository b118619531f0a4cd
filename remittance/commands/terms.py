"""On what terms a supplier is settled with."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from remittance import rules
from remittance.models import Period, Statement, SupplierTerms
from suppliers.models import Supplier

from .refusals import RemittanceRefused


def set_terms(
    *, supplier: Supplier, starts_on: date, period: str, fee_bps: int, commission_bps: int, by: Any, at: datetime
) -> SupplierTerms:
    """Write terms from a day on; the same day again takes their place. Raises RemittanceRefused where a period that is
    closed already began later: what was stated stays true."""
    if period not in Period.values or not 0 <= fee_bps <= rules.FEE_BPS_MAX or not 0 <= commission_bps <= 10_000:
        raise RemittanceRefused(_("服务费最高 30%，承担佣金的比例最高 100%"))
    with transaction.atomic():
        Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
        if Statement.objects.filter(supplier=supplier, end_date__gt=starts_on).exists():
            raise RemittanceRefused(_("这一天所在的账期已经出账，请选之后的日期"))
        terms, _created = SupplierTerms.objects.update_or_create(
            supplier=supplier,
            starts_on=starts_on,
            defaults={
                "period": period,
                "fee_bps": fee_bps,
                "commission_bps": commission_bps,
                "set_by": by,
                "set_at": at,
            },
        )
    return terms
