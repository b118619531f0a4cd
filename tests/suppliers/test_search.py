"""Goods are found by Chinese words, pinyin, initials and nearly right, in a good order, whatever is typed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from suppliers.commands import (
    add_brand,
    add_category,
    add_product,
    add_sku,
    block_word,
    cool_words,
    forget_searches,
    note_search,
    rebuild_search,
    refresh_product,
)
from suppliers.models import Category, Product, SearchDocument, SearchHistory, SearchTerm, SearchWord, Sku
from suppliers.queries import (
    HISTORY_MAX,
    Selection,
    Sort,
    brands_among,
    corrected,
    hot_words,
    listing,
    listing_count,
    search_history,
    suggestions,
    words_query,
    words_vector,
)
from suppliers.queries.listing import _ordered, _selected
from suppliers.rules import folded, groups_of, query_of, spelling
from tests.factories import AT, a_member, a_supplier, later
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]
HOSTILE = ["", " ", "%_\\'\";--", "' OR 1=1 --", "\x00", "茶\x00", "&|!():*<->", "'龙井':*", "茶" * 5_000]
HOSTILE += ["a" * 5_000, "NULL", "{}", '{"a","b"}']
HOSTILE += [
    "\\",
    "\\'",
    "🍵🍵",
    "\u202e茶",
    "ａｂｃ",
    "a b " * 1_000,
    "NULL",
    "{}",
    '{"a","b"}',
    "%%s %s %(a)s",
    "\n\t",
]


class Shelf:
    """Goods to be found."""

    def __init__(self) -> None:
        self.supplier = a_supplier()
        self.tea = add_category(name="绿茶", slug="green")
        self.brand = add_brand(name="狮峰山房", slug="shifeng", seal="狮")
        self.long_jing = self.add("明前龙井 群体种", "龙井", brand=self.brand, detail=[{"title": "", "text": "炒豆香"}])
        self.da_hong_pao = self.add("武夷山大红袍 传统炭焙", "大红袍", subtitle="岩骨花香", keywords="岩茶 乌龙")
        self.sauce = self.add("头道古法晒制酱油", "酱油", detail=[{"title": "用法", "text": "配龙井虾仁"}])

    def add(self, name: str, label: str, *, category: Category | None = None, **parts: Any) -> Product:
        number = Product.objects.count()
        price_fen = parts.pop("price_fen", 6_800)
        on_hand = parts.pop("on_hand", 5)
        product = add_product(
            supplier=self.supplier,
            category=category or self.tea,
            name=name,
            slug=f"good-{number}",
            label=label,
            **parts,
        )
        add_sku(
            product=product,
            code=f"GOOD-{number}",
            spec="一盒",
            supply_price_fen=1,
            list_price_fen=price_fen,
            sale_price_fen=price_fen,
            on_hand=on_hand,
            at=AT,
        )
        return product


@pytest.fixture
def goods() -> Shelf:
    return Shelf()


def found(text: str, **parts: Any) -> list[Product]:
    return [card.product for card in listing(selection=Selection(text=text, **parts), limit=50, at=AT)]


@pytest.mark.parametrize(
    "text", ["龙井", "longjing", "lj", "LONGJING", "ＬＪ", "longj", "明前 龙井", "狮峰山房", "群体种"]
)
def test_a_tea_is_found_by_its_words_its_pinyin_and_its_initials(goods: Shelf, text: str) -> None:
    assert found(text)[0] == goods.long_jing


@pytest.mark.parametrize("text", ["前龙", "mingqianlongjing", "红袍传统炭", "wuyishandahongpao"])
def test_parts_of_a_name_that_are_no_words_find_it(goods: Shelf, text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    ("text", "meant", "name"),
    [
        ("龙景", "龙井", "long_jing"),
        ("lonjing", "龙井", "long_jing"),
        ("龙井茶", "龙井", "long_jing"),
        ("大红包", "大红袍", "da_hong_pao"),
        ("dahongbao", "大红袍", "da_hong_pao"),
    ],
)
def test_a_typo_is_taken_for_what_was_meant(goods: Shelf, text: str, meant: str, name: str) -> None:
    assert found(text) == []
    assert corrected(text=text) == meant
    assert found(meant)[0] == getattr(goods, name)


def test_what_sounds_like_nothing_is_not_corrected(goods: Shelf) -> None:
    for text in ("自行车轮胎", "qqqqqq", "7", ""):
        assert corrected(text=text) is None


def test_a_name_counts_more_than_a_mention_and_every_word_is_wanted(goods: Shelf) -> None:
    assert found("龙井") == [goods.long_jing, goods.sauce]
    assert found("龙井 虾仁") == [goods.sauce]
    assert found("龙井 袜子") == []
    assert found("岩骨花香") == [goods.da_hong_pao]
    assert found("乌龙") == [goods.da_hong_pao]
    assert found("绿茶")


def test_tea_is_rather_tea_than_what_has_the_character_in_its_name(goods: Shelf) -> None:
    drinks = add_category(name="茶饮", slug="drinks")
    green = add_category(name="绿茶红茶", slug="green-red", parent=drinks)
    oil = goods.add("山茶花精华油", "山茶油", category=add_category(name="面部护理", slug="face"))
    tea = goods.add("凤庆古树滇红", "滇红", category=green, keywords="红茶 茶叶")
    Product.objects.filter(pk=oil.pk).update(sales_count=30)
    results = found("茶")
    assert results.index(tea) < results.index(oil)


def test_what_sells_goes_first_among_equals_and_what_is_sold_out_goes_last(goods: Shelf) -> None:
    slow, fast, gone = (goods.add(f"桂花糕 {word}", "桂花糕") for word in ("慢", "快", "空"))
    Product.objects.filter(pk=fast.pk).update(sales_count=100)
    Product.objects.filter(pk=gone.pk).update(sales_count=5_000)
    Sku.objects.filter(product=gone).update(on_hand=0)
    assert found("桂花糕") == [fast, slow, gone]


def test_results_are_sorted_and_filtered_as_lists_are(goods: Shelf) -> None:
    other = add_category(name="糕点", slug="cake")
    brand = add_brand(name="桥头", slug="qiao", seal="桥")
    cheap = goods.add("桂花糕 小", "桂花糕", price_fen=1_000, category=other)
    middle = goods.add("桂花糕 中", "桂花糕", price_fen=2_000, brand=brand, on_hand=0)
    dear = goods.add("桂花糕 大", "桂花糕", price_fen=3_000)
    Product.objects.filter(pk=middle.pk).update(sales_count=9)
    assert found("桂花糕", sort=Sort.CHEAP) == [cheap, middle, dear]
    assert found("桂花糕", sort=Sort.DEAR) == [dear, middle, cheap]
    assert found("桂花糕", sort=Sort.NEW) == [dear, middle, cheap]
    assert found("桂花糕", sort=Sort.SALES)[0] == middle
    assert found("桂花糕", low_fen=1_001, high_fen=3_000, sort=Sort.CHEAP) == [middle, dear]
    assert found("桂花糕", in_stock=True, sort=Sort.CHEAP) == [cheap, dear]
    assert found("桂花糕", category=Category.objects.get(pk=other.pk)) == [cheap]
    assert found("桂花糕", brand=brand) == [middle]
    assert found("桂花糕", supplier=a_supplier()) == []
    assert listing_count(selection=Selection(text="桂花糕")) == 3
    assert brands_among(selection=Selection(text="桂花糕")) == [brand]


def test_what_is_off_the_shelf_is_not_found(goods: Shelf) -> None:
    Product.objects.filter(pk=goods.long_jing.pk).update(is_published=False)
    assert found("明前龙井") == []


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_is_text(goods: Shelf, text: str) -> None:
    with nothing_changes():
        found(text)
        listing_count(selection=Selection(text=text))
        corrected(text=text)
        suggestions(text=text)
        words_query(text=text)
    note_search(text=text, at=AT, member=a_member())
    assert not SearchWord.objects.filter(word__contains="'").exists()


def test_a_product_is_found_by_its_new_name_as_soon_as_it_has_one(goods: Shelf) -> None:
    Product.objects.filter(pk=goods.sauce.pk).update(name="原酿生抽")
    refresh_product(product_id=goods.sauce.pk)
    assert found("生抽") == [goods.sauce]
    assert found("shengchou") == [goods.sauce]


def test_writing_the_search_anew_changes_nothing_but_words_that_find_nothing(goods: Shelf) -> None:
    before = list(SearchDocument.objects.order_by("pk").values_list("pk", "vector", "pinyin", "initials"))
    Product.objects.filter(pk=goods.sauce.pk).update(is_published=False)
    call_command("rebuild_search")
    assert list(SearchDocument.objects.order_by("pk").values_list("pk", "vector", "pinyin", "initials")) == before
    assert SearchTerm.objects.get(pk="绿茶").products == 3
    Product.objects.filter(pk=goods.sauce.pk).update(name="新名字", label="", detail=[])
    assert rebuild_search() == 3
    assert not SearchTerm.objects.filter(pk="酱油").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("龙", ["龙井"]),
        ("lo", ["龙井"]),
        ("dhp", ["大红袍"]),
        ("大红", ["大红袍"]),
        ("龙景", ["龙井"]),
        ("乌", ["乌龙"]),
    ],
)
def test_words_are_suggested_as_they_are_typed(goods: Shelf, text: str, words: list[str]) -> None:
    assert suggestions(text=text)[: len(words)] == words


def test_a_word_is_hot_when_several_people_search_for_it_and_cools_by_the_day(goods: Shelf) -> None:
    for text, times in (("龙井", 4), ("酱油", 3), ("岩茶", 2), ("坏话", 9)):
        for _ in range(times):
            note_search(text=text, at=AT)
    block_word(word="坏话", is_blocked=True, at=AT)
    assert hot_words() == ["龙井", "酱油"]
    assert hot_words(limit=1) == ["龙井"]
    cool_words()
    assert hot_words() == ["龙井"]
    for _ in range(40):
        cool_words()
    assert [word.word for word in SearchWord.objects.all()] == ["坏话"]
    block_word(word="坏话", is_blocked=False, at=AT)
    for _ in range(20):
        cool_words()
    assert not SearchWord.objects.exists()


def test_a_member_has_a_history_of_its_own_and_can_clear_it() -> None:
    member, other = a_member(), a_member()
    for number in range(HISTORY_MAX + 3):
        note_search(text=f"茶 {number}", at=later(minutes=number), member=member)
    note_search(text="茶 5", at=later(days=1), member=member)
    note_search(text="米", at=AT, member=other)
    history = search_history(member=member)
    assert (len(history), history[:2]) == (HISTORY_MAX, ["茶 5", f"茶 {HISTORY_MAX + 2}"])
    assert SearchHistory.objects.filter(member=member).count() == HISTORY_MAX
    forget_searches(member=member)
    assert search_history(member=member) == []
    assert search_history(member=other) == ["米"]


def test_words_are_folded_cut_and_spelled() -> None:
    assert folded("  ＡＢ－Ｃ，龙井（特级）") == "ab c 龙井 特级"
    assert groups_of("狮峰龙井 250g") == ["狮峰", "龙井", "250g"]
    assert (spelling("龙井").pinyin, spelling("龙井").initials) == ("longjing", "lj")
    assert query_of(["茶", "lj"]) == "('茶') & ('lj':*)"
    assert words_vector(fields=[("茶", "A"), ("米", "D")]) == "'米':10,10 '茶':1B,1A"


def explained(rows: QuerySet[Product]) -> str:
    return rows.explain()


def test_ten_thousand_products_are_searched_by_index_and_in_a_fixed_number_of_queries(
    goods: Shelf, django_assert_num_queries: Counted
) -> None:
    many_products()
    for text in ("龙井", "lj", "wuyishan"):
        rows = _ordered(_selected(Selection(text=text)), Selection(text=text))[:21]
        plan = explained(rows)
        assert "suppliers_search_vector" in plan, plan
        assert "Seq Scan on suppliers_searchdocument" not in plan, plan
    with django_assert_num_queries(2):
        assert len(listing(selection=Selection(text="龙井"), limit=20, at=AT)) == 2
    with django_assert_num_queries(2):
        assert len(listing(selection=Selection(text="好物"), limit=20, start=40, at=AT)) == 20
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT word FROM suppliers_searchterm WHERE pinyin % 'longjin'")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "suppliers_term_typos" in plan, plan


def many_products() -> None:
    """Ten thousand more, with one SKU and a search document each, written by the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO suppliers_product (supplier_id, category_id, name, subtitle, slug, label, silhouette, hue,
                origin, detail, image, is_published, sales_count, position, created_at, lowest_price_fen)
            SELECT supplier_id, category_id, '好物 ' || n, '', 'many-' || n, '', '', 20, '', '[]', '', true, n, n,
                now(), n
            FROM suppliers_product, generate_series(1, 10000) AS n WHERE slug = 'good-0'
            """
        )
        cursor.execute(
            """
            INSERT INTO suppliers_sku (product_id, code, spec, supply_price_fen, list_price_fen, sale_price_fen,
                is_gift_pack, on_hand, reserved, is_active, created_at)
            SELECT id, slug, '一盒', 1, 1, 1, false, 5, 0, true, now() FROM suppliers_product WHERE slug LIKE 'many-%'
            """
        )
        cursor.execute(
            """
            INSERT INTO suppliers_searchdocument (product_id, vector, pinyin, initials)
            SELECT product.id, string_agg(md5(slug || n) || ':9', ' ')::tsvector || '好物:1A 好:1A 物:2A',
                md5(slug), 'hw'
            FROM suppliers_product AS product, generate_series(1, 60) AS n
            WHERE slug LIKE 'many-%' GROUP BY product.id
            """
        )
        cursor.execute(
            """
            INSERT INTO suppliers_searchterm (word, pinyin, initials, products)
            SELECT left(md5(n::text), 20), md5(n::text), left(md5(n::text), 4), 1 FROM generate_series(1, 10000) AS n
            """
        )
        for table in ("product", "sku", "searchdocument", "searchterm"):
            cursor.execute(f"ANALYZE suppliers_{table}")
