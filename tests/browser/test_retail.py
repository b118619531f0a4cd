"""A shopkeeper in a real browser: applies, is approved, sells to a customer by a link, and loses a part to a refund."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linkage.commands import advance_shards
from linkage.models import Commission
from mall.core import clock
from mall.core.rights import SERVICE, ensure_groups
from members.commands import create_operator
from members.models import Member, Shopkeeper
from members.queries import relation_of
from orders.models import Order, OrderState
from suppliers.commands import set_commission
from suppliers.models import Sku
from tests.browser.conftest import DESK
from tests.browser.people import log_in, log_in_with_password, newest_code
from tests.factories import a_member, a_sku, an_address
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

OPERATOR, PASSWORD = "+8613700000009", "correct horse battery"


@pytest.fixture
def sku(transactional_db: None) -> Sku:
    found = a_sku(price_fen=10_000, supply_price_fen=5_000)
    set_commission(product=found.product, commission_bps=1_200)
    return found


def apply(page: Page, member: Member, accessible: Any) -> None:
    log_in(page, str(member.phone))
    page.get_by_role("link", name="成为店主").click()
    accessible(page)
    page.get_by_role("link", name="免费申请店主").click()
    page.fill("textarea[name=statement]", "卖茶十年")
    page.check("input[name=agreed]")
    accessible(page)
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("main")).to_contain_text("等待审核")


def approve(page: Page) -> None:
    operator = create_operator(
        phone=OPERATOR, nickname="何琳", password=PASSWORD, is_superuser=False, at=clock.now() - timedelta(days=1)
    )
    operator.groups.set([ensure_groups()[SERVICE]])
    log_in_with_password(page, OPERATOR, PASSWORD)
    page.goto("/ops/members/shopkeeper/")
    page.get_by_role("link", name=re.compile("林溪")).click()
    page.get_by_role("link", name="开通", exact=True).click()
    page.get_by_role("button", name="开通店主").click()
    expect(page.locator("body")).to_contain_text("林溪：已开通店主")


def come_by_link(page: Page, shopkeeper: Member, sku: Sku, customer: Member, accessible: Any) -> None:
    page.goto(f"/r/{shopkeeper.referral_code}?to=p/{sku.product.slug}")
    expect(page.locator("main")).to_contain_text("零售佣金，实付 ¥100.00 的 12%")
    accessible(page)
    page.get_by_role("link", name="手机号登录").click()
    page.fill("input[name=phone]", str(customer.phone).removeprefix("+86"))
    page.check("input[name=agreed]")
    page.get_by_role("button", name="获取验证码").click()
    page.fill("input[name=code]", newest_code(page, str(customer.phone)))
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"**/p/{sku.product.slug}")
    assert "预计赚" not in page.content()


def buy_two(page: Page, sku: Sku) -> Order:
    page.goto(f"/checkout?sku={sku.pk}&quantity=2")
    page.get_by_role("button", name="提交订单").click()
    page.wait_for_url("**/pay/*")
    page.get_by_role("button", name="支付 ¥200.00").click()
    page.wait_for_url("**/sandbox/pay/**")
    page.get_by_role("button", name="确认支付 ¥200.00").click()
    page.wait_for_url("**/result**")
    wait_until(lambda: Order.objects.get().state == OrderState.PAID)
    return Order.objects.get()


def send_one_back(page: Page, order: Order) -> None:
    page.goto(f"/aftersales/new/{order.lines.get().pk}?kind=call_off&reason=not_wanted")
    page.get_by_role("button", name="减少").click()
    expect(page.locator("#sums")).to_contain_text("¥100.00")
    page.get_by_role("button", name="下一步，传凭证").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".status")).to_contain_text("正在原路退回")


def test_a_shopkeeper_earns_on_what_is_kept(open_page: Any, site: str, sku: Sku, accessible: Any) -> None:
    at = clock.now() - timedelta(days=30)
    shopkeeper, customer = a_member(nickname="林溪", at=at), a_member(nickname="江小满", at=at)
    an_address(customer)
    keeper, buyer = open_page(), open_page()
    apply(keeper, shopkeeper, accessible)
    approve(open_page(DESK))
    assert Shopkeeper.objects.get().state == "approved"
    keeper.goto(f"/p/{sku.product.slug}")
    expect(keeper.locator("#offer")).to_contain_text("预计赚 ¥12.00，佣金 12%")

    come_by_link(buyer, shopkeeper, sku, customer, accessible)
    relation = relation_of(customer_id=customer.pk, at=clock.now())
    assert relation is not None
    assert relation.adviser == shopkeeper
    order = buy_two(buyer, sku)
    assert (order.adviser, order.adviser_reason) == (shopkeeper, "relation")
    advance_shards(at=clock.now())
    assert Commission.objects.get().amount_fen == 2_400
    buyer.goto("/me/adviser/")
    expect(buyer.locator("main")).to_contain_text("¥24.00")
    accessible(buyer)

    send_one_back(buyer, order)
    advance_shards(at=clock.now())
    assert Commission.objects.get().amount_fen == 1_200
    buyer.goto("/me/adviser/")
    expect(buyer.locator("main")).to_contain_text("¥100.00 的 12%")
    expect(buyer.locator("main")).to_contain_text("退款后")

    buyer.get_by_text("不要顾问").click()
    buyer.get_by_role("button", name="解除").click()
    expect(buyer.locator("main")).to_contain_text("你现在没有专属顾问")
    accessible(buyer)
