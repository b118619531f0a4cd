"""Reviews: written once for each line that was received, followed up once, answered by the supplier, moderated.

Locks: order, review, summary of the product. The summary is written in the same transaction: it always is the sum of
the visible reviews (`queries.reviews.miscounted_summaries` finds none).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

import suppliers.queries
from mall.core.events import publish
from mall.core.photos import Photo, drop_photos, kept_photos, smaller_photo
from mall.core.text import clean_line, clean_text
from members.models import Member
from orders.events import ReviewDecided, ReviewReplied
from orders.models import HeldWord, OrderLine, Review, ReviewPhoto, ReviewState, ReviewSummary
from orders.rules import reviewing

from .locking import locked_order

FOLDER = "reviews"
SMALL_SIDE = 300
REASON_MAX = 120
WORD_MAX = 20


class ReviewRefusal(models.TextChoices):
    """Why a review is refused. The label is what the page says."""

    NOT_RECEIVED = "not_received", _("收到货以后才能评价")
    TOO_LATE = "too_late", _("已过评价期")
    RETURNED = "returned", _("已退货的商品不能评价")
    ALREADY = "already", _("这件商品已经评价过了")
    BAD_STARS = "bad_stars", _("请选择星级")
    BAD_TAGS = "bad_tags", _("请从列出的标签里选，最多 5 个")
    BAD_TEXT = "bad_text", _("评价最多 500 字")
    NOTHING_SAID = "nothing_said", _("请写几个字")
    TOO_MANY_PHOTOS = "too_many_photos", _("最多传 9 张图片")
    FOLLOWED_UP = "followed_up", _("已经追评过了")
    NOT_YOURS = "not_yours", _("这不是您的评价")
    BAD_REPLY = "bad_reply", _("回复请写 1 到 300 字")
    BAD_REASON = "bad_reason", _("请写明原因，最多 120 字")
    NOT_SHOWN = "not_shown", _("只能回复已展示的评价")
    BAD_WORD = "bad_word", _("请填写 1 到 20 个字的词")


class ReviewRefused(Exception):
    """It cannot be done; `reason` says why. Nothing was changed."""

    def __init__(self, reason: ReviewRefusal) -> None:
        super().__init__(reason.label)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo that lies under media already, and a small one of it."""

    path: str
    small_path: str
    width: int
    height: int


def write_review(
    *,
    member: Member,
    line_id: int,
    stars: int,
    tags: Sequence[str],
    text: str,
    photos: Sequence[Photo] = (),
    is_anonymous: bool,
    at: datetime,
) -> Review:
    """Review a line of an order of the member's own that was received. With a held word in it, it waits to be read.

    Raises ReviewRefused; a line of somebody else's raises OrderLine.DoesNotExist. Refused, it keeps no photo.
    """
    if len(photos) > reviewing.PHOTOS_MAX:
        raise ReviewRefused(ReviewRefusal.TOO_MANY_PHOTOS)
    small = [smaller_photo(photo, SMALL_SIDE) for photo in photos]
    with (
        kept_photos(photos, folder=FOLDER, at=at) as names,
        kept_photos(small, folder=FOLDER, at=at) as small_names,
    ):
        kept = [
            KeptPhoto(path=name, small_path=small_name, width=photo.width, height=photo.height)
            for photo, name, small_name in zip(photos, names, small_names, strict=True)
        ]
        return record_review(
            member=member,
            line_id=line_id,
            stars=stars,
            tags=tags,
            text=text,
            photos=kept,
            is_anonymous=is_anonymous,
            at=at,
        )


