"""How much waits for an operator, for the badges of the navigation: one statement, however many kinds there are."""

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from agents.models import Appeal, AppealState
from members.models import ContestState, RelationContest, Shopkeeper, ShopkeeperState
from onboarding.models import Application, Stage
from orders.queries.refund_sums import refunds_asked
from payouts.models import Withdrawal, WithdrawalState
from reconciliation.models import Item
from reconciliation.queries import WAITS
from remittance.models import DisputeState, Statement, StatementDispute, StatementState
from risk.queries import hits_waiting
from service.queries import disputes_open, tickets_waiting
from suppliers.queries import gaps_open, papers_waiting, revisions_waiting

# Beyond so many nobody counts on.
LIMIT = 99


def waiting(user: Any) -> dict[str, str]:
    """Return by badge how much waits of what this person may see; nothing where nothing does."""
    texts, params = [], []
    for badge, right, rows in _kinds():
        if user.has_perm(right):
            text, values = rows.order_by().values("pk")[: LIMIT + 1].query.sql_with_params()
            texts.append(f"SELECT %s, count(*) FROM ({text}) AS waiting")
            params += [badge, *values]
    if not texts:
        return {}
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), params)
        for badge, count in cursor.fetchall():
            counts[badge] += count
    return {badge: f"{LIMIT}+" if count > LIMIT else str(count) for badge, count in counts.items() if count}


def _kinds() -> list[tuple[str, str, "QuerySet[Any]"]]:
    """Badge, right, rows; a badge that stands twice is the sum."""
    asked = [WithdrawalState.REQUESTED, WithdrawalState.APPROVED]
    stated = [StatementState.CONFIRMED, StatementState.APPROVED]
    disputed = [DisputeState.OPEN, DisputeState.PROPOSED]
    return [
        ("payouts", "payouts.view_withdrawal", Withdrawal.objects.filter(state__in=asked)),
        ("refunds", "orders.view_refundrequest", refunds_asked()),
        ("tickets", "service.view_ticket", tickets_waiting()),
        ("tickets", "service.view_dispute", disputes_open()),
        ("shopkeepers", "members.view_shopkeeper", Shopkeeper.objects.filter(state=ShopkeeperState.APPLIED)),
        ("contests", "members.view_relationcontest", RelationContest.objects.filter(state=ContestState.OPEN)),
        ("appeals", "agents.view_appeal", Appeal.objects.filter(state=AppealState.OPEN)),
        ("revisions", "suppliers.view_productrevision", revisions_waiting()),
        ("papers", "suppliers.view_qualification", papers_waiting()),
        ("gaps", "suppliers.view_permitgap", gaps_open()),
        ("applications", "onboarding.view_application", Application.objects.filter(stage=Stage.WAITING)),
        ("statements", "remittance.view_statement", Statement.objects.filter(state__in=stated)),
        ("statements", "remittance.view_statement", StatementDispute.objects.filter(state__in=disputed)),
        ("risks", "risk.view_hit", hits_waiting()),
        ("differences", "reconciliation.view_day", Item.objects.filter(state__in=WAITS)),
    ]
