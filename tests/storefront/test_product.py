import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mall.core import clock
from members.models import Address, Member
from orders.commands.reviewing import write_review
from suppliers.models import (
    ArrivalNotice,
    Favourite,
    FreightTemplate,
    MediaKind,
    Product,
    ProductMedia,
    ProductView,
    Qualification,
    Sku,
)
from tests.factories import (
    PACK_PRICE_FEN,
    a_gift_pack,
    a_member,
    a_paid_order,
    a_received_order,
    a_sku,
    a_supplier,
    an_address,
    gift_pack_terms,
    later,
)
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]
HTMX = {"HX-Request": "true"}


def page(client: Client, sku: Sku, query: str = "", **headers: str) -> Any:
    answer = client.get(f"/p/{sku.product.slug}{query}", headers=headers)
    if answer.status_code == 200:
        markup(answer)
    return answer


def told(client: Client, sku: Sku, query: str = "") -> str:
    return str(page(client, sku, query).content.decode())


def sheet(client: Client, sku: Sku, query: str = "") -> str:
    answer = client.get(f"/p/{sku.product.slug}/choose{query}", headers=HTMX)
    markup(answer)
    return str(answer.content.decode())


def specs(product: Product, names: list[str], *values: list[str], on_hand: int = 9) -> list[Sku]:
    """Give a product axes, and a SKU for each of these combinations."""
    Product.objects.filter(pk=product.pk).update(spec_names=names)
    Sku.objects.filter(product=product).update(is_active=False)
    return [
        Sku.objects.create(
            product=product,
            code=f"{product.slug}-{number}",
            spec=" ".join(each),
            spec_values=each,
            supply_price_fen=100,
            list_price_fen=9_000,
            sale_price_fen=6_800 + number,
            on_hand=on_hand,
        )
        for number, each in enumerate(values)
    ]


def test_a_product_page_has_price_supplier_and_ways_to_buy(client: Client) -> None:
    sku = a_sku(price_fen=12_800)
    text = told(client, sku)
    assert sku.product.supplier.name in text
    assert '<span class="price-sign">¥</span>128' in text
    assert f"/p/{sku.product.slug}/choose?sku={sku.pk}&amp;quantity=1&amp;then=buy" in text
    assert "加入购物车" in text
    assert "包邮" in text


def test_the_sheet_is_a_form_of_ids_and_counts(client: Client) -> None:
    sku = a_sku()
    answer = client.get(f"/p/{sku.product.slug}/choose", headers=HTMX)
    assert set(markup(answer).fields) == {"csrfmiddlewaretoken", "sku", "quantity"}
    assert "<html" not in answer.content.decode()
    whole = client.get(f"/p/{sku.product.slug}/choose").content.decode()
    assert "<html" in whole
    assert 'formaction="/cart/add"' in whole


def test_buying_now_goes_to_the_checkout_with_what_is_chosen(client: Client) -> None:
    sku = a_sku(on_hand=5)
    address = f"/p/{sku.product.slug}/choose"
    answer = client.post(address, {"sku": sku.pk, "quantity": 3, "price_fen": 1})
    assert (answer.status_code, answer["Location"]) == (302, f"/checkout?sku={sku.pk}&quantity=3")
    assert client.post(address, {"sku": sku.pk, "quantity": 99})["Location"].endswith("quantity=5")
    assert client.post(address, {"sku": "x"}).status_code == 400


@pytest.mark.parametrize("query", ["?sku=x&quantity=y", "?sku=-1&quantity=0", "?sku=99999999999999999999&quantity=1e9"])
def test_a_malformed_choice_falls_back_to_what_can_be_had(client: Client, query: str) -> None:
    sku = a_sku(on_hand=3)
    assert f'name="sku" value="{sku.pk}"' in sheet(client, sku, query)
    assert page(client, sku, query).status_code == 200


def test_more_than_there_is_or_may_be_bought_is_brought_down(client: Client) -> None:
    sku = a_sku(on_hand=3)
    assert 'name="quantity" value="3"' in sheet(client, sku, f"?sku={sku.pk}&quantity=50")
    Product.objects.filter(pk=sku.product_id).update(limit_per_order=2)
    text = sheet(client, sku, f"?sku={sku.pk}&quantity=50")
    assert 'name="quantity" value="2"' in text
    assert "每单限购 2 件" in text


def test_specs_that_do_not_go_together_cannot_be_chosen(client: Client) -> None:
    product = a_sku().product
    strong, light = specs(product, ["香型", "规格"], ["浓香", "一罐"], ["清香", "两罐"])
    text = sheet(client, strong, f"?sku={strong.pk}")
    assert re.search(rf'href="[^"]*\?sku={strong.pk}&amp;[^"]*" [^>]*aria-current="true">浓香', text)
    assert re.search(rf'href="[^"]*\?sku={light.pk}&amp;[^"]*"[^>]*>清香', text)
    assert '<span class="spec spec-off">两罐' in text


