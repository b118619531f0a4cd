"""What changed of late in what matters: who reads it says whether it may be seen."""

from datetime import datetime

from django.db.models import Q

from insights.models import Goal, Target
from linkage.models import PlanVersion
from members.models import RelationPolicy
from orders.models import Refund
from payouts.models import PayoutPolicy, PayoutStop
from reconciliation.models import Item, ItemState
from risk.models import Hit, HitState, RuleVersion
from suppliers.models import Supplier

SHOWN_MAX = 5
COUNTED_MAX = 100


def plans_published(*, since: datetime) -> list[PlanVersion]:
    """Return versions of the reward plan that were published since an instant, newest first."""
    return list(PlanVersion.objects.filter(published_at__gte=since).order_by("-published_at")[:SHOWN_MAX])


def payout_policies(*, since: datetime) -> list[PayoutPolicy]:
    """Return payout policies that somebody made since an instant; the one that a mall begins with is nobody's."""
    return list(
        PayoutPolicy.objects.filter(created_at__gte=since, set_by__isnull=False).order_by("-version")[:SHOWN_MAX]
    )


def relation_policies(*, since: datetime) -> list[RelationPolicy]:
    return list(
        RelationPolicy.objects.filter(created_at__gte=since, created_by__isnull=False).order_by("-version")[:SHOWN_MAX]
    )


def risk_rules(*, since: datetime) -> list[RuleVersion]:
    return list(RuleVersion.objects.filter(set_at__gte=since).order_by("-set_at")[:SHOWN_MAX])


def stops(*, since: datetime) -> list[PayoutStop]:
    """Return the stops of all payouts that were placed or lifted since an instant, newest first."""
    moved = PayoutStop.objects.filter(Q(stopped_at__gte=since) | Q(lifted_at__gte=since))
    return list(moved.order_by("-pk")[:SHOWN_MAX])


def new_hits(*, since: datetime) -> int:
    """Return how many signs of fraud that were found since an instant wait for a decision, at most 100."""
    return Hit.objects.filter(state=HitState.OPEN, found_at__gte=since)[:COUNTED_MAX].count()


def new_differences(*, since: datetime) -> tuple[int, int]:
    """Return over how many numbers found since an instant the books differ, at most 100, and by how much in fen."""
    rows = Item.objects.filter(state__in=[ItemState.OPEN, ItemState.PROPOSED], found_at__gte=since)[:COUNTED_MAX]
    gaps = [abs(item.gap_fen) for item in rows]
    return len(gaps), sum(gaps)


def big_refunds(*, since: datetime, least_fen: int) -> list[Refund]:
    """Return refunds of at least so much that were decided since an instant, the largest first, at most 100."""
    rows = Refund.objects.filter(created_at__gte=since, amount_fen__gte=least_fen)
    return list(rows.select_related("order").order_by("-amount_fen")[:COUNTED_MAX])


def new_suppliers(*, since: datetime) -> list[Supplier]:
    return list(Supplier.objects.filter(created_at__gte=since).order_by("-pk")[:SHOWN_MAX])


def aims_set(*, since: datetime) -> list[Target | Goal]:
    """Return targets and promises that were set since an instant."""
    targets = Target.objects.filter(set_at__gte=since).order_by("-set_at")[:SHOWN_MAX]
    return [*targets, *Goal.objects.filter(set_at__gte=since).order_by("-set_at")[:SHOWN_MAX]]
