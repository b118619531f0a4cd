"""The page of one's own, what is kept, and what was looked at."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mall.core import clock
from suppliers.commands import add_favourite, note_view
from suppliers.models import Favourite, Product, ProductView, Sku
from tests.factories import a_member, a_received_order, a_shipped_order, a_sku
from tests.orders.after_sale import a_case
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    markup(answer)
    return str(answer.content.decode())


@pytest.mark.parametrize("address", ["/me/", "/me/favorites", "/me/history"])
def test_a_stranger_logs_in_first(client: Client, address: str) -> None:
    assert client.get(address)["Location"].startswith("/account/login/")


def test_the_page_of_ones_own_counts_what_waits() -> None:
    member = a_member(nickname="江小满")
    a_shipped_order(member=member, at=clock.now())
    a_case(a_received_order(member=member, at=clock.now()), at=clock.now())
    add_favourite(member=member, product=a_sku().product, at=clock.now())
    text = text_of(signed_in(member), "/me/")
    assert "江小满" in text
    assert '<b class="badge">1</b></span>待收货' in text
    assert '<b class="badge">1</b></span>待评价' in text
    assert '<b class="badge">1</b></span>售后' in text
    assert '<b class="number">1</b><span>收藏</span>' in text
    assert member.phone not in text


def test_who_does_not_earn_reads_nothing_of_earnings() -> None:
    text = text_of(signed_in(a_member()), "/me/")
    assert "我的收益" not in text
    assert "可提现" not in text


def test_every_way_on_from_the_page_of_ones_own_opens() -> None:
    client = signed_in(a_member())
    found = markup(client.get("/me/"))
    assert found.ids
    addresses = {part.split('"')[0] for part in text_of(client, "/me/").split('href="')[1:]}
    own = [address for address in addresses if address.startswith("/") and not address.startswith("/static")]
    assert len(own) > 12
    assert {address: client.get(address).status_code for address in own if client.get(address).status_code != 200} == {}


def test_what_is_kept_says_how_its_price_has_moved() -> None:
    member, sku, gone, off = a_member(), a_sku(price_fen=6_800), a_sku(), a_sku()
    for one in (sku, gone, off):
        add_favourite(member=member, product=one.product, at=clock.now())
    Sku.objects.filter(pk=sku.pk).update(sale_price_fen=5_900)
    Sku.objects.filter(pk=gone.pk).update(on_hand=0)
    Product.objects.filter(pk=off.product_id).update(is_published=False)
    client = signed_in(member)
    text = text_of(client, "/me/favorites")
    assert "比收藏时降 ¥9.00" in text
    assert "已售罄，可登记到货提醒" in text
    assert "已下架" in text
    answer = client.post(f"/p/{off.product.slug}/favourite", {"keep": "no", "back": "favourites"})
    assert answer["Location"] == "/me/favorites"
    assert Favourite.objects.filter(member=member).count() == 2


def test_nothing_kept_and_nothing_seen_lead_on() -> None:
    client = signed_in(a_member())
    assert "还没有收藏" in text_of(client, "/me/favorites")
    assert "还没有浏览记录" in text_of(client, "/me/history")


def test_what_was_seen_stands_by_day_and_can_be_forgotten() -> None:
    member, today, before = a_member(), a_sku(), a_sku()
    now = clock.now()
    note_view(product=today.product, member=member, at=now)
    note_view(product=before.product, member=member, at=now - timedelta(days=1))
    client = signed_in(member)
    text = text_of(client, "/me/history")
    assert text.index("今天") < text.index(today.product.name) < text.index("昨天") < text.index(before.product.name)
    assert client.post("/me/history", {"product": today.product.slug}).status_code == 302
    assert ProductView.objects.filter(member=member).count() == 1
    with nothing_changes():
        assert client.post("/me/history", {"product": "nothing"}).status_code == 404
        assert client.post("/me/history", {"product": "a\x00b"}).status_code in (302, 404)
    assert client.post("/me/history").status_code == 302
    assert ProductView.objects.count() == 0


def test_nobody_forgets_for_somebody_else() -> None:
    member, sku = a_member(), a_sku()
    note_view(product=sku.product, member=member, at=clock.now())
    signed_in(a_member()).post("/me/history")
    assert ProductView.objects.filter(member=member).count() == 1


def test_lists_take_as_many_queries_for_much_as_for_little(django_assert_num_queries: Counted) -> None:
    member = a_member()
    client = signed_in(member)

    def keep(count: int) -> None:
        for _ in range(count):
            product = a_sku().product
            add_favourite(member=member, product=product, at=clock.now())
            note_view(product=product, member=member, at=clock.now())

    keep(2)
    counts = []
    for address in ("/me/favorites", "/me/history"):
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        counts.append(len(found))
    keep(12)
    for address, count in zip(("/me/favorites", "/me/history"), counts, strict=True):
        with django_assert_num_queries(count):
            client.get(address)
        assert count <= 8