def test_a_product_that_is_sold_out_keeps_its_page_and_offers_a_notice(client: Client) -> None:
    sku = a_sku(on_hand=0)
    assert "已售罄，到货提醒我" in told(client, sku)
    assert "立即购买" not in told(client, sku)
    text = sheet(client, sku)
    assert "到货提醒我" in text
    assert "加入购物车" not in text


def test_who_waits_for_a_product_is_written_down_once() -> None:
    member, sku = a_member(), a_sku(on_hand=0)
    client = signed_in(member)
    for _ in range(2):
        answer = client.post(f"/p/{sku.product.slug}/arrival", {"sku": sku.pk})
        assert answer.status_code == 302
    assert ArrivalNotice.objects.filter(member=member, sku=sku).count() == 1
    assert "已登记" in sheet(client, sku)


def test_nobody_waits_for_what_is_there_or_for_another_products_sku() -> None:
    member, sku, other = a_member(), a_sku(), a_sku(on_hand=0)
    client = signed_in(member)
    with nothing_changes():
        assert client.post(f"/p/{sku.product.slug}/arrival", {"sku": sku.pk}).status_code == 302
        assert client.post(f"/p/{sku.product.slug}/arrival", {"sku": other.pk}).status_code == 404
        assert client.post(f"/p/{sku.product.slug}/arrival", {"sku": "x"}).status_code == 404
        assert Client().post(f"/p/{other.product.slug}/arrival", {"sku": other.pk}).status_code == 302


def test_a_product_is_kept_and_kept_no_longer() -> None:
    member, sku = a_member(), a_sku()
    client = signed_in(member)
    address = f"/p/{sku.product.slug}/favourite"
    answer = client.post(address, {"keep": "yes"}, headers=HTMX)
    assert 'aria-pressed="true"' in answer.content.decode()
    assert Favourite.objects.filter(member=member).count() == 1
    assert "已收藏" in told(client, sku)
    assert client.post(address, {"keep": "no"}).status_code == 302
    assert Favourite.objects.count() == 0


def test_a_stranger_who_wants_to_keep_something_logs_in_first(client: Client) -> None:
    sku = a_sku()
    with nothing_changes():
        answer = client.post(f"/p/{sku.product.slug}/favourite", {"keep": "yes"}, headers=HTMX)
    assert "/account/login/" in answer["HX-Redirect"]


def test_a_gift_pack_says_before_payment_that_it_goes_back_whole_and_goes_into_no_cart(client: Client) -> None:
    gift_pack_terms()
    sku = a_gift_pack()
    text = told(client, sku)
    assert "只能整份退货，全额退款" in text
    assert "收货后 7 天为冷静期" in text
    assert f"买礼包 ¥{PACK_PRICE_FEN / 100:.2f}" in text
    assert "加入购物车" not in text
    assert "加入购物车" not in sheet(client, sku)


def test_a_gift_pack_without_terms_is_not_for_sale(client: Client) -> None:
    text = told(client, a_gift_pack())
    assert "暂未开售" in text
    assert "加入购物车" not in text


def test_a_product_off_the_shelf_is_there_only_for_who_had_or_kept_it() -> None:
    sku = a_sku()
    buyer, keeper = a_member(), a_member()
    a_paid_order(member=buyer, sku=sku)
    Favourite.objects.create(member=keeper, product=sku.product, added_at=later())
    Product.objects.filter(pk=sku.product_id).update(is_published=False)
    assert page(Client(), sku).status_code == 404
    assert page(signed_in(a_member()), sku).status_code == 404
    for member in (buyer, keeper):
        text = told(signed_in(member), sku)
        assert "已下架" in text
        assert "立即购买" not in text
        assert signed_in(member).get(f"/p/{sku.product.slug}/choose").status_code == 404


def test_a_supplier_who_left_takes_its_goods_along(client: Client) -> None:
    supplier = a_supplier()
    sku = a_sku(supplier=supplier)
    supplier.is_active = False
    supplier.save(update_fields=["is_active"])
    assert page(client, sku).status_code == 404


def test_freight_is_that_to_the_members_own_address(client: Client) -> None:
    sku, member = a_sku(price_fen=3_000), a_member()
    template = FreightTemplate.objects.create(
        supplier=sku.product.supplier, name="常温", first_fee_fen=800, step_fee_fen=200, free_above_fen=9_900
    )
    Product.objects.filter(pk=sku.product_id).update(freight_template=template)
    assert "运费 ¥8.00 · 再买 ¥69.00 包邮" in told(client, sku)
    an_address(member)
    assert "浙江省 杭州市 西湖区" in told(signed_in(member), sku)
    FreightTemplate.objects.update(unserved=["浙江"])
    assert "暂不配送到该地区" in told(signed_in(member), sku)
    Address.objects.update(province="江苏省")
    assert "暂不配送到该地区" not in told(signed_in(member), sku)


