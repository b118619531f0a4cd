"""Reading what goes before a plan is published, and what was counted for the compliance page."""

from linkage.models import Acknowledgement, ComplianceCount


def latest_count() -> ComplianceCount | None:
    """Return the figures that were counted last, or none in a new mall."""
    return ComplianceCount.objects.order_by("-at", "-id").first()


def latest_acknowledgements(*, limit: int) -> list[Acknowledgement]:
    """Return who acknowledged the compliance page for which plan, newest first."""
    return list(Acknowledgement.objects.select_related("plan", "read_by").order_by("-id")[:limit])
