"""The cart, of guests and members: what is put in, what it says, and who may touch it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mall.core import clock
from members.models import Member
from orders import commands
from orders.models import CartItem
from orders.queries.cart import cart_of
from orders.rules.cart import CartOwner
from orders.tasks import prune_guest_carts
from suppliers.models import Product, Sku
from tests.factories import a_gift_pack, a_member, a_sku, a_supplier, gift_pack_terms
from tests.orders.goods import a_sku_of
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]


@pytest.fixture
def buyer() -> Member:
    return a_member(nickname="周可")


@pytest.fixture
def browser(buyer: Member) -> Client:
    return signed_in(buyer)


def add(browser: Client, sku: Sku | int, quantity: object = 1, **more: object) -> Any:
    return browser.post("/cart/add", {"sku": getattr(sku, "pk", sku), "quantity": quantity, **more})


def held(member: Member) -> dict[int, int]:
    return dict(CartItem.objects.filter(member=member).values_list("sku", "quantity"))


def item(member: Member, sku: Sku) -> CartItem:
    return CartItem.objects.get(member=member, sku=sku)


def change(browser: Client, *items: CartItem, **fields: object) -> Any:
    was = [f"{item.pk}:{item.quantity}" for item in items]
    return browser.post("/cart", {"was": was, **fields}, headers={"HX-Request": "true", "HX-Target": "cart"})


# Putting in


def test_what_is_put_in_twice_is_added_up_and_counted_on_the_badge(browser: Client, buyer: Member) -> None:
    sku = a_sku()
    assert add(browser, sku, 2)["Location"] == "/cart"
    add(browser, sku, 3)
    assert held(buyer) == {sku.pk: 5}
    text = browser.get("/cart").content.decode()
    assert "已加入购物车" in text
    assert sku.product.name in text
    assert "结算 5 件" in text


def test_with_script_nothing_is_loaded_anew_and_the_badge_is_told(browser: Client) -> None:
    answer = browser.post("/cart/add", {"sku": a_sku().pk, "quantity": 1}, headers={"HX-Request": "true"})
    assert json.loads(answer["HX-Trigger"]) == {"cart-added": {"count": 1, "message": "已加入购物车"}}
    assert answer.content == b""


def test_it_leads_back_where_it_was_put_in_but_nowhere_else(browser: Client) -> None:
    sku = a_sku()
    assert add(browser, sku, next=f"/p/{sku.product.slug}")["Location"] == f"/p/{sku.product.slug}"
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        assert add(browser, sku, next=elsewhere)["Location"] == "/cart"


@pytest.mark.parametrize(
    "quantity", ["-1", "0", "1.5", "1e9", "100", str(2**63), "１", "NaN", "Infinity", "", "true", "1;2", "9" * 5_000]
)
def test_no_odd_quantity_is_put_in(browser: Client, quantity: str) -> None:
    sku = a_sku(on_hand=500)
    with nothing_changes():
        answer = browser.post("/cart/add", {"sku": sku.pk, "quantity": quantity}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "数量应为 1 到 99 的整数" in json.loads(answer["HX-Trigger"])["said"]["message"]


@pytest.mark.parametrize("sku", ["", "0", "-1", "x", str(2**63), str(10**18), "1 OR 1=1", "１"])
def test_no_unknown_sku_is_put_in(browser: Client, sku: str) -> None:
    with nothing_changes():
        answer = browser.post("/cart/add", {"sku": sku, "quantity": 1}, headers={"HX-Request": "true"})
    assert answer.status_code == 409


def test_what_is_off_the_shelf_sold_out_or_a_gift_pack_is_not_put_in(browser: Client) -> None:
    gift_pack_terms()
    for sku, words in (
        (a_sku(is_published=False), "商品已下架"),
        (a_sku(on_hand=0), "库存不足"),
        (a_gift_pack(), "礼包需单独下单"),
    ):
        with nothing_changes():
            answer = browser.post("/cart/add", {"sku": sku.pk, "quantity": 1}, headers={"HX-Request": "true"})
        assert json.loads(answer["HX-Trigger"])["said"]["message"] == words


def test_no_more_is_put_in_than_can_be_had(browser: Client, buyer: Member) -> None:
    few, limited = a_sku(on_hand=3), a_sku()
    Product.objects.filter(pk=limited.product_id).update(limit_per_order=2)
    add(browser, few, 5)
    add(browser, limited, 1)
    add(browser, limited, 5)
    assert held(buyer) == {few.pk: 3, limited.pk: 2}
    assert "最多可买 2 件，已为您放到上限" in browser.get("/cart").content.decode()


def test_a_cart_holds_a_hundred_and_twenty_kinds(browser: Client, buyer: Member) -> None:
    first = a_sku()
    rows = [a_sku_of(first.product) for _ in range(120)]
    now = clock.now()
    CartItem.objects.bulk_create(
        CartItem(member=buyer, sku=sku, quantity=1, price_fen=1, added_at=now, changed_at=now) for sku in rows
    )
    with nothing_changes():
        answer = browser.post("/cart/add", {"sku": first.pk, "quantity": 1}, headers={"HX-Request": "true"})
    assert "最多放 120 种" in json.loads(answer["HX-Trigger"])["said"]["message"]
    assert add(browser, rows[0]).status_code == 302


def test_prices_and_owners_that_a_form_brings_along_are_ignored(browser: Client, buyer: Member) -> None:
    sku, other = a_sku(price_fen=6_800), a_member()
    add(browser, sku, price=1, price_fen=1, total=1, status="paid", user_id=other.pk, member=other.pk, supplier_id=1)
    row = item(buyer, sku)
    assert (row.price_fen, row.member_id) == (6_800, buyer.pk)
    assert CartItem.objects.count() == 1


# Guests


def test_a_guest_has_a_cart_that_follows_at_login(client: Client, buyer: Member) -> None:
    tea, cup = a_sku(), a_sku(on_hand=4)
    commands.add_to_cart(owner=CartOwner(buyer.pk), sku_id=cup.pk, quantity=3, at=clock.now())
    add(client, tea, 2)
    cookie = client.cookies["cart"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    add(client, cup, 3)
    assert tea.product.name in client.get("/cart").content.decode()
    assert cookie.value not in str(list(CartItem.objects.values()))

    client.force_login(buyer, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/cart")

    assert held(buyer) == {tea.pk: 2, cup.pk: 4}
    assert not CartItem.objects.exclude(guest_hash="").exists()
    assert answer.cookies["cart"].value == ""
    with nothing_changes():
        client.get("/cart")


def test_guests_see_their_own_cart_only(client: Client) -> None:
    sku = a_sku()
    add(client, sku)
    other = Client()
    assert "购物车还是空的" in other.get("/cart").content.decode()
    for forged in ("", "x", "a" * 32, "../" * 10, "é" * 32):
        other.cookies["cart"] = forged
        assert sku.product.name not in other.get("/cart").content.decode()


def test_a_guests_cart_is_forgotten_after_thirty_days(client: Client, buyer: Member) -> None:
    sku = a_sku()
    add(client, sku)
    commands.add_to_cart(owner=CartOwner(buyer.pk), sku_id=sku.pk, quantity=1, at=clock.now())
    with nothing_changes():
        assert prune_guest_carts() == 0
    CartItem.objects.update(changed_at=clock.now() - timedelta(days=31))
    assert prune_guest_carts() == 1
    assert held(buyer) == {sku.pk: 1}


# The page


def test_the_cart_is_grouped_by_supplier_and_summed_by_the_server(browser: Client, buyer: Member) -> None:
    tea = a_sku(supplier=a_supplier("岩序茶业"), price_fen=12_800)
    rice = a_sku(supplier=a_supplier("五常禾田"), price_fen=8_900)
    add(browser, tea, 1)
    add(browser, rice, 2)
    answer = browser.get("/cart")
    markup(answer)
    text = answer.content.decode()
    assert text.index("五常禾田") < text.index("岩序茶业")
    assert "结算 3 件" in text
    assert cart_of(owner=CartOwner(buyer.pk), at=clock.now()).total_fen == 30_600
    assert "306<" in text


def test_a_price_that_moved_since_is_shown(browser: Client) -> None:
    cheaper, dearer = a_sku(price_fen=9_500), a_sku(price_fen=4_900)
    add(browser, cheaper)
    add(browser, dearer)
    Sku.objects.filter(pk=cheaper.pk).update(sale_price_fen=8_900)
    Sku.objects.filter(pk=dearer.pk).update(sale_price_fen=5_200)
    text = browser.get("/cart").content.decode()
    assert "比加入时降 ¥6.00" in text
    assert "比加入时涨 ¥3.00" in text


def test_what_cannot_be_had_any_more_stands_apart_and_is_cleared_at_once(browser: Client, buyer: Member) -> None:
    good, off, out = a_sku(), a_sku(), a_sku()
    for sku in (good, off, out):
        add(browser, sku)
    Product.objects.filter(pk=off.product_id).update(is_published=False)
    Sku.objects.filter(pk=out.pk).update(on_hand=0)
    text = browser.get("/cart").content.decode()
    assert "失效商品 2 件" in text
    assert f"/choose?sku={out.pk}" in text
    assert f"/choose?sku={off.pk}" not in text
    assert "商品已下架" in text
    assert "已售罄" in text
    assert "结算 1 件" in text
    change(browser, do="clear-invalid")
    assert held(buyer) == {good.pk: 1}


def test_a_product_limit_over_two_skus_is_said_on_their_lines(browser: Client) -> None:
    sku = a_sku()
    other = a_sku_of(sku.product)
    add(browser, sku, 2)
    add(browser, other, 2)
    Product.objects.filter(pk=sku.product_id).update(limit_per_order=3)
    assert browser.get("/cart").content.decode().count('tag-danger">每单限购 3 件') == 2


def test_an_empty_cart_leads_to_the_shop(browser: Client) -> None:
    answer = browser.get("/cart")
    markup(answer)
    assert "购物车还是空的" in answer.content.decode()


def test_the_cart_takes_as_many_queries_for_many_lines_as_for_one(
    browser: Client, buyer: Member, django_assert_max_num_queries: Counted
) -> None:
    add(browser, a_sku())
    browser.get("/cart")
    with django_assert_max_num_queries(7) as first:
        browser.get("/cart")
    count = len(first)
    for _ in range(12):
        add(browser, a_sku())
    browser.get("/cart")
    with django_assert_max_num_queries(count):
        browser.get("/cart")


# Changing


def test_a_quantity_is_changed_as_far_as_there_is_stock(browser: Client, buyer: Member) -> None:
    sku = a_sku(on_hand=5, price_fen=1_000)
    add(browser, sku)
    row = item(buyer, sku)
    answer = change(browser, row, **{f"quantity-{row.pk}": "4"})
    assert held(buyer) == {sku.pk: 4}
    assert "40<" in answer.content.decode()
    row.refresh_from_db()
    answer = change(browser, row, **{f"quantity-{row.pk}": "9"})
    assert held(buyer) == {sku.pk: 5}
    assert "最多可买 5 件，已为您调整" in answer.content.decode()


@pytest.mark.parametrize("quantity", ["-1", "0", "1.5", "1e9", str(2**63), "１", "NaN", "Infinity", "", "100"])
def test_an_odd_quantity_changes_nothing(browser: Client, buyer: Member, quantity: str) -> None:
    sku = a_sku()
    add(browser, sku, 2)
    row = item(buyer, sku)
    with nothing_changes():
        answer = change(browser, row, **{f"quantity-{row.pk}": quantity})
    assert answer.status_code == 400
    assert "数量应为 1 到 99 的整数" in answer.content.decode()


def test_a_page_that_was_drawn_earlier_takes_nothing_back(browser: Client, buyer: Member) -> None:
    tea, cup = a_sku(), a_sku()
    add(browser, tea, 1)
    add(browser, cup, 1)
    old_tea, old_cup = item(buyer, tea), item(buyer, cup)
    change(browser, old_tea, **{f"quantity-{old_tea.pk}": "7"})
    change(browser, old_tea, old_cup, **{f"quantity-{old_tea.pk}": "1", f"quantity-{old_cup.pk}": "3"})
    assert held(buyer) == {tea.pk: 7, cup.pk: 3}


def test_goods_are_chosen_one_by_one_by_supplier_and_all(browser: Client, buyer: Member) -> None:
    supplier = a_supplier()
    tea, cup, rice = a_sku(supplier=supplier), a_sku(supplier=supplier), a_sku()
    for sku in (tea, cup, rice):
        add(browser, sku)

    def chosen() -> set[int]:
        return set(CartItem.objects.filter(member=buyer, is_chosen=True).values_list("sku", flat=True))

    change(browser, do=f"choose:{item(buyer, tea).pk}")
    assert chosen() == {cup.pk, rice.pk}
    change(browser, do=f"part:{supplier.pk}")
    assert chosen() == {tea.pk, cup.pk, rice.pk}
    change(browser, do=f"part:{supplier.pk}")
    assert chosen() == {rice.pk}
    change(browser, do="all")
    assert chosen() == {tea.pk, cup.pk, rice.pk}
    change(browser, do="all")
    assert chosen() == set()
    with nothing_changes():
        change(browser, do="choose:x")
        change(browser, do="nothing:1")
        change(browser, do="part:" + "9" * 30)


def test_goods_are_taken_out_one_or_several(browser: Client, buyer: Member) -> None:
    skus = [a_sku() for _ in range(4)]
    for sku in skus:
        add(browser, sku)
    change(browser, do=f"delete:{item(buyer, skus[0]).pk}")
    marked = [item(buyer, sku).pk for sku in skus[1:3]]
    answer = browser.post("/cart", {"do": "delete-marked", "marked": marked, "manage": "1"})
    assert answer["Location"] == "/cart?manage=1"
    assert held(buyer) == {skus[3].pk: 1}


def test_another_ones_items_are_left_alone(browser: Client) -> None:
    other, sku = a_member(), a_sku()
    commands.add_to_cart(owner=CartOwner(other.pk), sku_id=sku.pk, quantity=2, at=clock.now())
    row = item(other, sku)
    with nothing_changes():
        change(browser, row, **{f"quantity-{row.pk}": "9"}, do=f"delete:{row.pk}")
        change(browser, do=f"choose:{row.pk}")
        browser.post("/cart", {"do": "delete-marked", "marked": [row.pk]})
        assert browser.post(f"/cart/{row.pk}/sku", {"sku": sku.pk}).status_code == 404
        assert browser.get(f"/cart/{row.pk}/sku").status_code == 404
        assert browser.get(f"/cart/{10**30}/sku").status_code == 404


def test_another_sku_of_the_product_is_taken_instead(browser: Client, buyer: Member) -> None:
    sku = a_sku()
    other, foreign = a_sku_of(sku.product), a_sku()
    add(browser, sku, 2)
    row = item(buyer, sku)
    page = browser.get(f"/cart/{row.pk}/sku")
    markup(page)
    assert other.spec in page.content.decode()
    with nothing_changes():
        assert browser.post(f"/cart/{row.pk}/sku", {"sku": foreign.pk}).status_code == 409
        assert browser.post(f"/cart/{row.pk}/sku", {"sku": "x"}).status_code == 409
    browser.post(f"/cart/{row.pk}/sku", {"sku": other.pk})
    assert held(buyer) == {other.pk: 2}
    add(browser, sku, 1)
    browser.post(f"/cart/{item(buyer, sku).pk}/sku", {"sku": other.pk})
    assert held(buyer) == {other.pk: 3}


def test_the_sum_is_explained(browser: Client) -> None:
    sku = a_sku(price_fen=6_800)
    add(browser, sku, 2)
    answer = browser.get("/cart/sum")
    markup(answer)
    assert "¥136.00" in answer.content.decode()
    assert "结算时按收货地址计算" in answer.content.decode()
