"""Picking goods: what they pay, what is left, and what shopkeepers hear of goods in their shop."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents import commands
from agents.models import ShopItem
from members.models import Member
from service.commands import mute
from service.models import Kind, Message
from service.wording import body_of
from suppliers.commands import adjust_stock, publish_product, refresh_product
from suppliers.models import Sku
from tests.factories import AT, a_gift_pack, a_member, gift_pack_terms, later
from tests.pages.reading import markup, signed_in

from .shops import a_good, a_shopkeeper

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return a_shopkeeper()


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    if status == 200 and b"<html" in answer.content:
        markup(answer)
    return str(answer.content.decode())


def names(text: str, *wanted: str) -> list[str]:
    """The wanted names that stand in a page, in their order there."""
    return sorted((name for name in wanted if name in text), key=text.index)


def test_each_product_says_what_the_dearest_spec_pays(owner: Member) -> None:
    sku = a_good("武夷岩茶", price_fen=12_345, bps=850, on_hand=7)
    Sku.objects.create(
        product=sku.product, code="BIG", spec="大", supply_price_fen=1, list_price_fen=99_999, sale_price_fen=33_333
    )
    a_good("没有佣金的米", bps=0)
    text = text_of(signed_in(owner).get("/agent/goods/"))
    # 33,333 × 8.5 % is 2,833.305 fen.
    assert "¥28.33" in text
    assert "8.5%" in text
    assert "只剩 7 件" in text
    assert "48 小时发货" in text
    assert "暂无佣金" in text


def test_goods_are_sorted_and_narrowed(owner: Member) -> None:
    a_good("便宜高佣", price_fen=10_000, bps=2_000)
    a_good("昂贵低佣", price_fen=90_000, bps=100)
    a_good("没佣金的", price_fen=50_000, bps=0)
    a_good("卖完了的", price_fen=5_000, bps=5_000, on_hand=0)
    browser = signed_in(owner)
    every = ("便宜高佣", "昂贵低佣", "没佣金的", "卖完了的")
    assert names(text_of(browser.get("/agent/goods/?sort=commission")), *every) == [
        "卖完了的",
        "便宜高佣",
        "昂贵低佣",
        "没佣金的",
    ]
    assert names(text_of(browser.get("/agent/goods/?sort=price&paid=1&stock=1")), *every) == ["便宜高佣", "昂贵低佣"]
    assert names(text_of(browser.get("/list?sort=commission")), *every)[0] != "卖完了的"
    for query in ("?sort=x", "?page=-1", "?page=99999", "?q=%00", "?c=nothing", f"?q={'x' * 500}"):
        assert browser.get(f"/agent/goods/{query}").status_code == 200


def test_who_is_no_shopkeeper_sees_no_commission(owner: Member, mall: Any) -> None:
    a_good("武夷岩茶", price_fen=10_000, bps=850)
    agent = mall.join("ann")
    mall.buy("ann", "o-ann")
    mall.settle()
    text = text_of(signed_in(agent).get("/agent/goods/"))
    assert "¥8.50" not in text
    assert "零售佣金归审核通过的店主" in text


def test_a_gift_pack_has_no_retail_commission(owner: Member) -> None:
    gift_pack_terms()
    pack = a_gift_pack()
    type(pack.product).objects.filter(pk=pack.product_id).update(commission_bps=1_000)
    assert "礼包没有零售佣金" in text_of(signed_in(owner).get("/agent/goods/"))


def test_one_tap_puts_it_into_the_shop_and_takes_it_out(owner: Member) -> None:
    sku = a_good("武夷岩茶", bps=500)
    browser, path = signed_in(owner), f"/agent/goods/{sku.product.slug}/shop/"
    here = "/agent/goods/?sort=sales"
    assert browser.post(path, {"keep": "yes", "here": here})["Location"] == here
    assert ShopItem.objects.get().product == sku.product
    row = text_of(browser.post(path, {"keep": "no", "here": here}, headers={"HX-Request": "true"}))
    assert "上架到我的小店" in row
    assert "<html" not in row
    assert not ShopItem.objects.exists()
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert browser.post(path, {"keep": "yes", "here": evil})["Location"] == "/agent/goods/"


def test_a_full_shop_says_so_and_returns(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.commands.shop.ITEMS_MAX", 0)
    sku = a_good()
    browser, path = signed_in(owner), f"/agent/goods/{sku.product.slug}/shop/"
    assert browser.post(path, {"here": "/agent/goods/"}, headers={"HX-Request": "true"})["HX-Redirect"]
    assert "最多放" in text_of(browser.get("/agent/goods/"))


def test_a_page_of_many_goods_costs_what_one_of_few_costs(owner: Member) -> None:
    browser = signed_in(owner)
    counts = []
    for more in (2, 25):
        for number in range(more):
            a_good(f"第{number}件", bps=300)
        with CaptureQueriesContext(connection) as seen:
            text = text_of(browser.get("/agent/goods/"))
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert "page=2" in text


def told(member: Member) -> list[str]:
    return list(Message.objects.filter(member=member).order_by("pk").values_list("wording", flat=True))


def in_shop(owner: Member, **parts: Any) -> Sku:
    sku = a_good("武夷岩茶", **parts)
    refresh_product(product_id=sku.product_id)
    commands.put_in_shop(owner=owner, slug=sku.product.slug, at=AT)
    return sku


def test_a_new_price_is_told_once_to_whom_it_concerns(owner: Member) -> None:
    sku = in_shop(owner)
    assert commands.notice_changes(at=later(hours=1)) == 0
    Sku.objects.filter(pk=sku.pk).update(sale_price_fen=7_900)
    refresh_product(product_id=sku.product_id)
    assert commands.notice_changes(at=later(hours=2)) == 1
    assert commands.notice_changes(at=later(hours=3)) == 0
    message = Message.objects.get()
    assert (message.member, message.wording, message.path) == (owner, "shop_dearer", f"/p/{sku.product.slug}")
    assert "¥68.00" in body_of(message.wording, message.words)
    assert "¥79.00" in body_of(message.wording, message.words)
    Sku.objects.filter(pk=sku.pk).update(sale_price_fen=5_900)
    refresh_product(product_id=sku.product_id)
    commands.notice_changes(at=later(hours=4))
    assert told(owner) == ["shop_dearer", "shop_cheaper"]


def test_stock_that_runs_low_out_and_comes_again_is_told_once_each(owner: Member) -> None:
    sku, keeper = in_shop(owner, on_hand=50), a_member()
    heard = []
    for hour, left in enumerate((30, 10, 15, 9, 0, 12, 25, 3)):
        now = Sku.objects.get(pk=sku.pk).available
        if left != now:
            adjust_stock(sku=sku, on_hand_delta=left - now, reason="盘点", by=keeper, at=later(hours=hour))
        commands.notice_changes(at=later(hours=hour, minutes=1))
        commands.notice_changes(at=later(hours=hour, minutes=2))
        heard.append((left, len(told(owner))))
    assert told(owner) == ["shop_low", "shop_out", "shop_back", "shop_low"]
    assert heard == [(30, 0), (10, 1), (15, 1), (9, 1), (0, 2), (12, 3), (25, 3), (3, 4)]


def test_a_product_that_leaves_the_shelf_and_returns_is_told(owner: Member) -> None:
    sku = in_shop(owner)
    publish_product(product=sku.product, is_published=False)
    commands.notice_changes(at=later(hours=1))
    publish_product(product=sku.product, is_published=True)
    commands.notice_changes(at=later(hours=2))
    assert told(owner) == ["shop_off", "shop_back"]
    assert Message.objects.get(wording="shop_off").path == "/agent/shop/"


def test_who_switched_it_off_hears_nothing_and_is_not_told_later(owner: Member) -> None:
    sku = in_shop(owner)
    mute(member=owner, kinds=[Kind.GOODS], at=AT)
    Sku.objects.filter(pk=sku.pk).update(sale_price_fen=7_900)
    refresh_product(product_id=sku.product_id)
    commands.notice_changes(at=later(hours=1))
    mute(member=owner, kinds=[], at=later(hours=2))
    commands.notice_changes(at=later(hours=3))
    assert told(owner) == []
