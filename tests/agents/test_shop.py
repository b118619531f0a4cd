"""My shop: who may have one, what stands in it and in which order, and what its customers see."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from agents import commands, queries
from agents.commands import ItemUnknown, ShopRefused, ShopText
from agents.models import Shop, ShopItem, StockMark
from mall.core.personal import erase_rows
from members.models import Member, Touch
from suppliers.commands import publish_product
from tests.factories import AT, a_member, later
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

from .shops import a_good, a_shopkeeper, suspend

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return a_shopkeeper()


def fill(owner: Member, *names: str) -> list[ShopItem]:
    return [commands.put_in_shop(owner=owner, slug=a_good(name).product.slug, at=AT) for name in names]


def names_in(owner: Member) -> list[str]:
    shop = queries.own_shop(member=owner)
    assert shop is not None
    return [shown.card.product.name for shown in queries.own_items(shop=shop, at=AT)]


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    markup(answer)
    return str(answer.content.decode())


def test_a_product_opens_the_shop_and_is_put_there_once(owner: Member) -> None:
    sku = a_good("岩茶", on_hand=8)
    first = commands.put_in_shop(owner=owner, slug=sku.product.slug, at=AT)
    again = commands.put_in_shop(owner=owner, slug=sku.product.slug, at=later(hours=1))
    assert again == first
    shop = Shop.objects.get()
    assert (shop.name, shop.is_open) == ("小林的小店", True)
    assert (first.price_fen, first.stock) == (6_800, StockMark.LOW)


def test_who_may_not_sell_has_no_shop() -> None:
    member, sku = a_member(), a_good()
    with nothing_changes():
        with pytest.raises(ShopRefused):
            commands.put_in_shop(owner=member, slug=sku.product.slug, at=AT)
        with pytest.raises(ShopRefused):
            commands.save_shop(owner=member, text=ShopText("店"), at=AT)
    for path in ("shop/", "shop/words/", "goods/", "materials/", "profile/"):
        answer = signed_in(member).get(f"/agent/{path}")
        assert "开通店主" in text_of(answer, 403), path


@pytest.mark.parametrize("slug", ["nothing", "hidden"])
def test_an_unknown_or_hidden_product_is_refused(owner: Member, slug: str) -> None:
    if slug == "hidden":
        product = a_good().product
        publish_product(product=product, is_published=False)
        slug = product.slug
    with nothing_changes(), pytest.raises(ItemUnknown):
        commands.put_in_shop(owner=owner, slug=slug, at=AT)
    assert signed_in(owner).post(f"/agent/goods/{slug}/shop/").status_code == 404


def test_a_shop_has_its_limit(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.commands.shop.ITEMS_MAX", 2)
    fill(owner, "一", "二")
    sku = a_good("三")
    with nothing_changes(), pytest.raises(ShopRefused):
        commands.put_in_shop(owner=owner, slug=sku.product.slug, at=AT)


def test_goods_move_within_what_is_pinned_and_within_the_rest(owner: Member) -> None:
    one, two, three = fill(owner, "一", "二", "三")
    commands.move_item(owner=owner, item_id=three.pk, up=True, at=AT)
    assert names_in(owner) == ["一", "三", "二"]
    commands.move_item(owner=owner, item_id=one.pk, up=True, at=AT)
    assert names_in(owner) == ["一", "三", "二"]
    commands.pin_item(owner=owner, item_id=two.pk, is_pinned=True, at=AT)
    assert names_in(owner) == ["二", "一", "三"]
    commands.move_item(owner=owner, item_id=one.pk, up=True, at=AT)
    assert names_in(owner) == ["二", "一", "三"]
    commands.pin_item(owner=owner, item_id=two.pk, is_pinned=False, at=AT)
    assert names_in(owner) == ["一", "三", "二"]


def test_at_most_three_are_pinned(owner: Member) -> None:
    items = fill(owner, "一", "二", "三", "四")
    for item in items[:3]:
        commands.pin_item(owner=owner, item_id=item.pk, is_pinned=True, at=AT)
    with nothing_changes(), pytest.raises(ShopRefused):
        commands.pin_item(owner=owner, item_id=items[3].pk, is_pinned=True, at=AT)


@pytest.mark.parametrize(
    "text",
    [
        ShopText(""),
        ShopText("\u202e"),
        ShopText("长" * 21),
        ShopText("店", notice="长" * 61),
        ShopText("店", pinned_text="长" * 301),
        ShopText("店\x00"),
    ],
)
def test_words_out_of_bounds_are_refused(owner: Member, text: ShopText) -> None:
    with nothing_changes(), pytest.raises(ShopRefused):
        commands.save_shop(owner=owner, text=text, at=AT)


def a_picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "JPEG", exif=b"Exif\x00\x00MM\x00*")
    return SimpleUploadedFile("../../evil.php", file.getvalue(), content_type="text/html")


def test_the_form_keeps_a_picture_drawn_anew_and_drops_the_old_one(
    owner: Member, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    browser = signed_in(owner)
    said = {"name": "小林的茶铺", "notice": "只卖自己喝的", "pinned_text": "周末也发货", "is_open": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post("/agent/shop/words/", said | {"photos": a_picture()})["Location"] == "/agent/shop/"
    first = Shop.objects.get().picture
    assert re.fullmatch(r"shops/\d{4}/[0-9a-f]{32}\.webp", first)
    assert storages["default"].exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/agent/shop/words/", said | {"photos": a_picture()})
    second = Shop.objects.get().picture
    assert second != first
    assert not storages["default"].exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/agent/shop/words/", said | {"drops_picture": "on"})
    assert Shop.objects.get().picture == ""
    assert not storages["default"].exists(second)


def test_a_form_that_is_refused_keeps_what_was_typed(owner: Member) -> None:
    typed = {"name": "", "notice": "只卖自己喝的", "is_open": "on"}
    text = text_of(signed_in(owner).post("/agent/shop/words/", typed), 422)
    assert "请填写店名" in text
    assert "只卖自己喝的" in text
    broken = SimpleUploadedFile("a.jpg", b"no picture", content_type="image/jpeg")
    text = text_of(signed_in(owner).post("/agent/shop/words/", {"name": "店", "photos": broken}), 422)
    assert "不是完好的" in text
    assert not Shop.objects.exists()


def test_the_editor_does_each_act_without_script(owner: Member) -> None:
    one, two = fill(owner, "一号茶", "二号米")
    browser = signed_in(owner)
    path = f"/agent/shop/items/{two.pk}/"
    assert browser.post(path, {"act": "up"})["Location"] == "/agent/shop/"
    assert names_in(owner) == ["二号米", "一号茶"]
    browser.post(path, {"act": "pin"})
    assert ShopItem.objects.get(pk=two.pk).is_pinned
    assert browser.post(f"/agent/shop/items/{two.pk}/words/", {"words": "自家煮饭也用它"}).status_code == 302
    text = text_of(browser.get("/agent/shop/"))
    assert "自家煮饭也用它" in text
    browser.post(path, {"act": "remove"})
    assert names_in(owner) == ["一号茶"]
    assert browser.post(f"/agent/shop/items/{one.pk}/", {"act": "burn"}).status_code == 400
    assert browser.post(f"/agent/shop/items/{one.pk}/words/", {"words": "长" * 41}).status_code == 422


def test_anothers_items_do_not_exist(owner: Member) -> None:
    (item,) = fill(owner, "一")
    other = signed_in(a_shopkeeper("旁人"))
    with nothing_changes():
        for number in (item.pk, 10**30):
            assert other.post(f"/agent/shop/items/{number}/", {"act": "remove"}).status_code == 404
            assert other.get(f"/agent/shop/items/{number}/words/").status_code == 404
        slug = item.product.slug
        assert other.post(f"/agent/goods/{slug}/shop/", {"keep": "no"}).status_code == 404
    stranger = a_shopkeeper()
    with nothing_changes(without=("agents_shop",)), pytest.raises(ItemUnknown):
        commands.move_item(owner=stranger, item_id=item.pk, up=True, at=AT)


def test_customers_see_the_goods_in_their_order_and_leave_a_touch(owner: Member, client: Client) -> None:
    _one, two = fill(owner, "一号茶", "二号米")
    commands.pin_item(owner=owner, item_id=two.pk, is_pinned=True, at=AT)
    commands.say_of_item(owner=owner, item_id=two.pk, words="自家煮饭也用它", at=AT)
    commands.save_shop(owner=owner, text=ShopText("小林的茶铺", notice="只卖自己喝的", pinned_text="周末也发货"), at=AT)
    commands.save_persona(member=owner, intro="喝了十年岩茶", tags=["岩茶", "冲泡"], at=AT)
    text = text_of(client.get(f"/s/{owner.referral_code}?ch=moments"))
    for said in ("小林的茶铺", "只卖自己喝的", "周末也发货", "喝了十年岩茶", "冲泡", "认证店主", "自家煮饭也用它"):
        assert said in text
    assert text.index("二号米") < text.index("一号茶")
    touch = Touch.objects.get()
    assert (touch.owner, touch.channel, touch.target_path) == (owner, "moments", f"/s/{owner.referral_code}")
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/s/{owner.referral_code}">' in text
    assert '"@type":"ItemList"' in text
    assert "noindex" not in text
    assert "?ch=wechat" in text


def test_home_shows_whose_shop_the_visitor_came_by_while_the_touch_stands(owner: Member, client: Client) -> None:
    fill(owner, "一号茶")
    assert "的小店" not in text_of(client.get("/"))
    client.get(f"/r/{owner.referral_code}")
    assert "来自 小林 的小店" in text_of(client.get("/"))
    visitor = a_member()
    browser = signed_in(visitor)
    browser.get(f"/s/{owner.referral_code}")
    assert "来自 小林 的小店" in text_of(browser.get("/"))
    commands.save_shop(owner=owner, text=ShopText("店", is_open=False), at=AT)
    assert "的小店" not in text_of(client.get("/"))
    assert "的小店" not in text_of(browser.get("/"))


def test_a_product_that_left_the_shelf_is_marked_for_the_owner_alone(owner: Member, client: Client) -> None:
    (item,) = fill(owner, "一号茶")
    publish_product(product=item.product, is_published=False)
    assert "一号茶" not in text_of(client.get(f"/s/{owner.referral_code}"))
    text = text_of(signed_in(owner).get("/agent/shop/"))
    assert "一号茶" in text
    assert "商城已下架" in text


def test_a_closed_shop_says_so_and_is_not_indexed(owner: Member, client: Client) -> None:
    fill(owner, "一号茶")
    commands.save_shop(owner=owner, text=ShopText("小林的茶铺", is_open=False), at=AT)
    text = text_of(client.get(f"/s/{owner.referral_code}"))
    assert "休息中" in text
    assert "一号茶" not in text
    assert "noindex" in text


def test_ones_own_visit_is_no_touch(owner: Member) -> None:
    fill(owner, "一号茶")
    assert "去编辑" in text_of(signed_in(owner).get(f"/s/{owner.referral_code}"))
    assert not Touch.objects.exists()


def test_no_shop_stands_where_none_may_stand(owner: Member, client: Client) -> None:
    stranger = a_member()
    for code in (owner.referral_code, stranger.referral_code, "NOTHING2", "x" * 200):
        assert client.get(f"/s/{code}").status_code == 404
    fill(owner, "一号茶")
    suspend(owner)
    assert client.get(f"/s/{owner.referral_code}").status_code == 404
    assert not Touch.objects.exists()


def test_a_shop_of_a_hundred_goods_costs_what_one_of_two_costs(owner: Member, client: Client) -> None:
    fill(owner, "一", "二")
    client.get(f"/s/{owner.referral_code}")
    browser = signed_in(owner)
    counts = []
    for more in (0, 30):
        fill(owner, *(f"第{number}件" for number in range(more)))
        with CaptureQueriesContext(connection) as editor:
            browser.get("/agent/shop/")
        with CaptureQueriesContext(connection) as page:
            client.get(f"/s/{owner.referral_code}")
        counts.append((len(editor), len(page)))
    assert counts[0] == counts[1]
    assert counts[0][1] <= 18
    text = text_of(client.get(f"/s/{owner.referral_code}"))
    assert f"/s/{owner.referral_code}?page=2" in text
    assert "第29件" in text_of(client.get(f"/s/{owner.referral_code}?page=2"))
    assert client.get(f"/s/{owner.referral_code}?page=x").status_code == 200


def test_the_card_of_oneself(owner: Member) -> None:
    browser = signed_in(owner)
    answer = browser.post("/agent/profile/", {"intro": "喝了十年岩茶", "tags": "岩茶，冲泡、岩茶 送礼"})
    assert answer.status_code == 302
    text = text_of(browser.get("/agent/profile/"))
    assert "认证店主" in text
    assert list(owner.persona.tags) == ["岩茶", "冲泡", "送礼"]
    for typed in ({"tags": "一,二,三,四,五,六,七"}, {"tags": "一个超过八个字的擅长"}, {"intro": "长" * 121}):
        assert browser.post("/agent/profile/", typed).status_code == 422
    landing = Client().get(f"/r/{owner.referral_code}").content.decode()
    assert "喝了十年岩茶" in landing


def test_an_account_that_closes_takes_shop_and_card_along(owner: Member) -> None:
    fill(owner, "一号茶")
    commands.save_persona(member=owner, intro="喝茶", tags=[], at=AT)
    erase_rows(member_id=owner.pk)
    assert not Shop.objects.exists()
    assert not ShopItem.objects.exists()
    owner.refresh_from_db()
    assert not hasattr(owner, "persona")
