"""Every page of the buyer's mall, reached as a person reaches it: by tapping from the front page on.

An address is typed only where that is the way: the front page, a link out of a chat, an address that is wrong. On each
page the walk asks for its heading, its status, no scrolling sideways at 320 px, and for what axe finds in light and in
dark. The numbers are those of the list of pages: C-1 is the front page, C-33 the pages of failures.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from mall.core import clock
from members.models import Member
from orders.carriers import TrackMessage
from orders.commands.reviewing import write_review
from orders.commands.tracking import take_tracks
from orders.models import Order
from service.commands import ArticleText, News, open_ticket, save_article, save_topic, tell
from service.models import Topic
from suppliers.commands import add_favourite
from suppliers.models import Sku
from tests.browser.conftest import PHONE
from tests.browser.walking import Walk, log_in
from tests.factories import a_member, a_received_order, a_shipped_order, an_address
from tests.orders.after_sale import a_case

pytestmark = pytest.mark.django_db(transaction=True)

# What each walk comes by. Together they are the buyer's mall: C-1 to C-13, C-25, and C-28 to C-33.
WALKS: dict[str, set[str]] = {
    "stranger": {"C-1", "C-2", "C-3", "C-4", "C-5", "C-6", "C-7", "C-31"},
    "invited": {"C-5", "C-31"},
    "paying": {"C-8", "C-9", "C-10", "C-11", "C-31"},
    "orders": {"C-6", "C-10", "C-11", "C-12", "C-13", "C-30", "C-32"},
    "asking": {"C-25", "C-28"},
    "own": {"C-29", "C-30", "C-32"},
    "astray": {"C-2", "C-33"},
}


@pytest.fixture
def walk(open_page: Any, accessible: Any) -> Walk:
    return Walk(open_page(reduced_motion="reduce"), accessible)


@pytest.fixture
def tea(transactional_db: None) -> Sku:
    """What is sold: a tea with a review."""
    order = a_received_order(at=clock.now() - timedelta(days=2))
    line = order.lines.get()
    write_review(
        member=order.member, line_id=line.pk, stars=5, tags=["口味好"], text="很香", is_anonymous=False, at=clock.now()
    )
    return Sku.objects.get(pk=line.sku_id)


@pytest.fixture
def buyer(tea: Sku) -> Member:
    """A member of a month who has bought before, has asked for help and was told about it."""
    now = clock.now()
    member = a_member(nickname="周可", at=now - timedelta(days=40))
    an_address(member)
    add_favourite(member=member, product=tea.product, at=now)
    topic = save_topic(name="退换货", slug="returns", icon="rotate-ccw")
    save_article(text=ArticleText(topic.pk, "退款多久到账？", "refund-time", "原路退回。", is_hot=True), at=now)
    open_ticket(member=member, topic=Topic.ORDER, text="包裹呢", idempotency_key="k", reply_hours=24, at=now)
    tell([News(member.pk, "shipped", "k", "/orders/", {"number": "HJ2611220000000000"})], at=now)
    return member


@pytest.fixture
def orders(buyer: Member) -> dict[str, Order]:
    """Orders of the buyer's: one on its way with news of the carrier, one in after-sale, one that may be reviewed."""
    at = clock.now() - timedelta(days=2)
    moving, asked = a_shipped_order(member=buyer, at=at), a_shipped_order(member=buyer, at=at)
    received = a_received_order(member=buyer, at=at)
    news = TrackMessage("1", "moving", "快件到达杭州转运中心", "杭州市", at + timedelta(hours=5))
    take_tracks(carrier="顺丰速运", number="SF1234567890", events=[news], at=clock.now())
    a_case(asked)
    return {"moving": moving, "asked": asked, "received": received}


@pytest.fixture
def at_home(walk: Walk, buyer: Member) -> Walk:
    """The buyer, logged in, on 我的."""
    walk.page.goto("/")
    walk.tab("我的")
    log_in(walk, buyer)
    return walk


