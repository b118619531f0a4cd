"""What is asked about reviews. Others see what is visible; queries for one's own pages take the member."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from members.models import Member
from orders.models import HeldWord, OrderLine, Review, ReviewPhoto, ReviewState, ReviewSummary
from orders.rules import reviewing
from suppliers.models import Product

STARS, TAGS = reviewing.STARS, reviewing.TAGS

# What a list can be narrowed to, beside one tag.
FILTERS: dict[str, Q] = {
    "": Q(),
    "good": Q(stars__in=reviewing.GOOD_STARS),
    "fair": Q(stars__in=reviewing.FAIR_STARS),
    "poor": Q(stars__in=reviewing.POOR_STARS),
    "photos": Q(photo_count__gt=0),
    "followed": ~Q(follow_up=""),
}


def summary_of(*, product_id: int) -> ReviewSummary:
    """Return how a product's reviews add up; zeros where there is none."""
    found = ReviewSummary.objects.filter(product_id=product_id).first()
    return found or ReviewSummary(product_id=product_id, tags={})


def summary_of_product(product: Product) -> ReviewSummary:
    """Return the same of a product that was loaded with its `review_summary`, without asking again."""
    found: ReviewSummary | None = getattr(product, "review_summary", None)
    return found or ReviewSummary(product_id=product.pk, tags={})


def summaries(*, product_ids: Iterable[int]) -> dict[int, ReviewSummary]:
    """Return how the reviews of these products add up, by product; those without any are not there."""
    return ReviewSummary.objects.in_bulk(list(product_ids))


def shown_reviews(
    *, product_id: int, part: str = "", tag: str = "", before: int | None = None, limit: int
) -> list[Review]:
    """Return up to `limit` visible reviews of a product, newest first, from the one after the review `before` on.

    `part` is one of FILTERS. A review that is none of the product's counts as none.
    """
    found = _with_details().filter(FILTERS[part], product_id=product_id, state=ReviewState.VISIBLE)
    if tag:
        found = found.filter(tags__contains=[tag])
    last = (
        Review.objects.filter(pk=before, product_id=product_id).values_list("reviewed_at").first() if before else None
    )
    if last is not None:
        found = found.filter(Q(reviewed_at__lt=last[0]) | Q(reviewed_at=last[0], pk__lt=before))
    return list(found.order_by("-reviewed_at", "-id")[:limit])


def telling_reviews(*, product_id: int, limit: int) -> list[Review]:
    """Return the newest visible reviews of a product that say something in words."""
    said = _with_details().filter(~Q(text=""), product_id=product_id, state=ReviewState.VISIBLE)
    return list(said.order_by("-reviewed_at", "-id")[:limit])


def reviewable_lines(*, member: Member, at: datetime) -> QuerySet[OrderLine]:
    """Return what a member received and may still review, what came last first, with its order and product."""
    return (
        OrderLine.objects.filter(
            order__member=member,
            order__state__in=reviewing.REVIEWABLE_STATES,
            order__received_at__gt=at - timedelta(days=reviewing.REVIEW_DAYS),
            review=None,
            refunded_quantity=0,
        )
        .select_related("order__supplier", "sku__product")
        .order_by("-order__received_at", "-id")
    )


def own_line(*, member: Member, line_id: int) -> OrderLine | None:
    """Return a line of an order of the member's own, with its review if it has one."""
    lines = OrderLine.objects.select_related("order__supplier", "sku__product", "review")
    return lines.filter(pk=line_id, order__member=member).first()


def own_reviews(*, member: Member, before: int | None = None, limit: int) -> list[Review]:
    """Return a member's reviews, newest first, whatever became of them."""
    found = _with_details().filter(member=member)
    if before:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-id")[:limit])


def own_review(*, member: Member, review_id: int) -> Review | None:
    """Return one of the member's own reviews."""
    return _with_details().filter(pk=review_id, member=member).first()


def review_by_id(*, review_id: int) -> Review | None:
    """Return one review, for operators."""
    return _with_details().filter(pk=review_id).first()


def words_held_in(*, review: Review) -> tuple[str, ...]:
    """Return the held words that stand in a review."""
    words = HeldWord.objects.values_list("word", flat=True)
    return reviewing.held_words(f"{review.text}\n{review.follow_up}", words)


def waiting_reviews(*, limit: int) -> int:
    """Return how many reviews wait to be read, counting no further than `limit`."""
    return Review.objects.filter(state=ReviewState.PENDING).order_by()[:limit].count()


def miscounted_summaries() -> list[int]:
    """Return products whose summary is not the sum of their visible reviews. There should be none."""
    counted: dict[int, Counter[str]] = {}
    for review in Review.objects.filter(state=ReviewState.VISIBLE).iterator():
        counts = counted.setdefault(review.product_id, Counter())
        counts[f"stars_{review.stars}"] += 1
        counts["with_photos"] += bool(review.photo_count)
        counts["with_follow_up"] += bool(review.follow_up)
        counts.update(f"tag {tag}" for tag in review.tags)
    kept = {summary.product_id: _counts_of(summary) for summary in ReviewSummary.objects.iterator()}
    return sorted(
        product_id
        for product_id in counted | kept
        if kept.get(product_id, Counter()) != counted.get(product_id, Counter())
    )


def _counts_of(summary: ReviewSummary) -> Counter[str]:
    counts = Counter({f"stars_{star}": number for star, number in zip(reviewing.STARS, summary.counts, strict=True)})
    counts.update(with_photos=summary.with_photos, with_follow_up=summary.with_follow_up)
    counts.update({f"tag {tag}": number for tag, number in summary.tags.items()})
    return counts


def _with_details() -> QuerySet[Review]:
    """Reviews with all that is shown of them, by one query; `shown_photos` are dictionaries of paths and sizes."""
    photos = ReviewPhoto.objects.filter(review=OuterRef("pk")).order_by("position")
    shape = JSONObject(path="path", small_path="small_path", width="width", height="height")
    return Review.objects.select_related("member", "line", "product__supplier").annotate(
        shown_photos=ArraySubquery(photos.values(json=shape))
    )