def record_review(
    *,
    member: Member,
    line_id: int,
    stars: int,
    tags: Sequence[str],
    text: str,
    photos: Sequence[KeptPhoto] = (),
    is_anonymous: bool,
    at: datetime,
) -> Review:
    """The same with photos that are kept already."""
    words = _words(text)
    if stars not in reviewing.STARS:
        raise ReviewRefused(ReviewRefusal.BAD_STARS)
    if len(tags) > reviewing.TAGS_MAX or len(set(tags)) != len(tags) or set(tags) - set(reviewing.TAGS):
        raise ReviewRefused(ReviewRefusal.BAD_TAGS)
    with transaction.atomic():
        line = _reviewable_line(member, line_id, at)
        review = Review.objects.create(
            line=line,
            product_id=line.sku.product_id,
            member=member,
            stars=stars,
            tags=list(tags),
            text=words,
            is_anonymous=is_anonymous,
            photo_count=len(photos),
            state=_first_state(words),
            reviewed_at=at,
        )
        ReviewPhoto.objects.bulk_create(
            ReviewPhoto(review=review, position=number, **asdict(photo)) for number, photo in enumerate(photos)
        )
        if review.state == ReviewState.VISIBLE:
            _count(review, 1)
    return review


def follow_up_review(*, member: Member, review: Review, text: str, at: datetime) -> Review:
    """Add a word to one's own review, once. With a held word in it, the whole review waits for an operator.

    Raises ReviewRefused.
    """
    words = _words(text)
    if not words:
        raise ReviewRefused(ReviewRefusal.NOTHING_SAID)
    with transaction.atomic():
        locked = _locked_review(review.pk)
        if locked.member_id != member.pk:
            raise ReviewRefused(ReviewRefusal.NOT_YOURS)
        if locked.follow_up:
            raise ReviewRefused(ReviewRefusal.FOLLOWED_UP)
        if at >= reviewing.follow_up_until(locked.reviewed_at):
            raise ReviewRefused(ReviewRefusal.TOO_LATE)
        state = locked.state if _first_state(words) == ReviewState.VISIBLE else ReviewState.PENDING
        _change(locked, state=state, follow_up=words, followed_up_at=at)
    return locked


def reply_to_review(*, review: Review, text: str, by: Any, at: datetime) -> Review:
    """Answer a visible review as its supplier; a second answer takes the place of the first. Raises ReviewRefused."""
    try:
        words = clean_line(text, reviewing.REPLY_MAX)
    except ValueError as error:
        raise ReviewRefused(ReviewRefusal.BAD_REPLY) from error
    if not words:
        raise ReviewRefused(ReviewRefusal.BAD_REPLY)
    with transaction.atomic():
        locked = _locked_review(review.pk)
        supplier = suppliers.queries.supplier_of(member=by)
        if supplier is None or locked.product.supplier_id != supplier.pk:
            raise ReviewRefused(ReviewRefusal.NOT_YOURS)
        if locked.state != ReviewState.VISIBLE:
            raise ReviewRefused(ReviewRefusal.NOT_SHOWN)
        _write(locked, reply=words, replied_at=at, replied_by=by)
        publish(
            ReviewReplied(
                review_id=locked.pk, member_id=locked.member_id, product_name=locked.product.name, replied_at=at
            )
        )
    return locked


def show_review(*, review: Review, by: Any, at: datetime) -> Review:
    """Let others see a review. Of one that is seen it changes nothing."""
    with transaction.atomic():
        locked = _locked_review(review.pk)
        if locked.state != ReviewState.VISIBLE:
            _decide(locked, ReviewState.VISIBLE, "", by, at)
    return locked


def hide_review(*, review: Review, reason: str, by: Any, at: datetime) -> Review:
    """Keep a review from others, for a reason that its author reads. Raises ReviewRefused."""
    try:
        words = clean_line(reason, REASON_MAX)
    except ValueError as error:
        raise ReviewRefused(ReviewRefusal.BAD_REASON) from error
    if not words:
        raise ReviewRefused(ReviewRefusal.BAD_REASON)
    with transaction.atomic():
        locked = _locked_review(review.pk)
        if locked.state != ReviewState.HIDDEN:
            _decide(locked, ReviewState.HIDDEN, words, by, at)
    return locked


def hold_word(*, word: str, by: Any, at: datetime) -> HeldWord:
    """Keep back every review to come that has this word in it. A word that is held already changes nothing."""
    try:
        clean = clean_line(word, WORD_MAX)
    except ValueError as error:
        raise ReviewRefused(ReviewRefusal.BAD_WORD) from error
    if not clean:
        raise ReviewRefused(ReviewRefusal.BAD_WORD)
    held, _created = HeldWord.objects.get_or_create(word=clean, defaults={"added_by": by, "added_at": at})
    return held


