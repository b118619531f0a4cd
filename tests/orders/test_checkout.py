"""The checkout: one screen, figures of the server alone, and nothing lost that was typed."""

import re
from typing import Any

import pytest
from django.test import Client

from mall.core import clock
from members.commands import delete_address
from members.models import Member
from orders.commands import add_to_cart, invoice_request, save_title
from orders.models import CartItem, Invoice, Order, Purchase
from orders.rules.cart import CartOwner
from suppliers.models import Product, Sku
from tests.factories import AT, a_gift_pack, a_member, a_sku, an_address, gift_pack_terms
from tests.orders.goods import a_sku_of, send_for
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Member:
    return a_member(nickname="周可")


@pytest.fixture
def browser(buyer: Member) -> Client:
    return signed_in(buyer)


def drawn(browser: Client, query: str = "") -> dict[str, Any]:
    """What the page would send as it was drawn: what is hidden, chosen and typed."""
    text = browser.get(f"/checkout{query}").content.decode()
    form = text[text.index('<form id="order"') : text.index("</form>")]
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found["type"] != "radio" or re.search(r"\schecked[\s>]", tag):
            fields.setdefault(found["name"], []).append(found.get("value", ""))
    return fields


def buy_now(sku: Sku, quantity: int = 1) -> str:
    return f"?sku={sku.pk}&quantity={quantity}"


def into_cart(member: Member, sku: Sku, quantity: int = 1) -> None:
    add_to_cart(owner=CartOwner(member.pk), sku_id=sku.pk, quantity=quantity, at=clock.now())


def test_the_checkout_shows_goods_address_and_the_amount(browser: Client, buyer: Member) -> None:
    sku, address = a_sku(price_fen=6_800), an_address(buyer)
    answer = browser.get(f"/checkout{buy_now(sku, 2)}")
    markup(answer)
    text = answer.content.decode()
    assert sku.product.name in text
    assert address.text in text
    assert "¥136.00" in text


def test_without_an_address_one_is_asked_for_first(browser: Client) -> None:
    sku = a_sku()
    text = browser.get("/checkout", {"sku": sku.pk, "quantity": 1}).content.decode()
    assert "先添加收货地址" in text
    assert f"next=/checkout%3Fsku%3D{sku.pk}%26quantity%3D1" in text
    assert re.search(r'form="order" disabled>提交订单', text)


def test_placing_leads_to_the_cashier_and_twice_is_once(browser: Client, buyer: Member) -> None:
    sku = a_sku(price_fen=6_800)
    an_address(buyer)
    fields = drawn(browser, buy_now(sku, 2))
    first, second = browser.post("/checkout", fields), browser.post("/checkout", fields)
    purchase = Purchase.objects.get(member=buyer)
    assert first["Location"] == second["Location"] == f"/pay/{purchase.number}"
    assert purchase.total_fen == 13_600
    assert Sku.objects.get(pk=sku.pk).reserved == 2


def test_what_is_chosen_in_the_cart_is_bought_at_both_suppliers_and_leaves_it(browser: Client, buyer: Member) -> None:
    tea, rice, left = a_sku(price_fen=6_800), a_sku(price_fen=8_900), a_sku()
    an_address(buyer)
    for sku, quantity in ((tea, 2), (rice, 1), (left, 1)):
        into_cart(buyer, sku, quantity)
    CartItem.objects.filter(sku=left).update(is_chosen=False)
    fields = drawn(browser)
    fields[f"note-{tea.product.supplier_id}"] = ["请放门口"]

    browser.post("/checkout", fields)

    purchase = Purchase.objects.get()
    assert purchase.total_fen == 22_500
    assert dict(purchase.orders.values_list("supplier", "note")) == {
        tea.product.supplier_id: "请放门口",
        rice.product.supplier_id: "",
    }
    assert list(CartItem.objects.values_list("sku", flat=True)) == [left.pk]


def test_buying_now_leaves_the_cart_alone(browser: Client, buyer: Member) -> None:
    sku = a_sku()
    an_address(buyer)
    into_cart(buyer, sku, 3)
    browser.post("/checkout", drawn(browser, buy_now(sku)))
    assert CartItem.objects.get().quantity == 3


