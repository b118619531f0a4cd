"""Brands, papers, freight and search words at /ops/."""

import pytest
from django.urls import reverse

from mall.core.rights import REVIEW, SERVICE
from members.models import Member
from suppliers.commands import (
    add_brand,
    add_freight_template,
    add_media,
    add_qualification,
    block_word,
    note_search,
)
from suppliers.models import Brand, Product, Promise, SearchWord
from suppliers.queries import Selection, listing
from suppliers.rules import Fees
from tests.factories import AT, a_sku, a_supplier
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> Member:
    return operator("何琳", SERVICE)


def test_a_brand_is_added_on_a_page_of_its_own(service):
    form = {"name": "狮峰", "slug": "shifeng", "seal": "狮", "hue": "40", "story": "守着一座山做茶。"}
    new = reverse("ops:suppliers_brand_new")
    client = as_(service)
    assert client.get(new).status_code == 200
    assert "狮峰 已加入品牌" in text(client.post(new, form, follow=True))
    assert Brand.objects.get().slug == "shifeng"
    other = as_(operator("苏敏", REVIEW))
    other.get(new)
    with nothing_changes():
        assert client.post(new, form).status_code == 200
        assert client.post(new, {**form, "name": "", "slug": "a b", "seal": "两个"}).status_code == 200
        assert other.post(new, {**form, "name": "别的", "slug": "other"}).status_code == 403


def test_a_brand_is_changed_and_its_goods_are_found_by_the_new_name_at_once(service):
    brand, other = add_brand(name="狮峰", slug="shifeng", seal="狮"), add_brand(name="云上", slug="yunshang", seal="云")
    product = a_sku().product
    Product.objects.filter(pk=product.pk).update(brand=brand)
    edit = reverse("ops:suppliers_brand_edit", args=[brand.pk])
    client, stranger = as_(service), as_(operator("苏敏", REVIEW))
    page = text(client.get(edit))
    assert "shifeng" in page
    assert edit in client.get(reverse("ops:suppliers_brand_changelist")).content.decode()
    form = {"name": "梅家坞", "seal": "梅", "hue": "120", "story": "老茶村。"}
    stranger.get("/ops/")
    with nothing_changes():
        assert stranger.post(edit, form).status_code == 403
        assert "已有这个品牌" in text(client.post(edit, {**form, "name": other.name}))
        assert client.post(edit, {**form, "hue": "360"}).status_code == 200
        assert client.post(edit, {**form, "name": " "}).status_code == 200
        assert client.get(reverse("ops:suppliers_brand_edit", args=[10**20])).status_code == 404
    assert "梅家坞 已修改" in text(client.post(edit, {**form, "slug": "elsewhere"}, follow=True))
    brand.refresh_from_db()
    assert (brand.name, brand.seal, brand.hue, brand.story, brand.slug) == ("梅家坞", "梅", 120, "老茶村。", "shifeng")
    assert [found.product for found in listing(selection=Selection(text="梅家坞"), limit=5, at=AT)] == [product]


def test_a_word_is_blocked_and_let_go_again(service):
    note_search(text="坏话", at=AT)
    block = reverse("ops:suppliers_searchword_block", args=["坏话"])
    client, other = as_(service), as_(operator("苏敏", REVIEW))
    for each in (client, other):
        each.get("/ops/")
    with nothing_changes():
        assert "仍可以搜索" in text(client.get(block))
        assert other.post(block).status_code == 403
        assert client.post(reverse("ops:suppliers_searchword_block", args=["没有的词"])).status_code == 404
    client.post(block)
    assert SearchWord.objects.get().is_blocked
    assert "已屏蔽" in text(client.get(reverse("ops:suppliers_searchword_changelist")))
    client.post(block)
    assert not SearchWord.objects.get().is_blocked
    block_word(word="一直坏", is_blocked=True, at=AT)


def test_operators_see_papers_freight_and_what_a_product_promises(service):
    sku = a_sku()
    product = sku.product
    add_qualification(
        supplier=product.supplier, product=product, kind="food", title="食品许可", picture="papers/x.webp"
    )
    template = add_freight_template(
        supplier=a_supplier(), name="快递", fees=Fees(1, 800, 1, 200), regions=[(("云南",), Fees(1, 1_500, 1, 900))]
    )
    product.promises, product.returnable, product.not_returnable_reason = [Promise.AUTHENTIC], False, "拆封不退"
    product.save(update_fields=["promises", "returnable", "not_returnable_reason"])
    add_media(product=product, path="goods/x.webp", alt="茶汤")
    client = as_(service)
    page = text(client.get(reverse("ops:suppliers_product_change", args=[product.pk])))
    for words in ("正品溯源", "48 小时内发货", "不支持：拆封不退", "茶汤"):
        assert words in page
    page = text(client.get(reverse("ops:suppliers_freighttemplate_change", args=[template.pk])))
    for words in ("¥8.00", "云南", "¥15.00"):
        assert words in page
    assert "食品许可" in text(client.get(reverse("ops:suppliers_qualification_changelist") + "?part=valid"))


@pytest.mark.parametrize("name", ["brand", "qualification", "freighttemplate", "searchword"])
def test_a_list_asks_as_much_for_many_rows_as_for_few(service, name, django_assert_max_num_queries):
    client = as_(service)
    address = reverse(f"ops:suppliers_{name}_changelist")

    def add(number: int) -> None:
        supplier = a_supplier()
        Brand.objects.create(name=f"牌 {number}", slug=f"brand-{number}", seal="牌")
        add_qualification(supplier=supplier, product=a_sku(supplier=supplier).product, kind="food", title="证")
        add_freight_template(supplier=supplier, name="快递", fees=Fees(1, 800, 1, 200))
        note_search(text=f"词 {number}", at=AT)

    add(0)
    client.get(address)
    with django_assert_max_num_queries(25) as first:
        client.get(address)
    count = len(first)
    for number in range(1, 6):
        add(number)
    with django_assert_max_num_queries(count):
        client.get(address)
