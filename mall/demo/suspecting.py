"""What the demo's operators find on the risk pages: people behind one phone, and what the rules say of the rest."""

from datetime import datetime, timedelta

import risk.commands
from members.commands import see_marks
from members.models import Member
from risk.models import Hit, HitState, SignalKind

from .opening import Shop

PEOPLE = 3


def look_for_fraud(*, shop: Shop, at: datetime) -> None:
    """Let three recruits of one member share a phone, two of another a tablet, look, and decide one of the two."""
    for name, member in zip(("phone", "tablet"), _referrers(), strict=False):
        for recruit in member.recruits.order_by("-joined_at", "-pk")[:PEOPLE]:
            see_marks(member=recruit, device=f"demo {name}", network="", at=at - timedelta(days=1))
    risk.commands.scan(at=at)
    shared = Hit.objects.filter(kind=SignalKind.SAME_DEVICE).order_by("pk").first()
    if shared is None:
        return
    reason = "电话核实：一家三口合用一台平板"
    risk.commands.decide_hit(hit_id=shared.pk, state=HitState.FALSE_ALARM, reason=reason, by=shop.reviewer, at=at)


def _referrers() -> list[Member]:
    """The two members with the newest recruits, three of them at least."""
    found: list[Member] = []
    for member in (
        Member.objects.filter(referrer__isnull=False).select_related("referrer").order_by("-joined_at", "-pk")
    ):
        owner = member.referrer
        if owner is not None and owner not in found and owner.recruits.count() >= PEOPLE:
            found.append(owner)
        if len(found) == 2:
            break
    return found
