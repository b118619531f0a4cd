"""What buyers say of a product: all of it, by stars, photos, follow-ups and tags."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.core import clock
from mall.core.access import public
from mall.core.photos import photo_url
from mall.core.public_page import describe
from orders.models import ReviewSummary
from orders.queries import reviews as found_reviews
from storefront import queries

from .visitors import member_of

PAGE = 10


@public
@require_safe
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """A product's reviews, newest first: of one part (`?part=`), with one tag (`?tag=`), from one on (`?before=`)."""
    today = timezone.localdate(clock.now())
    found = queries.product_page(slug=slug, member=member_of(request), today=today)
    if found is None:
        raise Http404
    product, is_off = found
    part, tag = request.GET.get("part", ""), request.GET.get("tag", "")
    if part not in found_reviews.FILTERS or (tag and tag not in found_reviews.TAGS):
        raise Http404
    shown = found_reviews.shown_reviews(
        product_id=product.pk, part=part, tag=tag, before=_id(request.GET.get("before", "")), limit=PAGE + 1
    )
    here = reverse("shop:reviews", args=[product.slug])
    more = {"part": part, "tag": tag, "before": shown[PAGE - 1].pk} if len(shown) > PAGE else {}
    page = {"reviews": shown[:PAGE], "more": f"{here}?{urlencode(more)}" if more else "", "product": product}
    if request.headers.get("HX-Request"):
        return render(request, "storefront/reviews_more.html", page)
    summary = found_reviews.summary_of_product(product)
    if not is_off:
        title = _("%s 的评价") % product.name
        describe(
            request, title=title, description=title, image=photo_url(product.image) if product.image else "", path=here
        )
    page |= {
        "summary": summary,
        "bars": list(zip(reversed(found_reviews.STARS), reversed(summary.counts), strict=True)),
        "parts": _parts(summary, here, part, tag),
        "part": part,
        "tag": tag,
    }
    return render(request, "storefront/reviews.html", page)


def _parts(summary: ReviewSummary, here: str, part: str, tag: str) -> list[dict[str, object]]:
    """What the list can be narrowed to, each with how many there are."""
    counted = [
        ("", _("全部"), summary.count),
        ("good", _("好评"), summary.good),
        ("fair", _("中评"), summary.fair),
        ("poor", _("差评"), summary.poor),
        ("photos", _("有图"), summary.with_photos),
        ("followed", _("追评"), summary.with_follow_up),
    ]
    shown: list[dict[str, object]] = [
        {
            "href": f"{here}?part={key}" if key else here,
            "label": label,
            "count": count,
            "is_chosen": not tag and part == key,
        }
        for key, label, count in counted
        if count or not key or part == key
    ]
    shown += [
        {"href": f"{here}?{urlencode({'tag': name})}", "label": name, "count": count, "is_chosen": tag == name}
        for name, count in summary.top_tags
    ]
    return shown


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
