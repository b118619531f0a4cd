"""Counting for the compliance page, once an hour or when somebody asks."""

from datetime import datetime, timedelta

from linkage.counting import counted
from linkage.models import ComplianceCount, MaturingSum
from mall.core.ids import SHANGHAI

KEPT = timedelta(days=400)


def count_compliance(*, at: datetime) -> ComplianceCount:
    """Count, and keep what was counted with its instant; counts older than 400 days go."""
    ComplianceCount.objects.filter(at__lt=at - KEPT).delete()
    return ComplianceCount.objects.create(at=at, figures=counted())


def forget_matured_sums(*, at: datetime) -> int:
    """Delete the sums of past days of which nothing is left to mature; return how many."""
    past = MaturingSum.objects.filter(date__lt=at.astimezone(SHANGHAI).date(), rewards=0, amount_fen=0)
    return past.delete()[0]
