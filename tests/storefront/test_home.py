from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mall.core import clock
from members.models import Member
from storefront.models import Banner
from suppliers.commands import note_view
from tests.factories import AT, a_gift_pack, a_member, a_sku, gift_pack_terms
from tests.pages.reading import markup, signed_in

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]


def home(client: Client, query: str = "") -> str:
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    markup(answer)
    return str(answer.content.decode())


def test_the_home_page_shows_what_is_for_sale_at_its_price(client: Client) -> None:
    sku = a_sku(price_fen=6_800)
    hidden = a_sku(is_published=False)
    text = home(client)
    assert sku.product.name in text
    assert '<span class="price-sign">¥</span>68<span class="price-cents">.00</span>' in text
    assert hidden.product.name not in text


def test_without_terms_no_gift_pack_stands_on_the_shelf(client: Client) -> None:
    sku = a_gift_pack()
    assert sku.product.name not in home(client)
    gift_pack_terms()
    text = home(client)
    assert sku.product.name in text
    assert "499" in text


def test_an_empty_mall_has_no_empty_shelves(client: Client) -> None:
    text = home(client)
    assert "货架正在布置" in text
    for title in ("新品上架", "大家常买", "因为你看过", "单独下单，整份可退"):
        assert title not in text


def test_the_home_page_takes_as_many_queries_for_forty_products_as_for_two(
    client: Client, django_assert_num_queries: Counted
) -> None:
    for _ in range(2):
        a_sku()
    with django_assert_num_queries(HOME_QUERIES):
        home(client)
    for _ in range(38):
        a_sku()
    with django_assert_num_queries(HOME_QUERIES):
        home(client)


HOME_QUERIES = 9


def test_a_shelf_of_more_than_a_page_has_a_next_one(client: Client) -> None:
    skus = [a_sku() for _ in range(25)]
    second = home(client, "?page=2")
    on_second = {sku.product.slug for sku in skus if f"/p/{sku.product.slug}" in second}
    assert len(on_second) == 5
    assert 'href="/?page=2"' in home(client)
    assert "没有更多了" in second
    assert "新品上架" not in second


def test_the_next_page_alone_answers_the_script(client: Client) -> None:
    for _ in range(25):
        a_sku()
    answer = client.get("/?page=2", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert text.count('class="good"') == 5


@pytest.mark.parametrize("number", ["0", "-1", "x", "٣", "99999999999999999999", ""])
def test_a_malformed_page_number_is_the_first_page(client: Client, number: str) -> None:
    sku = a_sku()
    answer = client.get("/", {"page": number})
    assert answer.status_code == 200
    assert sku.product.name in answer.content.decode()


def test_banners_lead_where_they_say_and_the_first_is_not_lazy(client: Client) -> None:
    sku = a_sku()
    for number in range(2):
        Banner.objects.create(
            title=f"横幅{number}",
            target_path=f"/p/{sku.product.slug}",
            image="products/tea/hero-750.webp",
            position=number,
            starts_at=AT,
            saved_at=AT,
        )
    text = home(client)
    assert text.index("横幅0") < text.index("横幅1")
    first = text[text.index("横幅0") : text.index("横幅1")]
    assert 'fetchpriority="high"' in first
    assert "/media/products/tea/hero-375.webp" in first
    assert 'loading="lazy"' in text[text.index("横幅1") : text.index("横幅1") + 400]


def looked(member: Member) -> str:
    """Return the home page of a member who looked at something that has neighbours."""
    seen = a_sku()
    a_sku(supplier=seen.product.supplier)
    Member.objects.filter(pk=member.pk).update(personalised=True)
    note_view(product=seen.product, member=member, at=clock.now())
    return seen.product.name


def test_what_may_please_says_why_and_where_to_switch_it_off() -> None:
    member = a_member()
    name = looked(member)
    text = home(signed_in(member))
    assert f"因为你看过 {name}" in text
    assert "不想看" in text


def test_who_switched_it_off_is_not_shown_what_may_please() -> None:
    member = a_member()
    looked(member)
    Member.objects.filter(pk=member.pk).update(personalised=False)
    assert "因为你看过" not in home(signed_in(Member.objects.get(pk=member.pk)))


def test_a_stranger_is_remembered_only_after_agreeing(client: Client) -> None:
    seen = a_sku()
    a_sku(supplier=seen.product.supplier)
    client.get(f"/p/{seen.product.slug}", headers={"User-Agent": "Mozilla/5.0"})
    assert "因为你看过" not in home(client)
    client.cookies["personalised"] = "1"
    client.get(f"/p/{seen.product.slug}", headers={"User-Agent": "Mozilla/5.0"})
    assert f"因为你看过 {seen.product.name}" in home(client)
