"""The page of one's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import orders.queries
import orders.queries.after_sale
import orders.queries.reviews
import suppliers.queries
from ledger.models import AccountKind
from ledger.queries import balance_fen
from mall.core import clock
from mall.core.access import members_only
from orders.models import OrderState

from .visitors import member_of

SEEN = 5
BADGE_MAX = 99


@members_only
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Orders by state with what waits, what the member keeps and looked at, earnings where there are any, services."""
    member = member_of(request)
    assert member is not None
    now = clock.now()
    under_way = orders.queries.orders_page(member=member, states=(OrderState.SHIPPED,), limit=1)
    page = {
        "member": member,
        "counts": orders.queries.order_counts(member=member),
        "to_review": orders.queries.reviews.reviewable_lines(member=member, at=now).order_by()[: BADGE_MAX + 1].count(),
        "open_cases": orders.queries.after_sale.open_case_count(member=member),
        "under_way": under_way[0] if under_way else None,
        "favourite_count": suppliers.queries.favourite_count(member=member),
        "seen": suppliers.queries.viewed(member=member, limit=SEEN, at=now),
        "available_fen": balance_fen(kind=AccountKind.AVAILABLE, holder_id=member.pk),
        "now": now,
    }
    return render(request, "storefront/me.html", page)
