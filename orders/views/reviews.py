"""A member's reviews: what can be reviewed, writing one, and what became of each."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mall.core import clock
from mall.core.access import members_only
from orders.commands.reviewing import ReviewRefusal, ReviewRefused, follow_up_review, write_review
from orders.models import ReviewState
from orders.queries import reviews as queries
from orders.rules.reviewing import follow_up_until, is_reviewable

from .buying import member_of
from .review_forms import FollowUpForm, ReviewForm

PAGE = 10
LINES = 30


@members_only
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits to be reviewed, or what was (`?tab=done`), newest first (`?before=`)."""
    member = member_of(request)
    tab = request.GET.get("tab", "")
    if tab not in ("", "done"):
        raise Http404
    page: dict[str, object] = {"tab": tab}
    if tab:
        shown = queries.own_reviews(member=member, before=_id(request.GET.get("before", "")), limit=PAGE + 1)
        more = f"{reverse('orders:review-list')}?tab=done&before={shown[PAGE - 1].pk}" if len(shown) > PAGE else ""
        page |= {"reviews": shown[:PAGE], "more": more}
    else:
        page["lines"] = queries.reviewable_lines(member=member, at=clock.now())[:LINES]
    return render(request, "orders/reviews.html", page)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def review_new(request: HttpRequest, line_id: int) -> HttpResponse:
    """Write a review of one line. Sent a second time, it leads to the first."""
    member, now = member_of(request), clock.now()
    line = queries.own_line(member=member, line_id=line_id)
    if line is None:
        raise Http404
    written = getattr(line, "review", None)
    if written is not None:
        return HttpResponseRedirect(reverse("orders:review", args=[written.pk]))
    possible = is_reviewable(state=line.order.state, received_at=line.order.received_at, at=now)
    form = ReviewForm(request.POST, request.FILES) if request.method == "POST" else ReviewForm()
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                review = write_review(member=member, line_id=line.pk, at=now, **form.cleaned_data)
            except ReviewRefused as refusal:
                if refusal.reason == ReviewRefusal.ALREADY:
                    return HttpResponseRedirect(request.path)
                form.add_error(None, str(refusal))
            else:
                waits = review.state == ReviewState.PENDING
                messages.success(request, _("评价已提交，审核后展示") if waits else _("评价已发布，谢谢您"))
                return HttpResponseRedirect(reverse("orders:review", args=[review.pk]))
    page = {"line": line, "form": form, "possible": possible}
    return render(request, "orders/review_new.html", page, status=status)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """One's own review, what became of it, and one more word."""
    member, now = member_of(request), clock.now()
    found = queries.own_review(member=member, review_id=review_id)
    if found is None:
        raise Http404
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                follow_up_review(member=member, review=found, text=form.cleaned_data["text"], at=now)
            except ReviewRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("追评已提交"))
                return HttpResponseRedirect(request.path)
    may_follow = not found.follow_up and now < follow_up_until(found.reviewed_at)
    page = {"review": found, "form": form if may_follow else None}
    return render(request, "orders/review.html", page, status=status)


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
