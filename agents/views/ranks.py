"""Ranks: by customers served and by repeat rate."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents import commands
from agents.commands.ranking import CUSTOMERS_MIN
from agents.models import RankKind, RankSpan
from agents.queries.ranks import ranks
from mall.core import clock
from mall.core.access import members_only

from .signed_in import member_of

KINDS = {"served": RankKind.SERVED, "repeat": RankKind.REPEAT}
SPANS = {"week": RankSpan.WEEK, "month": RankSpan.MONTH}


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def rank(request: HttpRequest) -> HttpResponse:
    """A list and the own place; posting decides under which name one is seen, or that one is not named."""
    at, member, status = clock.now(), member_of(request), 200
    if request.method == "POST":
        try:
            if "hide" in request.POST:
                commands.hide_name(member=member)
                messages.success(request, _("榜单上不再显示你的名称"))
            else:
                commands.show_name(member=member, name=request.POST.get("name", ""), at=at)
                messages.success(request, _("榜单上会显示你的名称"))
            return HttpResponseRedirect(reverse("agents:rank"))
        except commands.NameRefused as refusal:
            messages.error(request, str(refusal))
            status = 422
    kind, span = request.GET.get("by", ""), request.GET.get("span", "")
    kind = kind if kind in KINDS else "served"
    span = span if span in SPANS else "month"
    context = {
        "ranks": ranks(member=member, kind=KINDS[kind], span=SPANS[span], at=at),
        "kind": kind,
        "span": span,
        "kinds": [(key, label.label, f"?by={key}&span={span}") for key, label in KINDS.items()],
        "spans": [(key, label.label, f"?by={kind}&span={key}") for key, label in SPANS.items()],
        "least": CUSTOMERS_MIN,
        "typed": request.POST.get("name", ""),
        "now": at,
    }
    return render(request, "agents/rank.html", context, status=status)
