"""Where a referral link leads: who invites, what that person gets from it, and then the goods."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

import linkage.queries
import members.queries
import suppliers.queries
from agents.queries.disclosing import retail_disclosure
from agents.queries.personas import persona_card
from agents.targets import home_target, target_named
from agents.touching import note_touch
from linkage.models import Position, Rank
from linkage.queries import Plan
from mall.core import clock
from mall.core.access import public
from mall.core.visitor import is_wechat
from members.models import Member

SUGGESTED = 3


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
    target = target_named(request.GET.get("to", ""), owner=owner, at=now) or home_target()
    card = target.card
    visitor = request.user if isinstance(request.user, Member) else None
    is_known = visitor is not None
    note_touch(request, code=code, target_path=target.path, at=now)
    if owner == request.user:
        return HttpResponseRedirect(target.path)
    plan = linkage.queries.plan_in_force(at=now)
    standing = linkage.queries.positions(member_ids=[owner.pk]).get(owner.pk)
    disclosure = _disclosure(plan, standing) if plan else None
    page = {
        "owner": owner,
        "persona": persona_card(member=owner, at=now),
        "card": card,
        "target": target.path,
        "best_sellers": [] if card else suppliers.queries.best_sellers(limit=SUGGESTED, at=now),
        "is_known": is_known,
        "by_wechat": not is_known and members.queries.may_enter_by_wechat() and (is_wechat(request) or settings.DEMO),
        "plan": plan,
        "hold": plan.hold_bps if plan and disclosure and disclosure.see_point_fen else 0,
        "rank": standing.get_rank_display() if plan and standing and standing.rank != Rank.CONSUMER else "",
        "disclosure": disclosure,
        "retail": retail_disclosure(owner=owner, visitor=visitor, card=card, at=now),
        "now": now,
    }
    return render(request, "agents/landing.html", page)


def _disclosure(plan: Plan, standing: Position | None) -> Disclosure:
    """By the rules of a first pack: the direct reward by acting rank, and the see-point reward to a head of a team."""
    rank = linkage.queries.acting_rank(position=standing, plan=plan) if standing else Rank.CONSUMER
    if rank == Rank.PARTNER:
        return Disclosure(direct_fen=plan.direct_partner_fen, see_point_fen=plan.see_point_fen)
    return Disclosure(direct_fen=plan.direct_agent_fen if rank == Rank.AGENT else 0, see_point_fen=0)
