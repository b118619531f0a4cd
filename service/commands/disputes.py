"""Disputes come into the queue when a case does, and leave it with the decision."""

from datetime import datetime

from orders.models import AfterSale
from service.models import Dispute


def keep_dispute(*, case_id: int, supplier_id: int, is_disputed: bool, at: datetime) -> None:
    """Let the queue know that a case is, or is no longer, disputed. The caller holds the lock of the case's order;
    repeats change nothing."""
    known = Dispute.objects.filter(case=case_id).first()
    if is_disputed and (known is None or known.closed_at is not None):
        case = AfterSale.objects.filter(pk=case_id).first()
        if case is not None:
            row = known or Dispute(case=case, supplier_id=supplier_id)
            row.opened_at, row.due_at, row.closed_at = at, case.due_at or at, None
            row.save()
    elif not is_disputed and known is not None and known.closed_at is None:
        known.due_at, known.closed_at = None, at
        known.save(update_fields=["due_at", "closed_at"])
