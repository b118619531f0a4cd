"""Reviews: who may write one, what keeps one back, and that the counts always are the sum of what is seen."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mall.core.photos import Photo
from members.models import Member
from orders.commands.reviewing import (
    ReviewRefusal,
    ReviewRefused,
    follow_up_review,
    hide_review,
    hold_word,
    release_word,
    reply_to_review,
    show_review,
    write_review,
)
from orders.models import HeldWord, Order, OrderLine, Review, ReviewState, ReviewSummary
from orders.queries import reviews as queries
from orders.rules import reviewing
from tests.factories import AT, a_member, a_paid_order, a_received_order, a_seat, a_shipped_order, a_sku, later
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def a_photo(width: int = 640, height: int = 480) -> Photo:
    out = BytesIO()
    Image.new("RGB", (width, height), "#8a5a2b").save(out, "WEBP")
    return Photo(content=out.getvalue(), width=width, height=height)


def line_of(order: Order) -> OrderLine:
    return order.lines.get()


def wrote(order: Order, *, at: Any = None, **changes: Any) -> Review:
    said: dict[str, Any] = {"stars": 5, "tags": ["口味好"], "text": "茶很香", "is_anonymous": False} | changes
    return write_review(**({"member": order.member, "line_id": line_of(order).pk} | said), at=at or later(days=1))


def refused(why: ReviewRefusal, act: Any, /, **given: Any) -> None:
    with nothing_changes(), pytest.raises(ReviewRefused) as refusal:
        act(**given)
    assert refusal.value.reason == why


def test_what_was_received_is_reviewed_and_counted(media: Path) -> None:
    order = a_received_order()
    review = wrote(order, photos=[a_photo(), a_photo(200, 300)], text=" 茶很香 \n\n\n 会再买 ")
    product = line_of(order).sku.product
    assert (review.state, review.text, review.photo_count) == (ReviewState.VISIBLE, "茶很香\n\n会再买", 2)
    photos = list(review.photos.order_by("position"))
    assert [(photo.width, photo.height) for photo in photos] == [(640, 480), (200, 300)]
    for photo in photos:
        with Image.open(media / photo.small_path) as small:
            assert max(small.size) <= 300
    summary = queries.summary_of(product_id=product.pk)
    assert (summary.count, summary.average, summary.good_percent) == (1, "5.0", 100)
    assert (summary.with_photos, summary.tags) == (1, {"口味好": 1})
    assert queries.miscounted_summaries() == []


@pytest.mark.parametrize("made", [a_paid_order, a_shipped_order])
def test_what_was_not_received_is_not_reviewed(made: Any) -> None:
    refused(ReviewRefusal.NOT_RECEIVED, wrote, order=made())


def test_ninety_days_after_receipt_it_is_too_late() -> None:
    order = a_received_order()
    refused(ReviewRefusal.TOO_LATE, wrote, order=order, at=AT + timedelta(days=90))
    assert wrote(order, at=AT + timedelta(days=90) - timedelta(seconds=1))


def test_a_line_is_reviewed_once() -> None:
    order = a_received_order()
    wrote(order)
    refused(ReviewRefusal.ALREADY, wrote, order=order, text="再来一次")


def test_what_was_returned_is_not_reviewed() -> None:
    order = a_received_order()
    OrderLine.objects.filter(order=order).update(refunded_quantity=1)
    refused(ReviewRefusal.RETURNED, wrote, order=order)


def test_nobody_reviews_for_somebody_else() -> None:
    order, stranger = a_received_order(), a_member()
    with nothing_changes(), pytest.raises(OrderLine.DoesNotExist):
        wrote(order, member=stranger)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"stars": 0}, ReviewRefusal.BAD_STARS),
        ({"stars": 6}, ReviewRefusal.BAD_STARS),
        ({"tags": ["没有这个标签"]}, ReviewRefusal.BAD_TAGS),
        ({"tags": ["口味好", "口味好"]}, ReviewRefusal.BAD_TAGS),
        ({"tags": list(reviewing.TAGS[:6])}, ReviewRefusal.BAD_TAGS),
        ({"text": "好" * 501}, ReviewRefusal.BAD_TEXT),
        ({"text": "好\x00"}, ReviewRefusal.BAD_TEXT),
        ({"photos": [a_photo(4, 4)] * 10}, ReviewRefusal.TOO_MANY_PHOTOS),
    ],
)
def test_a_review_out_of_bounds_is_refused(given: dict[str, Any], reason: ReviewRefusal) -> None:
    refused(reason, wrote, order=a_received_order(), **given)


def test_a_refused_review_leaves_no_photo_behind(media: Path) -> None:
    order = a_shipped_order()
    refused(ReviewRefusal.NOT_RECEIVED, wrote, order=order, photos=[a_photo()])
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_a_held_word_keeps_a_review_back_until_somebody_has_read_it() -> None:
    operator = a_member()
    hold_word(word="加 微信", by=operator, at=AT)
    order = a_received_order()
    review = wrote(order, text="想要的加微 信聊")
    product_id = review.product_id
    assert review.state == ReviewState.PENDING
    assert queries.words_held_in(review=review) == ("加 微信",)
    assert queries.summary_of(product_id=product_id).count == 0
    assert queries.shown_reviews(product_id=product_id, limit=9) == []
    assert queries.waiting_reviews(limit=9) == 1
    show_review(review=review, by=operator, at=later(days=2))
    assert [shown.pk for shown in queries.shown_reviews(product_id=product_id, limit=9)] == [review.pk]
    assert queries.summary_of(product_id=product_id).count == 1
    assert queries.miscounted_summaries() == []


def test_a_hidden_review_counts_no_more_and_its_author_reads_why() -> None:
    order = a_received_order()
    review = wrote(order)
    hide_review(review=review, reason="含联系方式", by=a_member(), at=later(days=2))
    own = queries.own_review(member=order.member, review_id=review.pk)
    assert own is not None
    assert (own.state, own.reason) == (ReviewState.HIDDEN, "含联系方式")
    assert queries.summary_of(product_id=review.product_id).count == 0
    assert queries.shown_reviews(product_id=review.product_id, limit=9) == []
    show_review(review=review, by=a_member(), at=later(days=3))
    assert queries.summary_of(product_id=review.product_id).tags == {"口味好": 1}
    assert queries.miscounted_summaries() == []


def test_a_review_is_hidden_for_a_reason_only() -> None:
    review = wrote(a_received_order())
    refused(ReviewRefusal.BAD_REASON, hide_review, review=review, reason="  ", by=a_member(), at=later(days=2))


def test_one_more_word_some_time_later_and_no_third() -> None:
    order = a_received_order()
    review = wrote(order)
    follow_up_review(member=order.member, review=review, text="喝了一个月，还是香", at=later(days=31))
    assert queries.summary_of(product_id=review.product_id).with_follow_up == 1
    refused(
        ReviewRefusal.FOLLOWED_UP,
        follow_up_review,
        member=order.member,
        review=review,
        text="再说一句",
        at=later(days=32),
    )
    assert queries.miscounted_summaries() == []


@pytest.mark.parametrize(
    ("text", "days", "reason"),
    [
        ("", 2, ReviewRefusal.NOTHING_SAID),
        ("晚了", 181, ReviewRefusal.TOO_LATE),
        ("好" * 501, 2, ReviewRefusal.BAD_TEXT),
    ],
)
def test_a_follow_up_out_of_bounds_is_refused(text: str, days: int, reason: ReviewRefusal) -> None:
    order = a_received_order()
    review = wrote(order)
    refused(reason, follow_up_review, member=order.member, review=review, text=text, at=later(days=days))


def test_nobody_follows_up_somebody_elses_review() -> None:
    review = wrote(a_received_order())
    refused(
        ReviewRefusal.NOT_YOURS, follow_up_review, member=a_member(), review=review, text="我也说", at=later(days=2)
    )


def test_a_follow_up_with_a_held_word_takes_the_review_out_until_it_is_read() -> None:
    order = a_received_order()
    review = wrote(order)
    hold_word(word="返现", by=a_member(), at=AT)
    follow_up_review(member=order.member, review=review, text="店家说好评返现", at=later(days=9))
    assert Review.objects.get().state == ReviewState.PENDING
    assert queries.summary_of(product_id=review.product_id).count == 0
    assert queries.miscounted_summaries() == []


def test_the_supplier_answers_and_nobody_else() -> None:
    order = a_received_order()
    review = wrote(order)
    keeper = a_seat(order.supplier)
    reply_to_review(review=review, text="谢谢您，常来", by=keeper, at=later(days=2))
    assert Review.objects.get().reply == "谢谢您，常来"
    for stranger in (a_member(), a_seat(a_sku().product.supplier)):
        refused(ReviewRefusal.NOT_YOURS, reply_to_review, review=review, text="我来答", by=stranger, at=later(days=3))


@pytest.mark.parametrize("text", ["", " ", "好" * 301])
def test_an_answer_out_of_bounds_is_refused(text: str) -> None:
    order = a_received_order()
    review = wrote(order)
    keeper = a_seat(order.supplier)
    refused(ReviewRefusal.BAD_REPLY, reply_to_review, review=review, text=text, by=keeper, at=later(days=2))


def test_what_others_do_not_see_is_not_answered() -> None:
    order = a_received_order()
    review = wrote(order)
    keeper = a_seat(order.supplier)
    hide_review(review=review, reason="含联系方式", by=a_member(), at=later(days=2))
    refused(ReviewRefusal.NOT_SHOWN, reply_to_review, review=review, text="谢谢", by=keeper, at=later(days=3))


def test_a_released_word_holds_nothing_back() -> None:
    word = hold_word(word="返现", by=a_member(), at=AT)
    assert hold_word(word="返现", by=a_member(), at=AT) == word
    release_word(word=word)
    assert wrote(a_received_order(), text="好评返现").state == ReviewState.VISIBLE
    assert HeldWord.objects.count() == 0


def test_a_list_is_narrowed_by_stars_photos_follow_ups_and_tags_and_turned_page_by_page() -> None:
    sku = a_sku()
    made = []
    for stars, tags, photos in [(5, ["口味好"], 1), (4, [], 0), (3, ["新鲜"], 0), (2, [], 0), (1, ["口味好"], 0)]:
        order = a_received_order(sku=sku)
        made.append(wrote(order, stars=stars, tags=tags, photos=[a_photo(8, 8)] * photos, at=later(days=stars)))
    follow_up_review(member=made[2].member, review=made[2], text="补一句", at=later(days=9))
    product_id = sku.product_id

    def stars_of(**given: Any) -> list[int]:
        return [review.stars for review in queries.shown_reviews(product_id=product_id, limit=9, **given)]

    assert stars_of() == [5, 4, 3, 2, 1]
    assert stars_of(part="good") == [5, 4]
    assert stars_of(part="fair") == [3]
    assert stars_of(part="poor") == [2, 1]
    assert stars_of(part="photos") == [5]
    assert stars_of(part="followed") == [3]
    assert stars_of(tag="口味好") == [5, 1]
    assert stars_of(before=made[2].pk) == [2, 1]
    assert stars_of(before=10**9) == [5, 4, 3, 2, 1]
    summary = queries.summary_of(product_id=product_id)
    assert (summary.count, summary.average, summary.good_percent) == (5, "3.0", 40)
    assert (summary.good, summary.fair, summary.poor) == (2, 1, 2)
    assert summary.top_tags == [("口味好", 2), ("新鲜", 1)]
    assert queries.miscounted_summaries() == []


def test_what_waits_to_be_reviewed_is_what_was_received_of_ones_own() -> None:
    member: Member = a_member()
    order = a_received_order(member=member)
    a_shipped_order(member=member)
    a_received_order()
    assert [line.pk for line in queries.reviewable_lines(member=member, at=later(days=1))] == [line_of(order).pk]
    assert list(queries.reviewable_lines(member=member, at=later(days=91))) == []
    wrote(order)
    assert list(queries.reviewable_lines(member=member, at=later(days=1))) == []


def test_a_summary_that_was_tampered_with_is_found() -> None:
    review = wrote(a_received_order())
    ReviewSummary.objects.update(stars_5=7)
    assert queries.miscounted_summaries() == [review.product_id]


@pytest.mark.parametrize(
    ("counts", "average", "good"),
    [
        ([0, 0, 0, 0, 0], 0, 0),
        ([0, 0, 0, 1, 1], 45, 100),
        ([1, 0, 0, 0, 2], 37, 66),
        ([0, 0, 0, 0, 9], 50, 100),
        ([1, 1, 1, 1, 1], 30, 40),
    ],
)
def test_stars_add_up_in_tenths(counts: list[int], average: int, good: int) -> None:
    assert (reviewing.average_tenths(counts), reviewing.good_percent(counts)) == (average, good)