def test_an_empty_choice_leads_back_to_the_cart(browser: Client) -> None:
    assert browser.get("/checkout")["Location"] == "/cart"
    with nothing_changes():
        assert browser.post("/checkout", {"cart": "1"})["Location"] == "/cart"
        assert browser.post("/checkout", {})["Location"] == "/"


def test_what_a_form_brings_along_beside_ids_and_counts_is_ignored(browser: Client, buyer: Member) -> None:
    sku, other = a_sku(price_fen=6_800, supply_price_fen=4_000), a_member()
    an_address(buyer)
    lies = {
        name: [str(value)]
        for name, value in {
            "price": 1,
            "price_fen": 1,
            "unit_price_fen": 1,
            "total": 1,
            "total_fen": 1,
            "amount_fen": 1,
            "goods_fen": 1,
            "freight_fen": -500,
            "discount": 999,
            "discount_fen": 999,
            "supply_price_fen": 1,
            "paid": 1,
            "paid_at": "2026-01-01",
            "state": "paid",
            "status": "paid",
            "packs": 3,
            "number": "HP1",
            "user_id": other.pk,
            "member": other.pk,
            "member_id": other.pk,
            "supplier_id": 1,
            "referrer": other.pk,
            "coupon": 1,
            "cooling_off_days": 0,
            "expires_at": "2099-01-01",
        }.items()
    }
    browser.post("/checkout", drawn(browser, buy_now(sku)) | lies)
    order = Order.objects.get()
    assert (order.member, order.total_fen, order.supply_total_fen) == (buyer, 6_800, 4_000)
    assert (order.state, order.discount_fen, order.packs, order.paid_at) == ("placed", 0, 0, None)
    assert (order.supplier, order.referrer) == (sku.product.supplier, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"item": ["{sku}:0"]},
        {"item": ["{sku}:-1"]},
        {"item": ["{sku}:1.5"]},
        {"item": ["{sku}:1e9"]},
        {"item": ["{sku}:100"]},
        {"item": ["{sku}:" + str(2**63)]},
        {"item": ["{sku}:１"]},
        {"item": ["{sku}:NaN"]},
        {"item": ["{sku}:Infinity"]},
        {"item": ["{sku}:"]},
        {"item": ["{sku}"]},
        {"item": ["{sku}:60", "{sku}:60"]},
        {"item": ["x:1"]},
        {"item": ["0:1"]},
        {"item": [f"{2**63}:1"]},
        {"item": [f"{10**15}:1"]},
        {"item": []},
        {"item": ["{sku}:1"] * 51},
        {"address": ""},
        {"address": "x"},
        {"address": str(2**63)},
        {"address": "1e3"},
        {"key": ""},
        {"key": "k" * 65},
        {"key": "a\x00b"},
        {"note-{supplier}": "长" * 121},
        {"note-{supplier}": "a\x00b"},
        {"seen": ""},
        {"seen": "x" * 3_000},
        {"seen": "0-000000000000.000000000000"},
        {"invoice": "saved-1"},
        {"invoice": "x" * 99},
        {"invoice": "new"},
        {"invoice": "new", "invoice-kind": "company", "invoice-title": "某公司", "invoice-tax_number": "短"},
        {"invoice": "new", "invoice-kind": "state", "invoice-title": "某公司"},
    ],
    ids=lambda changes: str(changes)[:50],
)
def test_a_malformed_order_is_refused_and_changes_nothing(
    browser: Client, buyer: Member, changes: dict[str, Any]
) -> None:
    sku = a_sku(on_hand=500)
    an_address(buyer)
    fields = drawn(browser, buy_now(sku))
    for name, values in changes.items():
        texts = values if isinstance(values, list) else [values]
        key = name.replace("{supplier}", str(sku.product.supplier_id))
        fields[key] = [text.replace("{sku}", str(sku.pk)) for text in texts]
    with nothing_changes():
        answer = browser.post("/checkout", fields)
    assert answer.status_code in (302, 400, 409)
    if answer.status_code == 302:
        assert answer["Location"] == "/"
    else:
        markup(answer)


