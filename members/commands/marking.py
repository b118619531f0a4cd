"""From where members come: keyed hashes of the device's random cookie and of the network address."""

from datetime import datetime, timedelta

from mall.core.sealing import fingerprint
from members.models import AccessMark, MarkKind, Member

FORGOTTEN_AFTER = timedelta(days=180)


def see_marks(*, member: Member, device: str, network: str, at: datetime) -> None:
    """Write down the device and the network that a member comes from, new or known; empty ones leave no trace."""
    found = [(MarkKind.DEVICE, device), (MarkKind.NETWORK, network)]
    AccessMark.objects.bulk_create(
        [
            AccessMark(
                member=member, kind=kind, mark=fingerprint(text, purpose=f"access {kind}"), first_at=at, seen_at=at
            )
            for kind, text in found
            if text
        ],
        update_conflicts=True,
        unique_fields=["member", "kind", "mark"],
        update_fields=["seen_at"],
    )


def sweep_marks(*, at: datetime) -> int:
    """Forget marks that were not seen for half a year; returns how many."""
    return AccessMark.objects.filter(seen_at__lt=at - FORGOTTEN_AFTER).delete()[0]