def test_a_stranger_walks_from_the_front_page_to_the_login(walk: Walk, tea: Sku) -> None:
    page, name = walk.page, tea.product.name
    page.goto("/")
    walk.arrive("C-1", "品质国货")
    walk.tab("分类")
    walk.arrive("C-2", "大家常买")
    walk.go(tea.product.category.name, within=".rail")
    walk.arrive("C-2", tea.product.category.name)
    walk.tab("首页")
    walk.go("全部")
    walk.arrive("C-4", "新品")
    walk.link("筛选").click()
    expect(page.locator("dialog#sheet")).to_be_visible()
    walk.look()
    page.keyboard.press("Escape")
    walk.back()
    walk.go("搜索", within=".shop-head")
    walk.arrive("C-3", "搜索")
    page.fill("#q", "龙井")
    walk.press("搜索")
    walk.arrive("C-3", "“龙井”的搜索结果")
    walk.go(name, within="main")
    walk.arrive("C-5", name)
    walk.go("好评")
    walk.arrive("C-6", "评价")
    walk.back()
    walk.link("加入购物车").click()
    expect(page.locator("dialog#sheet")).to_be_visible()
    walk.look()
    page.locator("dialog#sheet").get_by_role("button", name="加入购物车").click()
    expect(page.locator("dialog#sheet")).to_be_hidden()
    walk.go("购物车", within=".actions")
    walk.arrive("C-7", "购物车")
    walk.tab("我的")
    walk.arrive("C-31", "登录")
    walk.go("先逛逛，不登录")
    walk.arrive("C-1", "品质国货")
    assert set(walk.seen) == WALKS["stranger"]


def test_a_shared_link_leads_to_the_goods_and_to_the_login(walk: Walk, tea: Sku) -> None:
    friend = a_member(nickname="小林")
    walk.page.goto(f"/r/{friend.referral_code}?to=p/{tea.product.slug}")
    walk.arrive("C-31", "小林邀请你来")
    walk.go("不登录，先看商品")
    walk.arrive("C-5", tea.product.name)
    walk.page.goto(f"/r/{friend.referral_code}")
    walk.arrive("C-31", "小林邀请你来")
    walk.go("手机号登录")
    walk.arrive("C-31", "登录")
    newcomer = a_member()
    walk.page.fill("input[name=phone]", str(newcomer.phone).removeprefix("+86"))
    walk.page.check("input[name=agreed]")
    walk.press("获取验证码")
    walk.arrive("C-31", "输入验证码")
    assert set(walk.seen) == WALKS["invited"]


def test_a_buyer_walks_from_the_cart_to_what_was_paid(walk: Walk, buyer: Member, tea: Sku) -> None:
    page = walk.page
    page.goto("/")
    walk.go(tea.product.name, within="main")
    walk.link("加入购物车").click()
    page.locator("dialog#sheet").get_by_role("button", name="加入购物车").click()
    expect(page.locator("dialog#sheet")).to_be_hidden()
    walk.go("购物车", within=".actions")
    walk.go("结算 1 件")
    walk.arrive("C-31", "登录")
    log_in(walk, buyer)
    walk.arrive("C-8", "确认订单")
    walk.press("提交订单")
    walk.arrive("C-9", "收银台")
    page.locator(".actions button[type=submit]").click()
    page.wait_for_url("**/sandbox/pay/**")
    page.get_by_role("button", name="确认支付").click()
    page.wait_for_url("**/result**")
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    walk.arrive("C-9", "支付结果")
    walk.go("查看订单")
    walk.arrive("C-11", "订单详情")
    walk.me()
    walk.go("全部", within="main")
    walk.arrive("C-10", "我的订单")
    assert set(walk.seen) == WALKS["paying"]


def test_a_buyer_walks_through_the_orders(at_home: Walk, orders: dict[str, Order]) -> None:
    walk, page = at_home, at_home.page
    page.reload()
    walk.arrive("C-30", "我的订单")
    walk.go("待收货")
    walk.arrive("C-10", "我的订单")
    walk.follow(page.locator(f"a[href='/orders/{orders['moving'].number}/']").first)
    walk.arrive("C-11", "订单详情")
    walk.go("查看物流")
    expect(page.locator("main")).to_contain_text("快件到达杭州转运中心")
    walk.arrive("C-12", "物流详情")
    walk.back()
    walk.go("申请开票")
    walk.arrive("C-32", "发票")
    walk.back()
    walk.go("申请售后")
    walk.arrive("C-13", "申请售后")
    page.locator("input[name=kind][value=return_refund]").check()
    walk.press("下一步，选原因")
    walk.arrive("C-13", "申请售后")
    page.locator("input[name=reason][value=damaged]").check()
    walk.press("下一步，看金额")
    walk.arrive("C-13", "申请售后")
    walk.press("下一步，传凭证")
    walk.arrive("C-13", "申请售后")
    walk.press("提交申请")
    walk.arrive("C-13", "售后详情")
    walk.me()
    walk.go("售后", within="nav[aria-label=订单状态]")
    walk.arrive("C-13", "退款/售后")
    expect(page.locator("main article")).to_have_count(2)
    walk.follow(page.locator("main a[href^='/aftersales/AS']").last)
    walk.arrive("C-13", "售后详情")
    walk.me()
    walk.go("待评价")
    walk.arrive("C-6", "我的评价")
    walk.go("评价", within="main article, main .card")
    walk.arrive("C-6", "写评价")
    page.locator("input[name=stars][value='5']").check(force=True)
    page.fill("textarea[name=text]", "焙火很匀，很香")
    walk.press("发布评价")
    walk.me()
    walk.go("我的评价")
    walk.arrive("C-6", "我的评价")
    expect(page.locator("main")).to_contain_text("焙火很匀")
    assert set(walk.seen) == WALKS["orders"]


