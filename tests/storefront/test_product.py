from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mall.core import clock
from suppliers.models import Product, Sku
from tests.factories import PACK_PRICE_FEN, a_gift_pack, a_sku, a_supplier, gift_pack_terms
from tests.pages.reading import markup

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]


def page(client: Client, sku: Sku, query: str = "") -> Any:
    return client.get(f"/p/{sku.product.slug}{query}")


def test_a_product_page_has_price_supplier_and_a_form_of_ids_and_counts(client: Client) -> None:
    sku = a_sku(price_fen=12_800)
    answer = page(client, sku)
    fields = markup(answer).fields
    assert set(fields) == {"sku", "quantity"}
    text = answer.content.decode()
    assert sku.product.supplier.name in text
    assert 'action="/checkout"' in text
    assert "立即购买 ¥128.00" in text


def test_another_price_in_the_address_changes_nothing(client: Client) -> None:
    sku = a_sku(price_fen=12_800)
    text = page(client, sku, f"?sku={sku.pk}&quantity=1&price_fen=1&unit_price_fen=1").content.decode()
    assert "立即购买 ¥128.00" in text


@pytest.mark.parametrize("query", ["?sku=x&quantity=y", "?sku=-1&quantity=0", "?sku=99999999999999999999&quantity=1e9"])
def test_a_malformed_choice_falls_back_to_what_can_be_had(client: Client, query: str) -> None:
    sku = a_sku(on_hand=3)
    answer = page(client, sku, query)
    assert answer.status_code == 200
    assert f'value="{sku.pk}" checked' in answer.content.decode()


def test_more_than_there_is_is_brought_down(client: Client) -> None:
    sku = a_sku(on_hand=3)
    assert markup(page(client, sku, f"?sku={sku.pk}&quantity=50")).fields["quantity"] == "3"


def test_a_product_that_is_sold_out_keeps_its_page_and_cannot_be_bought(client: Client) -> None:
    text = page(client, a_sku(on_hand=0)).content.decode()
    assert "已售罄" in text
    assert "立即购买" not in text


def test_a_gift_pack_says_before_payment_that_it_goes_back_whole(client: Client) -> None:
    gift_pack_terms()
    sku = a_gift_pack()
    text = page(client, sku).content.decode()
    assert "只能整份退货，全额退款" in text
    assert "收货后 7 天为冷静期" in text
    assert f"买礼包 ¥{PACK_PRICE_FEN / 100:.2f}" in text
    assert "代理" not in text


def test_a_gift_pack_without_terms_is_not_for_sale_and_says_nothing_of_ranks(client: Client) -> None:
    text = page(client, a_gift_pack()).content.decode()
    assert "暂未开售" in text
    assert "代理" not in text


def test_a_product_off_the_shelf_is_not_found(client: Client) -> None:
    assert page(client, a_sku(is_published=False)).status_code == 404
    supplier = a_supplier()
    sku = a_sku(supplier=supplier)
    supplier.is_active = False
    supplier.save(update_fields=["is_active"])
    assert page(client, sku).status_code == 404


def test_what_suppliers_write_is_text_and_not_markup(client: Client) -> None:
    sku = a_sku()
    words = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    Product.objects.filter(pk=sku.product_id).update(
        name=words[:60], subtitle=words, detail=[{"title": words, "text": words}]
    )
    answer = page(client, sku)
    markup(answer)
    assert "<script>alert" not in answer.content.decode()


def test_a_product_page_takes_a_fixed_number_of_queries(client: Client, django_assert_num_queries: Counted) -> None:
    supplier = a_supplier()
    sku = a_sku(supplier=supplier)
    with django_assert_num_queries(7):
        page(client, sku)
    for _ in range(12):
        a_sku(supplier=supplier)
    with django_assert_num_queries(7):
        page(client, sku)


def test_the_clock_of_the_demo_decides_which_terms_hold(client: Client) -> None:
    gift_pack_terms(starts_at=clock.now().replace(year=2099))
    assert "暂未开售" in page(client, a_gift_pack()).content.decode()
