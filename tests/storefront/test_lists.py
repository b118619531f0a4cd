"""Category pages and lists: what they show, where their links lead, what they make of odd addresses."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from suppliers.commands import add_brand, add_category, add_freight_template
from suppliers.models import Category, Product
from suppliers.rules import Fees
from tests.factories import a_gift_pack, a_member, a_supplier, gift_pack_terms
from tests.pages.reading import markup
from tests.snapshots import nothing_changes
from tests.storefront.goods import a_good

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]


class Shop:
    """Tea in two parts, rice, and a brand."""

    def __init__(self) -> None:
        self.supplier = a_supplier("山里人")
        self.tea = add_category(name="茶饮", slug="tea")
        self.green = add_category(name="绿茶", slug="green", parent=self.tea)
        self.oolong = add_category(name="乌龙", slug="oolong", parent=self.tea)
        self.grain = add_category(name="粮油", slug="grain")
        for category in (self.tea, self.green, self.oolong, self.grain):
            category.refresh_from_db()
        self.brand = add_brand(name="狮峰", slug="shifeng", seal="狮", story="守着一座山做茶。")
        self.long_jing = self.add("明前龙井", self.green, price_fen=9_800, brand=self.brand, subtitle="豆香")
        self.rou_gui = self.add("慧苑肉桂", self.oolong, price_fen=12_800)
        self.rice = self.add("稻花香米", self.grain, price_fen=5_000)

    def add(self, name: str, category: Category, **parts: Any) -> Product:
        return a_good(name, supplier=self.supplier, category=category, **parts)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def shown(answer: Any) -> list[str]:
    """Return the names of the products on a page, in their order."""
    text = answer.content.decode()
    return list(re.findall(r'<h[23] class="(?:one-line|two-lines)">([^<]+)</h', text))


def test_the_categories_open_with_what_sells_and_a_rail_of_what_is_stocked(client: Client, shop: Shop) -> None:
    add_category(name="空架子", slug="empty")
    answer = client.get("/c/")
    markup(answer)
    text = answer.content.decode()
    assert 'href="/c/tea"' in text
    assert 'href="/c/grain"' in text
    assert "空架子" not in text
    assert set(shown(answer)) == {"明前龙井", "慧苑肉桂", "稻花香米"}


def test_a_category_shows_its_parts_its_brands_and_the_goods_of_all_below_it(client: Client, shop: Shop) -> None:
    answer = client.get("/c/tea")
    markup(answer)
    text = answer.content.decode()
    assert set(shown(answer)) == {"明前龙井", "慧苑肉桂"}
    assert "2 款" in text
    for words in ('href="/c/green"', 'href="/c/oolong"', 'href="/c/tea?b=shifeng"', "豆香", "包邮", "7天无理由"):
        assert words in text
    assert re.search(r'<a href="/c/tea" aria-current="page">茶饮</a>', text)
    assert f'href="/p/{shop.long_jing.slug}/choose"' in text


def test_a_part_marks_itself_and_its_top_and_leads_back(client: Client, shop: Shop) -> None:
    answer = client.get("/c/green")
    text = answer.content.decode()
    assert shown(answer) == ["明前龙井"]
    assert re.search(r'<a href="/c/tea" aria-current="page">茶饮</a>', text)
    assert re.search(r'<a href="/c/tea" aria-current="true"><span class="part-art">', text)
    assert "1 款" in text


def test_a_brand_narrows_a_category_and_an_empty_one_says_so(client: Client, shop: Shop) -> None:
    assert shown(client.get("/c/tea?b=shifeng")) == ["明前龙井"]
    text = client.get("/c/grain?b=shifeng").content.decode()
    assert "这里还没有商品" in text
    assert "看全部品牌" in text
    add_category(name="空架子", slug="empty")
    assert "换个分类看看" in client.get("/c/empty").content.decode()


@pytest.mark.parametrize(
    "address", ["/c/nothing", "/c/tea?b=nothing", "/list?c=nothing", "/list?b=x%00y", "/list?s=乙"]
)
def test_what_does_not_exist_is_not_found(client: Client, shop: Shop, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["明前龙井", "慧苑肉桂", "稻花香米"]),
        ("?sort=price", ["稻花香米", "明前龙井", "慧苑肉桂"]),
        ("?sort=-price", ["慧苑肉桂", "明前龙井", "稻花香米"]),
        ("?sort=new", ["稻花香米", "慧苑肉桂", "明前龙井"]),
        ("?low=50&high=98&sort=price", ["稻花香米", "明前龙井"]),
        ("?low=98&high=50&sort=price", ["稻花香米", "明前龙井"]),
        ("?low=98.01", ["慧苑肉桂"]),
        ("?c=tea&sort=price", ["明前龙井", "慧苑肉桂"]),
        ("?b=shifeng", ["明前龙井"]),
        ("?q=longjing", ["明前龙井"]),
    ],
)
def test_a_list_is_what_its_address_says(client: Client, shop: Shop, query: str, names: list[str]) -> None:
    answer = client.get(f"/list{query}")
    markup(answer)
    assert sorted(shown(answer)) == sorted(names)
    if "sort" in query:
        assert shown(answer) == names


def test_free_freight_and_stock_are_filters(client: Client, shop: Shop) -> None:
    template = add_freight_template(
        supplier=shop.supplier, name="标准", fees=Fees(1, 800, 1, 200), free_above_fen=9_900
    )
    shop.add("付邮费的茶", shop.tea, freight_template=template, on_hand=0)
    assert "付邮费的茶" not in shown(client.get("/list?free=1"))
    assert "付邮费的茶" not in shown(client.get("/list?stock=1"))
    assert "满99包邮" in client.get("/c/tea").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=0",
        "page=99999999999999999999",
        "page=٣",
        "page_size=1000000",
        "ordering=password",
        "sort=password",
        "_connector=OR",
        "low=-1&high=1e9",
        "low=NaN&high=Infinity",
        "low=１００",
        "low=%00",
        "q=%25_%5C%27%22%3B--",
        "q=" + "茶" * 3_000,
        "view=<script>",
        "stock=yes&free=on",
        "low=9999999&high=99999999",
        "supplier__name=1",
    ],
)
def test_an_odd_address_is_a_list_all_the_same(client: Client, shop: Shop, query: str) -> None:
    with nothing_changes():
        for path in ("/list", "/c/tea", "/search", "/list/filters", "/search/suggest"):
            answer = client.get(f"{path}?{query}", follow=True)
            assert answer.status_code == 200
            assert "<script>" not in answer.content.decode().replace("<script defer", "")


def test_a_list_that_its_filters_empty_offers_to_drop_them(client: Client, shop: Shop) -> None:
    text = client.get("/list?c=tea&low=9999&free=1").content.decode()
    assert "没有符合条件的商品" in text
    assert 'href="/list?c=tea"' in text
    assert 'href="/list?c=tea&amp;low=9999"' in text
    assert "¥9999 以上" in text


def test_a_page_behind_the_last_leads_back(client: Client, shop: Shop) -> None:
    text = client.get("/list?c=tea&page=9").content.decode()
    assert "后面没有了" in text
    assert 'href="/list?c=tea"' in text


def test_a_long_list_goes_on_by_links_that_the_script_follows(client: Client, shop: Shop) -> None:
    for number in range(25):
        shop.add(f"茶 {number}", shop.tea)
    for path in ("/list?c=tea", "/c/tea"):
        first = client.get(path)
        assert len(shown(first)) == 20
        (more,) = re.findall(r'rel="next" href="([^"]+)"', first.content.decode())
        more = more.replace("&amp;", "&")
        second = client.get(more)
        assert len(shown(second)) == 7
        assert not set(shown(first)) & set(shown(second))
        assert "没有更多了" in second.content.decode()
        fragment = client.get(more, headers={"HX-Request": "true", "HX-Target": "more"})
        assert "<html" not in fragment.content.decode()
        assert shown(fragment) == shown(second)


def test_one_column_or_two_is_kept_in_every_link(client: Client, shop: Shop) -> None:
    text = client.get("/list?c=tea&view=rows").content.decode()
    assert "goods-rows" in text
    assert 'href="/list?c=tea&amp;sort=sales&amp;view=rows"' in text
    assert 'href="/list?c=tea"' in text


def test_a_brand_tells_its_story_and_packs_are_a_topic(client: Client, shop: Shop) -> None:
    assert "守着一座山做茶。" in client.get("/list?b=shifeng").content.decode()
    gift_pack_terms()
    pack = a_gift_pack()
    answer = client.get("/list?packs=1")
    assert shown(answer) == [pack.product.name]
    assert "<h1>礼包</h1>" in answer.content.decode()


def test_filters_are_a_sheet_and_without_script_a_page(client: Client, shop: Shop) -> None:
    (address,) = set(re.findall(r'href="(/list/filters[^"]*)"', client.get("/list?c=tea&low=50").content.decode()))
    address = address.replace("&amp;", "&")
    page = client.get(address)
    fields = markup(page).fields
    assert fields["low"] == "50"
    assert fields["c"] == "tea"
    assert 'action="/list"' in page.content.decode()
    assert "狮峰" in page.content.decode()
    sheet = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in sheet.content.decode()
    assert "data-close" in sheet.content.decode()


def test_search_engines_are_told_of_categories_and_not_of_filtered_lists(client: Client, shop: Shop) -> None:
    for address, canonical in (
        ("/c/green?sort=price&page=1", "/c/green"),
        ("/list?b=shifeng&sort=new", "/list?b=shifeng"),
    ):
        text = client.get(address).content.decode()
        assert re.search(rf'<link rel="canonical" href="[^"]*{re.escape(canonical)}">', text)
        assert "noindex" not in text
    for address in ("/list?c=tea&low=50", "/search?q=龙井", "/search"):
        assert 'name="robots" content="noindex"' in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/c/", "/c/tea", "/list", "/list?c=tea&b=shifeng&low=1&stock=1", "/search?q=茶"])
def test_a_list_takes_ten_queries_at_most_for_many_goods_as_for_few(
    client: Client, shop: Shop, address: str, django_assert_max_num_queries: Counted
) -> None:
    shop.add("红茶", shop.tea, brand=shop.brand)
    client.force_login(a_member(), backend="django.contrib.auth.backends.ModelBackend")
    client.get(address)
    with django_assert_max_num_queries(10) as few:
        client.get(address)
    count = len(few)
    for number in range(30):
        shop.add(f"红茶 {number}", shop.tea, brand=shop.brand)
    client.get(address)
    with django_assert_max_num_queries(count):
        client.get(address)
