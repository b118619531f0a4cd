"""The team: list, tree, moves."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.queries import moves, team, tree
from linkage.models import Position, Rank
from linkage.queries import plan_in_force
from mall.core import clock
from mall.core.access import members_only
from mall.core.text import clean_line
from members.models import Member

from .signed_in import member_of

WORDS_MAX = 40


@members_only
@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    """The own team and the own recruits, to be searched and paged."""
    at = clock.now()
    member = member_of(request)
    position = _standing(member, at)
    counts = team.team_counts(member=member, position=position)
    parts = team.parts_for(position)
    part = request.GET.get("part", "")
    if part not in parts:
        part = next(iter(parts))
    sorts = team.sorts_for(part=part, counts=counts)
    sort = request.GET.get("sort", "")
    if sort not in sorts:
        sort = team.NEWEST
    words = _words(request.GET.get("q", ""))
    after = request.GET.get("after", "")
    if words:
        is_small = not counts.agents.is_capped and counts.recruits < team.COUNTED_MAX
        page = team.search_team(member=member, words=words, is_small=is_small, after=after, at=at)
    else:
        page = team.team_page(member=member, part=part, sort=sort, after=after, at=at)
    kept = {"part": part, "sort": sort}
    context = {
        "page": page,
        "position": position,
        "is_partner": position is not None and position.rank == Rank.PARTNER,
        "counts": counts,
        "part": part,
        "parts": [(key, name, _address({"part": key})) for key, name in parts.items()],
        "sort": sort,
        "sorts": [(key, name, _address(kept | {"sort": key})) for key, name in sorts.items()],
        "words": words,
        "is_whole": not after and not page.next_after,
        "more": _address(({"q": words} if words else kept) | {"after": page.next_after}) if page.next_after else "",
        "now": at,
    }
    return render(request, "agents/team.html", context)


@members_only
@require_safe
def team_tree(request: HttpRequest) -> HttpResponse:
    """The team as a tree, two steps deep, with what is below at a tap; more of the first step by htmx as a fragment."""
    at = clock.now()
    member = member_of(request)
    position = _standing(member, at)
    after = request.GET.get("after", "")
    branch = (
        tree.root(viewer=member, position=position, after=after, at=at) if position is not None else tree.Branch([], "")
    )
    is_partner = position is not None and position.rank == Rank.PARTNER
    context = {
        "branch": branch,
        "level": 1,
        "owner": "",
        "position": position,
        "is_partner": is_partner,
        "after": after,
        "now": at,
    }
    if _wants_fragment(request):
        return render(request, "agents/tree_nodes.html", context | {"nodes": branch.nodes})
    context["counts"] = team.team_counts(member=member, position=position)
    context["outside"] = tree.outside(viewer=member) if is_partner and not after else None
    return render(request, "agents/tree.html", context)


@members_only
@require_safe
def team_node(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who stands below somebody of the own team: a fragment for htmx, else a page that begins there."""
    at = clock.now()
    member = member_of(request)
    position = tree.node_of(viewer=member, public_id=public_id)
    if position is None:
        raise Http404
    level = _level(request.GET.get("level", "")) if _wants_fragment(request) else 1
    after = request.GET.get("after", "")
    branch = tree.below(viewer=member, position=position, after=after, level=level, at=at)
    context = {
        "branch": branch,
        "nodes": branch.nodes,
        "level": level,
        "owner": public_id,
        "position": position,
        "after": after,
        "now": at,
    }
    if _wants_fragment(request):
        return render(request, "agents/tree_nodes.html", context)
    return render(request, "agents/tree_node.html", context)


@members_only
@require_safe
def team_moves(request: HttpRequest) -> HttpResponse:
    """Who left the team, with whom, when and why; and how one came from team to team oneself."""
    at = clock.now()
    member = member_of(request)
    _standing(member, at)
    before = request.GET.get("before", "")
    is_id = before.isascii() and before.isdigit() and len(before) < 19
    page = moves.moves_from(leader=member, before=int(before) if is_id else None)
    context = {
        "page": page,
        "own": [] if before else moves.own_moves(member=member),
        "more": f"?before={page.next_before}" if page.next_before is not None else "",
        "now": at,
    }
    return render(request, "agents/moves.html", context)


def _standing(member: Member, at: datetime) -> Position | None:
    """Return where the member stands. In a mall without a plan nothing is said of teams, but to who has a title."""
    position = team.own_position(member=member)
    is_titled = position is not None and position.rank != Rank.CONSUMER
    if not is_titled and plan_in_force(at=at) is None:
        raise Http404
    return position


def _wants_fragment(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def _level(text: str) -> int:
    return int(text) if text in {str(level) for level in range(1, tree.LEVELS + 2)} else 1


def _words(text: str) -> str:
    try:
        return clean_line(text, WORDS_MAX)
    except ValueError:
        return ""


def _address(kept: dict[str, str]) -> str:
    chosen = {key: value for key, value in kept.items() if value}
    return f"?{urlencode(chosen)}" if chosen else "?"
