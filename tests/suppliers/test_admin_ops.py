"""Suppliers' goods at /ops/: seen by operators, taken off the shelf by those who may."""

import pytest
from django.urls import reverse

from mall.core.rights import REVIEW, SERVICE
from members.models import Member
from suppliers.models import Product, Sku
from tests.factories import a_gift_pack, a_sku
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> Member:
    return operator("何琳", SERVICE)


def test_a_product_is_taken_off_the_shelf_and_put_back_on_a_page_of_its_own(service):
    product = a_sku().product
    shelf = reverse("ops:suppliers_product_shelf", args=[product.pk])
    client = as_(service)
    with nothing_changes():
        assert "已下的订单不受影响" in text(client.get(shelf))
    assert "已下架" in text(client.post(shelf, follow=True))
    assert not Product.objects.get(pk=product.pk).is_published
    client.post(shelf)
    assert Product.objects.get(pk=product.pk).is_published


def test_only_the_group_of_service_moves_goods():
    product = a_sku().product
    client = as_(operator("苏敏", REVIEW))
    shelf = reverse("ops:suppliers_product_shelf", args=[product.pk])
    assert shelf not in text(client.get(reverse("ops:suppliers_product_change", args=[product.pk])))
    with nothing_changes():
        assert client.post(shelf).status_code == 403


def test_a_sku_shows_its_prices_and_its_stock_with_movements(service):
    sku, pack = a_sku(), a_gift_pack()
    client = as_(service)
    page = text(client.get(reverse("ops:suppliers_sku_change", args=[sku.pk])))
    for words in ("¥40.00", "¥68.00", "¥78.00", "入库"):
        assert words in page
    assert "按方案" in text(client.get(reverse("ops:suppliers_sku_change", args=[pack.pk])))
    with nothing_changes():
        changed = client.post(reverse("ops:suppliers_sku_change", args=[sku.pk]), {"supply_price_fen": "1"})
        assert changed.status_code == 403
    assert Sku.objects.get(pk=sku.pk).supply_price_fen == 4_000


@pytest.mark.parametrize("address", ["/ops/suppliers/product/", "/ops/suppliers/sku/", "/ops/suppliers/supplier/"])
def test_a_list_asks_as_much_for_many_rows_as_for_few(service, address, django_assert_max_num_queries):
    client = as_(service)
    a_sku()
    client.get(address)
    with django_assert_max_num_queries(25) as first:
        client.get(address)
    count = len(first)
    for _ in range(5):
        a_sku()
    with django_assert_max_num_queries(count):
        client.get(address)
