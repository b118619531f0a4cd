from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from suppliers.commands import add_category
from tests.factories import a_gift_pack, a_sku, gift_pack_terms
from tests.pages.reading import markup

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]


def test_the_home_page_shows_what_is_for_sale_at_its_price(client: Client) -> None:
    sku = a_sku(price_fen=6_800)
    hidden = a_sku(is_published=False)
    answer = client.get("/")
    assert markup(answer)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert sku.product.name in text
    assert '<span class="price-sign">¥</span>68<span class="price-cents">.00</span>' in text
    assert hidden.product.name not in text


def test_without_terms_no_gift_pack_stands_on_the_shelf(client: Client) -> None:
    sku = a_gift_pack()
    assert sku.product.name not in client.get("/").content.decode()
    gift_pack_terms()
    text = client.get("/").content.decode()
    assert sku.product.name in text
    assert "499" in text


def test_the_home_page_takes_as_many_queries_for_forty_products_as_for_two(
    client: Client, django_assert_num_queries: Counted
) -> None:
    for _ in range(2):
        a_sku()
    with django_assert_num_queries(8):
        client.get("/")
    for _ in range(38):
        a_sku()
    with django_assert_num_queries(8):
        client.get("/")


def test_a_shelf_of_more_than_a_page_has_a_next_one(client: Client) -> None:
    skus = [a_sku() for _ in range(25)]
    first, second = client.get("/").content.decode(), client.get("/?page=2").content.decode()
    on_first = {sku.product.slug for sku in skus if f"/p/{sku.product.slug}" in first}
    on_second = {sku.product.slug for sku in skus if f"/p/{sku.product.slug}" in second}
    assert (len(on_first), len(on_second)) == (20, 5)
    assert not on_first & on_second
    assert "page=2" in first


@pytest.mark.parametrize("number", ["0", "-1", "x", "٣", "99999999999999999999", ""])
def test_a_malformed_page_number_is_the_first_page(client: Client, number: str) -> None:
    sku = a_sku()
    answer = client.get("/", {"page": number})
    assert answer.status_code == 200
    if number not in ("99999999999999999999",):
        assert sku.product.name in answer.content.decode()


def test_a_category_shows_its_goods_alone(client: Client) -> None:
    tea, rice = a_sku(), a_sku()
    text = client.get("/", {"c": tea.product.category.slug}).content.decode()
    assert f"/p/{tea.product.slug}" in text
    assert f"/p/{rice.product.slug}" not in text
    empty = add_category(name="空", slug="empty")
    assert "这里还没有商品" in client.get("/", {"c": empty.slug}).content.decode()


@pytest.mark.parametrize("slug", ["nothing", "a\x00b", "' OR 1=1"])
def test_an_unknown_category_is_not_found(client: Client, slug: str) -> None:
    assert client.get("/", {"c": slug}).status_code == 404


def test_the_shelf_alone_answers_the_script(client: Client) -> None:
    a_sku()
    answer = client.get("/", headers={"HX-Request": "true", "HX-Target": "shelf"})
    assert "<html" not in answer.content.decode()
    assert 'id="shelf"' in answer.content.decode()
