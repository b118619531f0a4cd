"""Every page of the agent's desk, A-1 to A-28 but A-16 to A-18, reached from its menu by tapping; looked at as in
`test_every_page`."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from agents.commands import MaterialText, check_material, put_in_shop, save_material
from linkage.commands import request_withdrawal
from mall.core import clock
from members.models import Member, Shopkeeper, ShopkeeperState
from tests.agents.relations import bind
from tests.agents.shops import a_good
from tests.browser.walking import Walk, log_in
from tests.factories import a_member
from tests.linkage import stories
from tests.payouts.people import payable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mall(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> stories.Mall:
    """zoe is a partner and a shopkeeper with a customer, goods in her shop, and money that is on its way to her."""
    monkeypatch.setattr(stories, "START", clock.now().replace(microsecond=0) - timedelta(days=20))
    mall = stories.Mall()
    stories.three_generations(mall)
    mall.receive("o-ann")
    mall.pass_time(days=10)
    mall.settle()
    zoe = mall.members["zoe"]
    Member.objects.filter(pk=zoe.pk).update(phone="+8613900008888", phone_verified=True)
    zoe.refresh_from_db()
    Shopkeeper.objects.create(
        member=zoe, state=ShopkeeperState.APPROVED, applied_at=mall.at, approved_at=mall.at, decided_at=mall.at
    )
    mall.at = clock.now()
    bind(mall, "bob", "zoe")
    return mall


@pytest.fixture
def at_desk(mall: stories.Mall, open_page: Any, accessible: Any) -> Walk:
    """zoe, logged in, on her desk."""
    walk = Walk(open_page(reduced_motion="reduce"), accessible)
    walk.page.goto("/")
    walk.tab("我的")
    log_in(walk, mall.members["zoe"])
    walk.go("我的收益")
    walk.arrive("A-2", "zoe")
    return walk


def desk(walk: Walk) -> None:
    walk.page.goto("/agent/")


def stop(walk: Walk, number: str, link: str, heading: str) -> None:
    """Come to a page from the desk by one tap."""
    desk(walk)
    walk.go(link, within="main")
    walk.arrive(number, heading)


def test_an_agent_walks_through_what_was_earned(at_desk: Walk, mall: stories.Mall) -> None:
    walk, page = at_desk, at_desk.page
    payable(mall.members["zoe"], at=clock.now())
    asked = request_withdrawal(member=mall.members["zoe"], amount_fen=2_000, at=clock.now())
    stop(walk, "A-6", "明细", "收益明细")
    walk.follow(page.locator("main a[href^='/agent/earnings/']").first)
    walk.arrive("A-7", "收益详情")
    walk.go("有疑问")
    walk.arrive("A-25", "提出申诉")
    page.fill("textarea", "请核对这一笔")
    page.locator("main input[type=radio]").first.check(force=True)
    walk.press("提交申诉")
    walk.arrive("A-25", "申诉")
    stop(walk, "A-25", "申诉", "我的申诉")
    stop(walk, "A-25", "为什么没有", "为什么没有收益")
    stop(walk, "A-8", "冻结", "冻结与帮扶基金")
    stop(walk, "A-27", "推广订单", "推广订单")
    stop(walk, "A-28", "结算日历", "结算日历")
    stop(walk, "A-22", "对账单", "对账单")
    walk.follow(page.locator("main a[href^='/agent/statements/']").first)
    walk.arrive("A-22", "对账单")
    stop(walk, "A-15", "消息", "消息")
    stop(walk, "A-23", "账本证明", "账本证明")
    stop(walk, "A-24", "规则与合同", "规则与合同")
    stop(walk, "A-21", "收款账户", "收款账户")
    stop(walk, "A-19", "提现", "提现")
    walk.go("提现记录")
    walk.arrive("A-20", "提现记录")
    walk.follow(page.locator(f"main a[href$='{asked.number}/']"))
    walk.arrive("A-20", "提现进度")
    wanted = {
        "A-2",
        "A-6",
        "A-7",
        "A-8",
        "A-15",
        "A-19",
        "A-20",
        "A-21",
        "A-22",
        "A-23",
        "A-24",
        "A-25",
        "A-27",
        "A-28",
    }
    assert set(walk.seen) == wanted


def test_an_agent_walks_through_team_customers_and_shop(at_desk: Walk, mall: stories.Mall) -> None:
    walk, page, now = at_desk, at_desk.page, clock.now()
    sku = a_good("狮峰龙井", bps=1_000)
    put_in_shop(owner=mall.members["zoe"], slug=sku.product.slug, at=now)
    material = save_material(
        material=None, text=MaterialText("copy", "明前龙井怎么泡", "八十五度水，三分钟。"), by=a_member(), at=now
    )
    check_material(material=material, by=a_member(), at=now)
    stop(walk, "A-3", "升级", "升级进度")
    stop(walk, "A-11", "任务", "我的任务")
    stop(walk, "A-9", "团队", "我的团队")
    for tab in ("树", "变动"):
        walk.go(tab, within="nav[aria-label=团队]")
        walk.arrive("A-9", "我的团队")
    stop(walk, "A-4", "客户", "我的客户")
    walk.follow(page.locator("main a[href^='/agent/customers/']").first)
    walk.arrive("A-4", "客户")
    stop(walk, "A-26", "服务排行", "服务排行")
    stop(walk, "A-5", "我的小店", "我的小店")
    stop(walk, "A-12", "选品", "选品")
    stop(walk, "A-13", "素材", "素材")
    walk.go("明前龙井怎么泡", within="main")
    walk.arrive("A-13", "素材")
    stop(walk, "A-14", "名片", "我的名片")
    stop(walk, "A-10", "分享", "分享")
    walk.go("效果")
    walk.arrive("A-10", "分享效果")
    page.goto("/agent/share/")
    walk.go("海报")
    walk.arrive("A-10", "海报")
    assert set(walk.seen) == {"A-2", "A-3", "A-4", "A-5", "A-9", "A-10", "A-11", "A-12", "A-13", "A-14", "A-26"}


def test_a_buyer_finds_both_ways_in(mall: stories.Mall, open_page: Any, accessible: Any) -> None:
    walk = Walk(open_page(reduced_motion="reduce"), accessible)
    buyer = a_member(nickname="周可")
    walk.page.goto("/")
    walk.tab("我的")
    log_in(walk, buyer)
    walk.go("成为店主")
    walk.arrive("A-1", "成为店主或代理")
    expect(walk.page.locator("main")).to_contain_text("退")
    assert walk.seen == ["A-1"]
