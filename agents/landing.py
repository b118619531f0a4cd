"""Where a referral link leads: who invites, what that person gets from it, and then the goods."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

import linkage.queries
import members.commands
import members.queries
import suppliers.queries
from linkage.models import Position, Rank
from linkage.queries import Plan
from mall.core import clock
from mall.core.access import public
from mall.core.visitor import keep_touch, visitor_hash
from members.models import Member
from suppliers.queries import ProductCard

SUGGESTED = 3
CHANNEL = re.compile(r"[a-z0-9-]{1,20}")
PRODUCT = re.compile(r"/?p/([-a-zA-Z0-9_]{1,60})/?")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What the inviter gets when the visitor buys a first gift pack: for the sale, and as head of the team."""

    direct_fen: int
    see_point_fen: int

    @property
    def total_fen(self) -> int:
        return self.direct_fen + self.see_point_fen


@public
@require_safe
def landing(request: HttpRequest, code: str) -> HttpResponse:
    """Record the touch and show the invitation. Nobody is signed in or bound by looking."""
    now = clock.now()
    owner = members.queries.referral_owner(code=code)
    if owner is None:
        raise Http404
    product = PRODUCT.fullmatch(request.GET.get("to", ""))
    card = _card(product[1], now) if product else None
    target = reverse("shop:product", args=[card.product.slug]) if card else reverse("shop:home")
    channel = request.GET.get("ch", "")
    is_known = isinstance(request.user, Member)
    if request.method == "GET":
        channel = channel if CHANNEL.fullmatch(channel) else ""
        visitor = request.user if isinstance(request.user, Member) else None
        touch = members.commands.follow_link(
            code=code,
            visitor=visitor,
            visitor_hash=visitor_hash(request),
            channel=channel,
            target_path=target,
            at=now,
        )
        if touch is not None and visitor is None:
            keep_touch(request, touch.pk)
    if owner == request.user:
        return HttpResponseRedirect(target)
    plan = linkage.queries.plan_in_force(at=now)
    standing = linkage.queries.positions(member_ids=[owner.pk]).get(owner.pk)
    disclosure = _disclosure(plan, standing) if plan else None
    page = {
        "owner": owner,
        "card": card,
        "target": target,
        "best_sellers": [] if card else suppliers.queries.best_sellers(limit=SUGGESTED, at=now),
        "is_known": is_known,
        "plan": plan,
        "hold": plan.hold_bps if plan and disclosure and disclosure.see_point_fen else 0,
        "rank": standing.get_rank_display() if plan and standing and standing.rank != Rank.CONSUMER else "",
        "disclosure": disclosure,
    }
    return render(request, "agents/landing.html", page)


def _card(slug: str, at: datetime) -> ProductCard | None:
    product = suppliers.queries.product_by_slug(slug=slug)
    if product is None:
        return None
    card = suppliers.queries.card_of(product=product, at=at)
    return card if card.offer is not None else None


def _disclosure(plan: Plan, standing: Position | None) -> Disclosure:
    """By the rules of a first pack: the direct reward by acting rank, and the see-point reward to a head of a team."""
    rank = linkage.queries.acting_rank(position=standing, plan=plan) if standing else Rank.CONSUMER
    if rank == Rank.PARTNER:
        return Disclosure(direct_fen=plan.direct_partner_fen, see_point_fen=plan.see_point_fen)
    return Disclosure(direct_fen=plan.direct_agent_fen if rank == Rank.AGENT else 0, see_point_fen=0)