def test_films_come_first_and_papers_are_shown_while_they_are_valid(client: Client) -> None:
    sku = a_sku()
    product = sku.product
    ProductMedia.objects.create(product=product, path="a/one-750.webp", alt="正面")
    ProductMedia.objects.create(product=product, kind=MediaKind.VIDEO, path="a/film.mp4", poster="a/one-750.webp")
    Qualification.objects.create(supplier=product.supplier, kind="food", title="食品经营许可证", number="JY1330")
    Qualification.objects.create(
        supplier=product.supplier, kind="organic", title="过期的证", valid_until=clock.now().date().replace(year=2020)
    )
    text = told(client, sku)
    assert text.index("<video") < text.index('alt="正面"')
    assert "JY1330" in text
    assert "过期的证" not in text


def test_what_search_engines_read_is_true(client: Client) -> None:
    order = a_received_order(sku=a_sku(price_fen=12_800))
    line = order.lines.get()
    write_review(
        member=order.member, line_id=line.pk, stars=4, tags=[], text="好茶", is_anonymous=False, at=later(days=1)
    )
    text = told(client, line.sku)
    blocks = [
        json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    ]
    kinds = {block["@type"]: block for block in blocks}
    thing = kinds["Product"]
    assert thing["offers"][0]["price"] == "128.00"
    assert thing["offers"][0]["availability"].endswith("InStock")
    assert thing["aggregateRating"]["ratingValue"] == "4.0"
    assert [step["name"] for step in kinds["BreadcrumbList"]["itemListElement"]][-1] == line.sku.product.name
    assert '<meta property="og:type" content="product">' in text


def test_what_suppliers_and_buyers_write_is_text_and_not_markup(client: Client) -> None:
    words = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    order = a_received_order()
    line = order.lines.get()
    Product.objects.filter(pk=line.sku.product_id).update(
        name=words[:60], subtitle=words, detail=[{"title": words, "text": words}]
    )
    write_review(
        member=order.member, line_id=line.pk, stars=5, tags=[], text=words, is_anonymous=False, at=later(days=1)
    )
    assert "<script>alert" not in told(client, line.sku)
    assert "<script>alert" not in client.get(f"/p/{line.sku.product.slug}/reviews").content.decode()


def test_a_members_look_is_remembered_once_a_day_and_only_where_allowed() -> None:
    member, sku = a_member(), a_sku()
    client = signed_in(member)
    page(client, sku)
    assert not ProductView.objects.exists()
    Member.objects.filter(pk=member.pk).update(personalised=True)
    for _ in range(2):
        page(client, sku)
    assert ProductView.objects.filter(member=member, product=sku.product).count() == 1


def full(sku: Sku) -> None:
    """Give a product everything that its page shows."""
    product = sku.product
    template = FreightTemplate.objects.create(
        supplier=product.supplier, name=f"运费 {product.pk}", first_fee_fen=800, step_fee_fen=200
    )
    Product.objects.filter(pk=product.pk).update(freight_template=template)
    for number in range(4):
        ProductMedia.objects.create(product=product, path=f"{product.slug}/{number}-750.webp")
        Qualification.objects.create(supplier=product.supplier, product=product, kind="food", title=f"证 {number}")
        order = a_received_order(sku=sku)
        write_review(
            member=order.member,
            line_id=order.lines.get().pk,
            stars=5,
            tags=[],
            text="好",
            is_anonymous=False,
            at=later(days=1),
        )
        a_sku(supplier=product.supplier)


def test_a_product_page_takes_twelve_queries_at_most(client: Client, django_assert_max_num_queries: Counted) -> None:
    sku, member = a_sku(), a_member()
    full(sku)
    an_address(member)
    Member.objects.filter(pk=member.pk).update(personalised=True)
    with django_assert_max_num_queries(12):
        page(client, sku)
    own = signed_in(member)
    with django_assert_max_num_queries(12):
        page(own, sku, **{"User-Agent": "Mozilla/5.0"})


def test_a_product_page_takes_as_many_queries_for_much_as_for_little(
    client: Client, django_assert_num_queries: Counted
) -> None:
    sku = a_sku()
    full(sku)
    with django_assert_num_queries(PRODUCT_QUERIES):
        page(client, sku)
    for _ in range(12):
        a_sku(supplier=sku.product.supplier)
    with django_assert_num_queries(PRODUCT_QUERIES):
        page(client, sku)


PRODUCT_QUERIES = 7


def test_the_clock_of_the_demo_decides_which_terms_hold(client: Client) -> None:
    gift_pack_terms(starts_at=clock.now().replace(year=2099))
    assert "暂未开售" in told(client, a_gift_pack())


def test_a_product_is_shared_by_link_and_code(client: Client) -> None:
    sku = a_sku()
    answer = client.get(f"/p/{sku.product.slug}/share")
    markup(answer)
    assert f"/qr.svg?to=/p/{sku.product.slug}" in answer.content.decode()
    assert client.get("/p/nothing/share").status_code == 404
