"""The share centre: links, codes, the card, and what came of all this."""

import re
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from agents import commands
from agents.channels import NAMES, channel_name
from agents.queries.sharing import brought, links_page
from agents.targets import link_path, target_named
from mall.core import clock
from members.commands import record_touch
from members.models import Member, Touch
from orders.models import Order
from tests.factories import AT, a_member, a_paid_order, later
from tests.linkage import retail
from tests.linkage.stories import Mall
from tests.pages.reading import markup, signed_in

from .shops import a_good, a_shopkeeper

pytestmark = pytest.mark.django_db
WEEK = 7


@pytest.fixture
def owner() -> Member:
    return a_shopkeeper()


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    if b"<html" in answer.content:
        markup(answer)
    return unescape(str(answer.content.decode()))


def seen(
    owner: Member, path: str, channel: str, *, at: datetime = AT, visitor: str = "v", member: Member | None = None
) -> Touch:
    return record_touch(owner=owner, visitor_hash=visitor, channel=channel, target_path=path, at=at, member=member)


@pytest.mark.parametrize(
    ("to", "path"),
    [
        ("", "/r/{code}?ch=moments"),
        ("s", "/s/{code}?ch=moments"),
        ("p/{slug}", "/r/{code}?to=p/{slug}&ch=moments"),
        ("packs", "/r/{code}?to=packs&ch=moments"),
        ("help/refund-time", "/r/{code}?to=help/refund-time&ch=moments"),
        ("list", "/r/{code}?to=list&ch=moments"),
    ],
)
def test_links_are_human_and_tagged(owner: Member, to: str, path: str) -> None:
    product = a_good().product
    commands.put_in_shop(owner=owner, slug=product.slug, at=AT)
    parts = {"code": owner.referral_code, "slug": product.slug}
    target = target_named(to.format(**parts), owner=owner, at=AT)
    assert target is not None
    link = link_path(member=owner, target=target, channel="moments")
    assert link == path.format(**parts)
    visitor = Client()
    assert visitor.get(link).status_code == 200
    touch = Touch.objects.get()
    assert (touch.owner, touch.channel, touch.target_path) == (owner, "moments", target.path)


@pytest.mark.parametrize(
    "to", ["p/nothing", "x/y", "s/SOMEBODY", "p/", "c/nothing", "//evil.example", "p/a?x=1", "x" * 300, "s"]
)
def test_what_is_no_target_is_not_shared(owner: Member, to: str) -> None:
    assert target_named(to, owner=owner, at=AT) is None
    assert signed_in(owner).get("/agent/share/", {"to": to}).status_code == 404


def test_the_page_offers_every_way_each_with_its_tag(owner: Member) -> None:
    product = a_good("武夷岩茶").product
    commands.put_in_shop(owner=owner, slug=product.slug, at=AT)
    text = text_of(signed_in(owner).get(f"/agent/share/?to=p/{product.slug}"))
    link = f"/r/{owner.referral_code}?to=p/{product.slug}"
    assert f'data-copy="http://127.0.0.1:8000{link}&ch=copy"' in text
    assert f'data-share="{link}&ch=wechat"' in text
    assert f"/agent/share/poster/?to=p/{product.slug}" in text
    assert "武夷岩茶" in text
    for label in ("微信好友", "朋友圈", "生成海报", "复制链接", "二维码", "我的小店"):
        assert label in text
    assert "分享本身没有奖励" in text
    chosen = text_of(signed_in(owner).get(f"/agent/share/?to=p/{product.slug}&ch=offline"))
    assert f'data-copy="http://127.0.0.1:8000{link}&ch=offline"' in chosen
    assert f'data-share="{link}"' not in text_of(signed_in(owner).get("/agent/share/?ch=<b>"))


def test_a_sheet_over_a_product_is_for_who_earns(owner: Member) -> None:
    product = a_good("武夷岩茶").product
    assert f'hx-get="/agent/share/?to=p/{product.slug}"' in text_of(signed_in(owner).get(f"/p/{product.slug}"))
    assert f'hx-get="/p/{product.slug}/share"' in text_of(signed_in(a_member()).get(f"/p/{product.slug}"))
    headers = {"HX-Request": "true", "HX-Target": "sheet"}
    sheet = text_of(signed_in(owner).get(f"/agent/share/?to=p/{product.slug}", headers=headers))
    assert "<html" not in sheet
    assert "武夷岩茶" in sheet


