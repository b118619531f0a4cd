"""Counting for the compliance page, once an hour or when somebody asks."""

from datetime import datetime, timedelta

from linkage.counting import counted
from linkage.models import ComplianceCount

KEPT = timedelta(days=400)


def count_compliance(*, at: datetime) -> ComplianceCount:
    """Count, and keep what was counted with its instant; counts older than 400 days go."""
    ComplianceCount.objects.filter(at__lt=at - KEPT).delete()
    return ComplianceCount.objects.create(at=at, figures=counted())