def test_another_ones_and_a_deleted_address_are_refused(browser: Client, buyer: Member) -> None:
    sku, deleted, foreign = a_sku(), an_address(buyer), an_address(a_member())
    fields = drawn(browser, buy_now(sku))
    delete_address(member=buyer, address_id=deleted.pk, at=AT)
    for address in (deleted, foreign):
        with nothing_changes():
            answer = browser.post("/checkout", {**fields, "address": [str(address.pk)]})
        assert answer.status_code == 409
        assert "请选择收货地址" in answer.content.decode()
        assert "龙井路" not in answer.content.decode()


def test_the_same_key_with_another_body_is_refused(browser: Client, buyer: Member) -> None:
    sku = a_sku()
    an_address(buyer)
    fields = drawn(browser, buy_now(sku))
    browser.post("/checkout", fields)
    with nothing_changes():
        answer = browser.post("/checkout", {**fields, "item": [f"{sku.pk}:2"]})
    assert answer.status_code == 409
    assert "该请求已用于另一笔订单" in answer.content.decode()


def test_sold_out_while_deciding_stands_on_its_line_and_nothing_typed_is_lost(browser: Client, buyer: Member) -> None:
    good, scarce = a_sku(), a_sku(on_hand=3)
    an_address(buyer)
    into_cart(buyer, good)
    into_cart(buyer, scarce, 3)
    fields = drawn(browser)
    fields[f"note-{good.product.supplier_id}"] = ["送货前打电话"]
    fields |= {"invoice": ["new"], "invoice-kind": ["personal"], "invoice-title": ["周可"]}
    Sku.objects.filter(pk=scarce.pk).update(on_hand=1)
    with nothing_changes():
        answer = browser.post("/checkout", fields)
    text = answer.content.decode()
    assert answer.status_code == 409
    markup(answer)
    line = text[text.index(scarce.product.name) :]
    assert "库存只剩 1 件" in line[: line.index("</li>")]
    assert 'value="送货前打电话"' in text
    assert 'value="周可"' in text
    assert f'name="key" value="{fields["key"][0]}"' in text


def test_a_price_that_moved_since_the_page_was_drawn_is_shown_and_asked_again(browser: Client, buyer: Member) -> None:
    sku, same = a_sku(price_fen=6_800), a_sku()
    an_address(buyer)
    into_cart(buyer, sku)
    into_cart(buyer, same)
    fields = drawn(browser)
    Sku.objects.filter(pk=sku.pk).update(sale_price_fen=5_800)
    with nothing_changes():
        answer = browser.post("/checkout", fields)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert text.count("价格有变动，这是现在的价格") == 1
    seen = re.search(r'name="seen" value="([^"]*)"', text)
    assert seen is not None
    answer = browser.post("/checkout", {**fields, "seen": [seen[1]]})
    assert answer.status_code == 302
    assert Purchase.objects.get().total_fen == 5_800 + 6_800


@pytest.mark.parametrize("limit", ["limit_per_order", "limit_per_member"])
def test_lines_of_one_product_do_not_split_a_limit(browser: Client, buyer: Member, limit: str) -> None:
    sku = a_sku()
    other = a_sku_of(sku.product)
    Product.objects.filter(pk=sku.product_id).update(**{limit: 3})
    an_address(buyer)
    fields = drawn(browser, buy_now(sku))
    for items in ([f"{sku.pk}:2", f"{other.pk}:2"], [f"{sku.pk}:2", f"{sku.pk}:2"]):
        with nothing_changes():
            answer = browser.post("/checkout", {**fields, "item": items})
        assert answer.status_code == 409
        assert "限购 3 件" in answer.content.decode()


def test_freight_follows_the_address_and_what_is_not_sent_there_says_so(browser: Client, buyer: Member) -> None:
    sku = a_sku(price_fen=2_000)
    send_for(sku, first_fee_fen=800, unserved=["浙江"])
    an_address(buyer)
    page = browser.get(f"/checkout{buy_now(sku)}").content.decode()
    assert "该地区暂不配送" in page
    with nothing_changes():
        answer = browser.post("/checkout", drawn(browser, buy_now(sku)))
    assert answer.status_code == 409
    line = answer.content.decode()
    assert "该地区暂不配送" in line[line.index(sku.product.name) :]
    Product.objects.filter(pk=sku.product_id).update(freight_template=None)
    send_for(a := a_sku(price_fen=2_000), first_fee_fen=800)
    assert "快递 ¥8.00" in browser.get(f"/checkout{buy_now(a)}").content.decode()
    browser.post("/checkout", drawn(browser, buy_now(a)))
    assert Purchase.objects.get().total_fen == 2_800