def test_inside_wechat_the_page_points_to_the_menu_and_shares_the_own_link(owner: Member, settings: Any) -> None:
    settings.WECHAT_JS_SDK_URL = "https://res.example/jweixin.js"
    product = a_good("武夷岩茶").product
    browser = signed_in(owner)
    text = text_of(
        browser.get(f"/agent/share/?to=p/{product.slug}", headers={"User-Agent": "Mozilla/5.0 MicroMessenger/8"})
    )
    assert "在微信里，点右上角" in text
    assert 'data-open="in-wechat"' in text
    assert f'data-share="/r/{owner.referral_code}' not in text
    card = f"http://127.0.0.1:8000/r/{owner.referral_code}?to=p/{product.slug}&ch=wechat"
    assert f'data-share="{card}"' in text
    assert '<meta property="og:title" content="武夷岩茶">' in text


def test_any_member_may_invite(mall: Mall) -> None:
    member = a_member(nickname="阿月")
    text = text_of(signed_in(member).get("/agent/share/"))
    assert f"/r/{member.referral_code}?ch=copy" in text
    assert "我的小店" not in text


@pytest.mark.parametrize(("name", "kind"), [("qr.png", "image/png"), ("qr.svg", "image/svg+xml")])
def test_the_code_comes_as_picture_and_for_print(owner: Member, client: Client, name: str, kind: str) -> None:
    link = f"/r/{owner.referral_code}?ch=qr"
    answer = client.get(f"/{name}", {"to": link})
    assert answer["Content-Type"] == kind
    if name == "qr.png":
        (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(answer.content)))
        assert found.text == f"http://127.0.0.1:8000{link}"
    assert client.get(f"/{name}", {"to": "https://evil.example/"}).status_code == 400


def test_clicks_and_visitors_are_counted_by_link_and_channel(owner: Member) -> None:
    for visitor in ("a", "a", "b"):
        seen(owner, "/p/tea", "moments", visitor=visitor)
    seen(owner, "/p/tea", "poster", visitor="a")
    seen(owner, "/", "", visitor="")
    seen(owner, "/p/tea", "moments", at=later(days=-8))
    seen(a_member(), "/p/tea", "moments")
    at = later(hours=1)
    rows = links_page(member=owner, days=WEEK, at=at).rows
    assert [(row.path, row.channel, row.brought.clicks, row.brought.visitors) for row in rows] == [
        ("/p/tea", "moments", 3, 2),
        ("/", "", 1, 0),
        ("/p/tea", "poster", 1, 1),
    ]
    total = brought(member=owner, days=WEEK, at=at)
    assert (total.clicks, total.visitors, total.orders, total.earned_fen) == (5, 2, 0, 0)
    assert brought(member=owner, days=30, at=at).clicks == 6
    assert brought(member=owner, days=WEEK, path="/p/tea", at=at).clicks == 4
    assert [row.channel for row in links_page(member=owner, days=WEEK, channel="", at=at).rows] == [""]


def test_an_order_and_its_commission_go_to_the_link_that_is_written_on_it(owner: Member) -> None:
    sku = a_good(price_fen=10_000, bps=1_000)
    customer = a_member(nickname="阿月")
    seen(owner, "/", "qr", at=later(hours=-2), visitor="c", member=customer)
    seen(owner, "/p/tea", "poster", at=later(hours=-1), visitor="c", member=customer)
    order = a_paid_order(member=customer, sku=sku, quantity=2, at=AT)
    retail.settle(AT)
    assert Order.objects.get(pk=order.pk).adviser == owner
    rows = {(row.path, row.channel): row.brought for row in links_page(member=owner, days=WEEK, at=later(days=1)).rows}
    assert (rows["/p/tea", "poster"].orders, rows["/p/tea", "poster"].earned_fen) == (1, 2_000)
    assert (rows["/", "qr"].orders, rows["/", "qr"].earned_fen) == (0, 0)
    total = brought(member=owner, days=WEEK, at=later(days=1))
    assert (total.orders, total.earned_fen) == (1, 2_000)
    a_paid_order(member=a_member(), sku=sku, at=AT)
    assert brought(member=owner, days=WEEK, at=later(days=1)).orders == 1