def release_word(*, word: HeldWord) -> None:
    """Hold a word no longer. Reviews that wait because of it still wait to be read."""
    HeldWord.objects.filter(pk=word.pk).delete()


def _reviewable_line(member: Member, line_id: int, at: datetime) -> OrderLine:
    """Return a line of the member's own that may be reviewed now, its order under its lock. Raises ReviewRefused."""
    order = locked_order(OrderLine.objects.values_list("order_id", flat=True).get(pk=line_id, order__member=member))
    line = OrderLine.objects.select_related("sku").get(pk=line_id)
    if order.state not in reviewing.REVIEWABLE_STATES:
        raise ReviewRefused(ReviewRefusal.NOT_RECEIVED)
    if not reviewing.is_reviewable(state=order.state, received_at=order.received_at, at=at):
        raise ReviewRefused(ReviewRefusal.TOO_LATE)
    if line.refunded_quantity >= line.quantity:
        raise ReviewRefused(ReviewRefusal.RETURNED)
    if Review.objects.filter(line=line).exists():
        raise ReviewRefused(ReviewRefusal.ALREADY)
    return line


def _words(text: str) -> str:
    try:
        return clean_text(text, reviewing.TEXT_MAX)
    except ValueError as error:
        raise ReviewRefused(ReviewRefusal.BAD_TEXT) from error


def forget_photos(*, member_id: int) -> int:
    """Take all photos out of a member's reviews; returns of how many. The files go once it is committed."""
    with transaction.atomic():
        mine = Review.objects.select_for_update(no_key=True).filter(member=member_id, photo_count__gt=0)
        shown = list(mine.order_by("product_id", "pk"))
        photos = ReviewPhoto.objects.filter(review__in=shown)
        names = [name for pair in photos.values_list("path", "small_path") for name in pair]
        photos.delete()
        for review in shown:
            _change(review, photo_count=0)
        transaction.on_commit(partial(drop_photos, names), robust=True)
    return len(shown)


def _first_state(words: str) -> str:
    held = reviewing.held_words(words, HeldWord.objects.values_list("word", flat=True)) if words else ()
    return ReviewState.PENDING if held else ReviewState.VISIBLE


def _locked_review(review_id: int) -> Review:
    """Return the review under its lock, with its product, which is not locked."""
    return Review.objects.select_for_update(of=("self",), no_key=True).select_related("product").get(pk=review_id)


def _decide(review: Review, state: str, reason: str, by: Any, at: datetime) -> None:
    _change(review, state=state, reason=reason, decided_by=by, decided_at=at)
    publish(
        ReviewDecided(
            review_id=review.pk,
            member_id=review.member_id,
            product_name=review.product.name,
            is_visible=state == ReviewState.VISIBLE,
            reason=reason,
            decided_at=at,
        )
    )


def _change(review: Review, **fields: Any) -> None:
    """Write a locked review, and take it out of its product's counts and put it back as it then is."""
    if review.state == ReviewState.VISIBLE:
        _count(review, -1)
    _write(review, **fields)
    if review.state == ReviewState.VISIBLE:
        _count(review, 1)


def _write(review: Review, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(review, name, value)
    review.save(update_fields=list(fields))


def _count(review: Review, change: int) -> None:
    """Add a review to its product's counts, or take it out. The row is locked until the end of the transaction."""
    ReviewSummary.objects.bulk_create([ReviewSummary(product_id=review.product_id)], ignore_conflicts=True)
    summary = ReviewSummary.objects.select_for_update().get(pk=review.product_id)
    column = f"stars_{review.stars}"
    setattr(summary, column, getattr(summary, column) + change)
    summary.with_photos += change * bool(review.photo_count)
    summary.with_follow_up += change * bool(review.follow_up)
    tags = Counter(summary.tags)
    tags.update(dict.fromkeys(review.tags, change))
    summary.tags = {tag: number for tag, number in tags.items() if number > 0}
    summary.save()