def test_a_buyer_walks_through_help_and_messages(at_home: Walk) -> None:
    walk, page = at_home, at_home.page
    walk.go("消息")
    walk.arrive("C-28", "消息")
    walk.go("提醒设置")
    walk.arrive("C-28", "提醒设置")
    walk.me()
    walk.go("帮助与客服")
    walk.arrive("C-25", "帮助与客服")
    walk.go("退款多久到账？")
    walk.arrive("C-25", "退款多久到账？")
    walk.back()
    walk.go("我的工单")
    walk.arrive("C-25", "我的工单")
    walk.follow(page.locator("main a[href^='/support/']").first)
    expect(page.locator("main")).to_contain_text("包裹呢")
    walk.arrive("C-25", str(Topic.ORDER.label))
    walk.back()
    walk.go("提交工单")
    walk.arrive("C-25", "提交工单")
    page.locator("input[name=topic][value=goods]").check()
    page.fill("#id_text", "包裹压坏了")
    walk.press("提交")
    expect(page.locator("main")).to_contain_text("包裹压坏了")
    walk.arrive("C-25", str(Topic.GOODS.label))
    assert set(walk.seen) == WALKS["asking"]


def test_a_buyer_walks_through_what_is_kept_and_set(at_home: Walk, tea: Sku) -> None:
    walk, page = at_home, at_home.page
    for name, number, heading, more in ROWS_OF_ME:
        walk.me()
        walk.go(name, within="main")
        walk.arrive(number, heading)
        for step, title in more:
            walk.go(step)
            walk.arrive(number, title)
    walk.me()
    walk.follow(page.locator("a[aria-label=个人资料]"))
    walk.arrive("C-30", "个人资料")
    assert set(walk.seen) == WALKS["own"]


# What is tapped on 我的, its number and heading, and what is tapped there in turn.
ROWS_OF_ME: list[tuple[str, str, str, list[tuple[str, str]]]] = [
    ("收货地址", "C-32", "收货地址", [("新增地址", "新增地址")]),
    ("收货地址", "C-32", "收货地址", [("修改", "修改地址")]),
    ("发票抬头", "C-32", "发票抬头", [("新增抬头", "新增抬头")]),
    ("企业采购", "C-32", "企业采购", [("发起询价", "企业询价")]),
    ("收藏", "C-32", "我的收藏", []),
    ("浏览记录", "C-32", "浏览记录", []),
    ("隐私", "C-29", "隐私", [("我的数据", "我的数据")]),
    ("隐私", "C-29", "隐私", [("同意记录", "同意记录")]),
    ("隐私", "C-29", "隐私", [("注销账号", "注销账号")]),
    ("账号安全", "C-29", "账号与安全", [("更换时，先验证原手机号", "确认是你本人")]),
    ("设置", "C-29", "设置", []),
]


@pytest.fixture
def astray(browser: Browser, site: str, accessible: Any) -> Iterator[Walk]:
    """A phone on which pages may fail: the browser's own complaint about that is no fault of the page."""
    context = browser.new_context(base_url=site, locale="zh-CN", reduced_motion="reduce", **PHONE)
    context.set_default_timeout(10_000)
    yield Walk(context.new_page(), accessible)
    context.close()


def test_who_goes_astray_finds_a_way_on(astray: Walk, tea: Sku, settings: Any) -> None:
    walk, page = astray, astray.page
    page.goto("/p/there-is-no-such-product")
    walk.arrive("C-33", "这一页不在了", status=404)
    walk.go("回首页逛逛")
    expect(page.get_by_role("heading", name=re.compile("品质国货"))).to_be_visible()
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    settings.MAINTENANCE_MINUTES = 20
    walk.tab("分类")
    walk.arrive("C-33", "店里正在整理", status=503)
    settings.MAINTENANCE_MINUTES = 0
    walk.go("重试")
    walk.arrive("C-2", "大家常买")
    page.context.set_offline(True)
    walk.tab("我的")
    walk.arrive("C-33", "网络好像断了")
    page.context.set_offline(False)
    walk.go("重试")
    expect(page.get_by_role("heading", name=re.compile("品质国货"))).to_be_visible()
    assert set(walk.seen) == WALKS["astray"]


def test_the_walks_leave_no_page_out() -> None:
    every = {f"C-{number}" for number in (*range(1, 14), 25, *range(28, 34))}
    assert set().union(*WALKS.values()) == every
