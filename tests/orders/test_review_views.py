"""The pages on which a buyer reviews, and the desks that read and answer."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from mall.core import clock
from mall.core.rights import SERVICE
from members.models import Member
from orders.commands.reviewing import hold_word, write_review
from orders.models import HeldWord, Order, Review, ReviewState
from suppliers.models import Sku
from tests.factories import a_member, a_received_order, a_seat, a_shipped_order, a_sku
from tests.operators import as_, operator
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def received(member: Member | None = None, sku: Sku | None = None) -> Order:
    return a_received_order(member=member, sku=sku, at=clock.now())


def page_of(order: Order) -> str:
    return f"/reviews/new/{order.lines.get().pk}"


def wrote(order: Order, **changes: Any) -> Review:
    said: dict[str, Any] = {"stars": 5, "tags": [], "text": "茶很香", "is_anonymous": False} | changes
    return write_review(member=order.member, line_id=order.lines.get().pk, at=clock.now(), **said)


def a_picture(kind: str = "JPEG") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (80, 60), "#7d4a22").save(out, kind)
    return SimpleUploadedFile("IMG_0001.JPG", out.getvalue(), content_type="image/jpeg")


def test_a_buyer_reviews_what_came_with_stars_tags_words_and_photos() -> None:
    order = received()
    client = signed_in(order.member)
    waiting = client.get("/reviews/")
    markup(waiting)
    assert page_of(order) in waiting.content.decode()
    form = client.get(page_of(order))
    assert {"stars", "tags", "text", "photos", "is_anonymous"} <= set(markup(form).fields)
    answer = client.post(
        page_of(order),
        {
            "stars": "5",
            "tags": ["口味好", "会再买"],
            "text": "茶很香",
            "is_anonymous": "on",
            "photos": [a_picture(), a_picture()],
        },
    )
    review = Review.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/reviews/{review.pk}")
    assert (review.stars, review.tags, review.photo_count, review.is_anonymous) == (5, ["口味好", "会再买"], 2, True)
    own = client.get(f"/reviews/{review.pk}")
    markup(own)
    assert "已展示" in own.content.decode()
    assert client.get("/reviews/").content.decode().count("/reviews/new/") == 0
    assert f"/reviews/{review.pk}" in client.get("/reviews/?tab=done").content.decode()


def test_a_second_review_leads_to_the_first() -> None:
    order = received()
    review = wrote(order)
    client = signed_in(order.member)
    with nothing_changes():
        for answer in (client.get(page_of(order)), client.post(page_of(order), {"stars": "1"})):
            assert (answer.status_code, answer["Location"]) == (302, f"/reviews/{review.pk}")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"stars": "0"},
        {"stars": "6"},
        {"stars": "x"},
        {"stars": "5", "tags": ["没有"]},
        {"stars": "5", "tags": ["品质很好", "包装用心", "发货很快", "新鲜", "口味好", "性价比高"]},
        {"stars": "5", "text": "好" * 501},
        {"stars": "5", "photos": [SimpleUploadedFile("a.svg", b"<svg onload='alert(1)'/>")]},
        {"stars": "5", "photos": [SimpleUploadedFile("a.html", b"<script>alert(1)</script>")]},
    ],
)
def test_a_malformed_review_is_refused_with_a_word(given: dict[str, Any]) -> None:
    order = received()
    client = signed_in(order.member)
    with nothing_changes():
        answer = client.post(page_of(order), given)
    assert answer.status_code == 400
    assert "field-error" in answer.content.decode()


def test_ten_photos_are_one_too_many() -> None:
    order = received()
    client = signed_in(order.member)
    with nothing_changes():
        answer = client.post(page_of(order), {"stars": "5", "photos": [a_picture() for _ in range(10)]})
    assert answer.status_code == 400


def test_what_has_not_come_cannot_be_reviewed() -> None:
    order = a_shipped_order(at=clock.now())
    client = signed_in(order.member)
    assert "现在不能评价" in client.get(page_of(order)).content.decode()
    with nothing_changes():
        assert client.post(page_of(order), {"stars": "5"}).status_code == 400


def test_somebody_elses_lines_and_reviews_are_not_there() -> None:
    order = received()
    review = wrote(order)
    stranger = signed_in(a_member())
    with nothing_changes():
        assert stranger.get(page_of(order)).status_code == 404
        assert stranger.post(page_of(order), {"stars": "1"}).status_code == 404
        assert stranger.get(f"/reviews/{review.pk}").status_code == 404
        assert stranger.post(f"/reviews/{review.pk}", {"text": "我也说"}).status_code == 404
        assert Client().get(page_of(order)).status_code == 302


def test_one_more_word_is_added_once() -> None:
    order = received()
    review = wrote(order)
    client = signed_in(order.member)
    assert client.post(f"/reviews/{review.pk}", {"text": ""}).status_code == 400
    assert client.post(f"/reviews/{review.pk}", {"text": "还是香"}).status_code == 302
    text = client.get(f"/reviews/{review.pk}").content.decode()
    assert "还是香" in text
    assert "发布追评" not in text
    with nothing_changes():
        assert client.post(f"/reviews/{review.pk}", {"text": "再说"}).status_code == 400


def test_its_author_reads_that_a_review_waits_and_why_it_was_hidden() -> None:
    hold_word(word="返现", by=a_member(), at=clock.now())
    order = received()
    review = wrote(order, text="好评返现")
    client = signed_in(order.member)
    assert "审核中" in client.get(f"/reviews/{review.pk}").content.decode()
    Review.objects.update(state=ReviewState.HIDDEN, reason="含联系方式")
    assert "未通过：含联系方式" in client.get(f"/reviews/{review.pk}").content.decode()


def test_others_see_masked_names_and_nothing_that_waits(client: Client) -> None:
    sku = a_sku()
    named = received(member=a_member(nickname="周可可"), sku=sku)
    wrote(named, text="看得见的")
    hidden = received(member=a_member(nickname="刘知秋"), sku=sku)
    wrote(hidden, text="匿名的", is_anonymous=True)
    waiting = wrote(received(sku=sku), text="等着的")
    Review.objects.filter(pk=waiting.pk).update(state=ReviewState.PENDING)
    answer = client.get(f"/p/{sku.product.slug}/reviews")
    markup(answer)
    text = answer.content.decode()
    assert "周**" in text
    assert "匿名用户" in text
    for secret in ("周可可", "刘知秋", "刘**", "等着的", named.member.phone[-4:], named.number):
        assert secret not in text


def test_reviews_are_filtered_and_turned_page_by_page(client: Client, django_assert_num_queries: Counted) -> None:
    sku = a_sku(on_hand=99)
    for number in range(12):
        wrote(received(sku=sku), text=f"第{number}条", stars=5 if number else 2)
    page = f"/p/{sku.product.slug}/reviews"
    first = client.get(page).content.decode()
    assert first.count('class="review"') == 10
    assert "before=" in first
    assert "第0条" in client.get(f"{page}?part=poor").content.decode()
    assert "没有符合条件的评价" in client.get(f"{page}?part=photos").content.decode()
    with django_assert_num_queries(REVIEW_QUERIES):
        client.get(page)
    for query in ("?part=nothing", "?tag=nothing", "?tag=%00"):
        assert client.get(page + query).status_code == 404
    for query in ("?before=x", "?before=99999999999999999999", "?before=-1", "?before="):
        assert client.get(page + query).status_code == 200
    assert client.get("/p/nothing/reviews").status_code == 404


REVIEW_QUERIES = 3


def test_the_supplier_answers_its_own_reviews_alone() -> None:
    order = received()
    review = wrote(order)
    keeper = as_(a_seat(order.supplier))
    assert "茶很香" in keeper.get("/supplier/orders/review/").content.decode()
    answer = keeper.post(f"/supplier/orders/review/{review.pk}/answer/", {"text": "谢谢您"})
    assert answer.status_code == 302
    assert Review.objects.get().reply == "谢谢您"
    stranger = as_(a_seat(a_sku().product.supplier))
    with nothing_changes():
        assert stranger.post(f"/supplier/orders/review/{review.pk}/answer/", {"text": "我来"}).status_code == 404
    assert order.member.nickname not in keeper.get("/supplier/orders/review/").content.decode()


def test_an_operator_reads_what_waits_and_decides() -> None:
    client = as_(operator("小审", SERVICE))
    assert client.post("/ops/orders/heldword/hold/", {"word": "返现"}).status_code == 302
    review = wrote(received(), text="好评返现")
    listed = client.get("/ops/orders/review/?state__exact=pending").content.decode()
    assert "好评返现" in listed
    assert "返现" in client.get(f"/ops/orders/review/{review.pk}/decide/").content.decode()
    assert client.post(f"/ops/orders/review/{review.pk}/decide/").status_code == 302
    review.refresh_from_db()
    assert review.state == ReviewState.VISIBLE
    assert client.post(f"/ops/orders/review/{review.pk}/hide/", {"reason": ""}).status_code == 200
    assert client.post(f"/ops/orders/review/{review.pk}/hide/", {"reason": "含引流"}).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.reason) == (ReviewState.HIDDEN, "含引流")
    word = HeldWord.objects.get()
    assert client.post(f"/ops/orders/heldword/{word.pk}/release/").status_code == 302
    assert HeldWord.objects.count() == 0


def test_an_operator_without_the_right_decides_nothing() -> None:
    review = wrote(received())
    client = as_(operator("只看"))
    with nothing_changes():
        for page in (f"review/{review.pk}/decide/", f"review/{review.pk}/hide/", "heldword/hold/"):
            assert client.post(f"/ops/orders/{page}", {"reason": "x", "word": "x"}).status_code == 403