def test_a_reward_goes_to_the_last_visit_before_the_order(mall: Mall) -> None:
    zoe = mall.join("zoe")
    mall.buy("zoe", "o-zoe")
    ann = mall.join("ann", "zoe")
    seen(zoe, "/", "moments", at=mall.at - timedelta(minutes=30), member=ann)
    seen(zoe, "/p/pack", "group", at=mall.at - timedelta(minutes=20), member=ann)
    mall.buy("ann", "o-ann")
    Order.objects.filter(number="o-ann").update(referrer=zoe)
    seen(zoe, "/p/later", "qr", at=mall.at + timedelta(minutes=5), member=ann)
    mall.settle()
    at = mall.at + timedelta(hours=1)
    rows = {row.path: row.brought for row in links_page(member=zoe, days=WEEK, at=at).rows}
    assert (rows["/p/pack"].orders, rows["/p/pack"].earned_fen) == (1, 10_000)
    assert rows["/"].orders == rows["/p/later"].orders == 0
    mall.refund("o-ann")
    mall.settle()
    assert brought(member=zoe, days=WEEK, at=at).earned_fen == 0


def test_pages_of_links_follow_each_other_without_loss(owner: Member) -> None:
    for number in range(25):
        for visit in range(number % 3 + 1):
            seen(owner, f"/p/good-{number:02d}", "qr|x" if number == 3 else "moments", visitor=f"{number}.{visit}")
    found: list[str] = []
    after = ""
    while True:
        page = links_page(member=owner, days=WEEK, after=after, limit=10, at=later(hours=1))
        found += [row.path for row in page.rows]
        after = page.next_cursor
        if not after:
            break
    assert len(found) == len(set(found)) == 25
    clicks = [int(path[-2:]) % 3 for path in found]
    assert clicks == sorted(clicks, reverse=True)


def test_the_results_page_says_it_in_words(owner: Member) -> None:
    product = a_good("武夷岩茶").product
    at = clock.now() - timedelta(hours=1)
    seen(owner, f"/p/{product.slug}", "moments", at=at)
    seen(owner, f"/s/{owner.referral_code}", "my-own-tag", at=at)
    seen(owner, "/p/gone-product", "", at=at)
    browser = signed_in(owner)
    text = text_of(browser.get("/agent/share/stats/"))
    for said in ("武夷岩茶", "朋友圈", "我的小店", "my-own-tag", "/p/gone-product", "没有标记"):
        assert said in text
    assert "打开 1 · 访客 1 · 成交 0 单" in re.sub(r"\s+", " ", text)
    assert "武夷岩茶" not in text_of(browser.get("/agent/share/stats/?ch=poster"))
    for query in (
        "?days=8",
        "?days=x",
        "?ch=%00",
        "?after=x",
        "?after=1|",
        "?after=999999999999|a|b",
        "?after=1|a|%00",
    ):
        assert browser.get(f"/agent/share/stats/{query}").status_code == 200


def test_without_visits_the_page_says_so_honestly(owner: Member) -> None:
    assert "还没有人打开你的链接" in text_of(signed_in(owner).get("/agent/share/stats/"))
    assert "近 7 天还没有人打开" in text_of(signed_in(owner).get("/agent/share/"))


def test_the_share_pages_cost_the_same_for_many_links(owner: Member) -> None:
    browser = signed_in(owner)
    at = clock.now() - timedelta(hours=1)
    counts = []
    for more in (2, 30):
        for number in range(more):
            seen(owner, f"/p/{a_good(f'{more} 第{number}件').product.slug}", "moments", at=at)
        found = []
        for path in ("/agent/share/", "/agent/share/stats/"):
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(path).status_code == 200
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1]


def test_strangers_see_nothing(client: Client) -> None:
    for path in ("share/", "share/stats/", "share/poster/"):
        assert client.get(f"/agent/{path}").status_code == 302


def test_nothing_promises_a_reward_for_sharing(owner: Member) -> None:
    product = a_good().product
    commands.put_in_shop(owner=owner, slug=product.slug, at=AT)
    browser = signed_in(owner)
    paths = ("/agent/share/", "/agent/share/?to=s", f"/agent/share/?to=p/{product.slug}", "/agent/share/stats/")
    for path in (*paths, f"/s/{owner.referral_code}", "/agent/shop/", "/agent/goods/"):
        text = text_of(browser.get(path))
        assert not re.search(r"(分享|转发).{0,4}(得|领|赚|送|返)", text), path


def test_every_channel_has_a_name() -> None:
    assert all(channel_name(channel) == str(name) for channel, name in NAMES.items())
    assert channel_name("") == "没有标记"