def test_choosing_another_address_draws_the_page_anew_and_places_nothing(browser: Client, buyer: Member) -> None:
    sku, first, second = a_sku(), an_address(buyer), an_address(buyer)
    fields = drawn(browser, buy_now(sku))
    chosen = fields["address"][0]
    other = next(address for address in (first, second) if str(address.pk) != chosen)
    fields |= {"address": [str(other.pk)], "draw": ["1"], f"note-{sku.product.supplier_id}": ["轻放"]}
    with nothing_changes():
        answer = browser.post("/checkout", fields)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(rf'value="{other.pk}" required checked', text)
    assert 'value="轻放"' in text
    with nothing_changes():
        part = browser.post("/checkout", fields, headers={"HX-Request": "true", "HX-Target": "checkout"})
    assert "<html" not in part.content.decode()
    assert 'hx-swap-oob="true"' in part.content.decode()


def test_goods_off_the_shelf_lead_back_or_stand_on_their_line(browser: Client, buyer: Member) -> None:
    sku = a_sku(is_published=False)
    an_address(buyer)
    text = browser.get(f"/checkout{buy_now(sku)}").content.decode()
    assert "商品已下架" in text
    assert browser.get("/checkout?sku=99999999&quantity=1")["Location"] == "/"
    with nothing_changes():
        answer = browser.post("/checkout", drawn(browser, buy_now(sku)))
    assert answer.status_code == 409


def test_a_gift_pack_says_at_the_checkout_that_it_goes_back_whole_and_goes_alone(
    browser: Client, buyer: Member
) -> None:
    gift_pack_terms()
    an_address(buyer)
    pack, other = a_gift_pack(), a_sku()
    text = browser.get("/checkout", {"sku": pack.pk, "quantity": 1}).content.decode()
    assert "礼包按整份退" in text
    assert "¥499.00" in text
    with nothing_changes():
        browser.post("/checkout", {**drawn(browser, buy_now(pack)), "item": [f"{pack.pk}:1", f"{other.pk}:1"]})
    assert browser.post("/checkout", drawn(browser, buy_now(pack))).status_code == 302


def test_an_invoice_is_asked_for_with_every_order(browser: Client, buyer: Member) -> None:
    tea, rice = a_sku(), a_sku()
    an_address(buyer)
    into_cart(buyer, tea)
    into_cart(buyer, rice)
    fields = drawn(browser) | {
        "invoice": ["new"],
        "invoice-kind": ["company"],
        "invoice-title": [" 杭州 某某科技有限公司 "],
        "invoice-tax_number": ["91330100ma27t0t00x"],
        "invoice-email": ["bill@example.com"],
    }
    assert browser.post("/checkout", fields).status_code == 302
    found = set(Invoice.objects.values_list("kind", "title", "tax_number", "email", "state"))
    assert found == {("company", "杭州 某某科技有限公司", "91330100MA27T0T00X", "bill@example.com", "requested")}
    assert Invoice.objects.count() == 2


def test_a_kept_title_is_offered_and_another_ones_is_not_taken(browser: Client, buyer: Member) -> None:
    sku = a_sku()
    an_address(buyer)
    mine = save_title(member=buyer, invoice=invoice_request(kind="personal", title="周可"), at=AT)
    foreign = save_title(member=a_member(), invoice=invoice_request(kind="personal", title="别人"), at=AT)
    text = browser.get(f"/checkout{buy_now(sku)}").content.decode()
    assert "周可" in text
    assert "别人" not in text
    fields = drawn(browser, buy_now(sku))
    with nothing_changes():
        assert browser.post("/checkout", {**fields, "invoice": [foreign.choice]}).status_code == 400
    browser.post("/checkout", {**fields, "invoice": [mine.choice]})
    assert Invoice.objects.get().title == "周可"


def test_placing_over_http_takes_few_queries(
    browser: Client, buyer: Member, django_assert_max_num_queries: Any
) -> None:
    an_address(buyer)
    for _ in range(3):
        into_cart(buyer, a_sku())
    fields = drawn(browser)
    with django_assert_max_num_queries(16):
        assert browser.post("/checkout", fields).status_code == 302
