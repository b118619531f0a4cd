"""Where a referral link leads: who invites, what that person gets from it, and then the goods."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
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
from mall.core.visitor import is_person, is_wechat, keep_touch, visitor_hash
from members.models import Member
from suppliers.queries import ProductCard

SUGGESTED = 3
CHANNEL = re.compile(r"[a-z0-9-]{1,20}")
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}", re.ASCII)
# What a list may be narrowed by in a link.
LIST_PARTS = ("category", "brand", "supplier")
TO_MAX = 200


@dataclass(frozen=True, slots=True)
class Target:
    """The page of ours that a link leads on to, and the goods on it, if it is about one."""

    path: str
    card: ProductCard | None = None


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
    target = _target(request.GET.get("to", ""), now)
    card = target.card
    is_known = isinstance(request.user, Member)
    if request.method == "GET" and is_person(request):
        _touch(request, code, target, now)
    if owner == request.user:
        return HttpResponseRedirect(target.path)
    plan = linkage.queries.plan_in_force(at=now)
    standing = linkage.queries.positions(member_ids=[owner.pk]).get(owner.pk)
    disclosure = _disclosure(plan, standing) if plan else None
    page = {
        "owner": owner,
        "card": card,
        "target": target.path,
        "best_sellers": [] if card else suppliers.queries.best_sellers(limit=SUGGESTED, at=now),
        "is_known": is_known,
        "by_wechat": not is_known and members.queries.may_enter_by_wechat() and (is_wechat(request) or settings.DEMO),
        "plan": plan,
        "hold": plan.hold_bps if plan and disclosure and disclosure.see_point_fen else 0,
        "rank": standing.get_rank_display() if plan and standing and standing.rank != Rank.CONSUMER else "",
        "disclosure": disclosure,
    }
    return render(request, "agents/landing.html", page)


def _touch(request: HttpRequest, code: str, target: Target, at: datetime) -> None:
    channel = request.GET.get("ch", "")
    visitor = request.user if isinstance(request.user, Member) else None
    touch = members.commands.follow_link(
        code=code,
        visitor=visitor,
        visitor_hash=visitor_hash(request),
        channel=channel if CHANNEL.fullmatch(channel) else "",
        target_path=target.path,
        at=at,
    )
    if touch is not None and visitor is None:
        keep_touch(request, touch.pk)


def _target(to: str, at: datetime) -> Target:
    """Return the page that `to` names. It is made from a name and a slug that are known, never from what was sent:
    anything else leads to the front page."""
    home = Target(reverse("shop:home"))
    if len(to) > TO_MAX:
        return home
    path, _, query = to.removeprefix("/").partition("?")
    kind, _, slug = path.partition("/")
    if query and kind != "list":
        return home
    make = _TARGETS.get(kind)
    if make is None or (slug and not SLUG.fullmatch(slug)):
        return home
    return make(slug, query, at) or home


def _to_product(slug: str, query: str, at: datetime) -> Target | None:
    product = suppliers.queries.product_by_slug(slug=slug)
    if product is None:
        return None
    card = suppliers.queries.card_of(product=product, at=at)
    return Target(reverse("shop:product", args=[product.slug]), card) if card.offer is not None else None


def _to_category(slug: str, query: str, at: datetime) -> Target | None:
    category = suppliers.queries.category_by_slug(slug=slug) if slug else None
    return Target(reverse("shop:category", args=[category.slug])) if category else None


def _to_list(slug: str, query: str, at: datetime) -> Target | None:
    parts = [(name, value) for name, value in parse_qsl(query) if name in LIST_PARTS and SLUG.fullmatch(value)]
    return None if slug else Target(f"{reverse('shop:list')}?{urlencode(parts)}" if parts else reverse("shop:list"))


def _to_help(slug: str, query: str, at: datetime) -> Target | None:
    return Target(reverse("service:article", args=[slug])) if slug else Target(reverse("service:help"))


def _to_packs(slug: str, query: str, at: datetime) -> Target | None:
    return None if slug else Target(reverse("agents:join"))


_TARGETS: dict[str, Callable[[str, str, datetime], Target | None]] = {
    "p": _to_product,
    "c": _to_category,
    "list": _to_list,
    "help": _to_help,
    "packs": _to_packs,
}


def _disclosure(plan: Plan, standing: Position | None) -> Disclosure:
    """By the rules of a first pack: the direct reward by acting rank, and the see-point reward to a head of a team."""
    rank = linkage.queries.acting_rank(position=standing, plan=plan) if standing else Rank.CONSUMER
    if rank == Rank.PARTNER:
        return Disclosure(direct_fen=plan.direct_partner_fen, see_point_fen=plan.see_point_fen)
    return Disclosure(direct_fen=plan.direct_agent_fen if rank == Rank.AGENT else 0, see_point_fen=0)
