"""What is asked about files of rows."""

from django.db.models import QuerySet

from suppliers.models import Sheet, Supplier

SHOWN = 10


def sheets_of(*, supplier: Supplier, kind: str) -> QuerySet[Sheet]:
    """Return a supplier's last files of a kind, newest first, without their rows."""
    own = Sheet.objects.filter(supplier=supplier, kind=kind).select_related("uploaded_by")
    return own.defer("rows", "report", "reading").order_by("-at", "-pk")[:SHOWN]


def sheet_of(*, supplier: Supplier, kind: str, sheet_id: int) -> Sheet | None:
    """Return one of a supplier's own files."""
    return Sheet.objects.select_related("supplier").filter(supplier=supplier, kind=kind, pk=sheet_id).first()
