"""What a member keeps and what a member looked at."""

from datetime import date
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import suppliers.commands
import suppliers.queries
from mall.core import clock
from mall.core.access import members_only
from suppliers.models import Product

from .visitors import may_personalise, member_of

PAGE = 20
PAGES_MAX = 50


@members_only
@require_safe
def favourites(request: HttpRequest) -> HttpResponse:
    """What the member keeps, the latest first, each with how its price has moved since."""
    page = page_of(request)
    kept = suppliers.queries.favourites(
        member=member_of(request), start=(page - 1) * PAGE, limit=PAGE + 1, at=clock.now()
    )
    shown = {"kept": kept[:PAGE], "more": f"?page={page + 1}" if len(kept) > PAGE else "", "page": page}
    return render(request, "storefront/favourites.html", shown)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest) -> HttpResponse:
    """What the member looked at, by day. Posted, forget all of it, or one product (`product`)."""
    member = member_of(request)
    now = clock.now()
    if request.method == "POST":
        slug = request.POST.get("product", "")
        product = Product.objects.filter(slug=slug).first() if slug and "\x00" not in slug else None
        if slug and product is None:
            raise Http404
        suppliers.commands.forget_views(member=member, product=product)
        messages.success(request, _("已删除") if product else _("浏览记录已清空"))
        return HttpResponseRedirect(reverse("shop:history"))
    page = page_of(request)
    seen = suppliers.queries.viewed(member=member, start=(page - 1) * PAGE, limit=PAGE + 1, at=now)
    days = [
        (_day(day, timezone.localdate(now)), list(group))
        for day, group in groupby(seen[:PAGE], key=lambda one: timezone.localdate(one.at))
    ]
    shown = {
        "days": days,
        "more": f"?page={page + 1}" if len(seen) > PAGE else "",
        "page": page,
        "remembers": may_personalise(request),
    }
    return render(request, "storefront/history.html", shown)


def page_of(request: HttpRequest) -> int:
    """Return the number of the page asked for; nonsense is the first."""
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    return min(max(page, 1), PAGES_MAX)


def _day(day: date, today: date) -> object:
    if day == today:
        return _("今天")
    if (today - day).days == 1:
        return _("昨天")
    return day
