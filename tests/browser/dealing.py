"""What people do with each other's help: join by a link, buy a gift pack, send and receive it, take their money out.

Each function is a few taps of one person, on a page of its own.
"""

import re
from io import BytesIO

import zxingcpp
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Page, expect

from members.models import Member
from payouts.models import WithdrawalState
from suppliers.models import Product
from tests.browser.people import newest_code, show_code_again
from tests.payouts.people import id_number

PACK = "¥499.00"


def join_by_link(page: Page, path: str, agent: Member, phone: str) -> None:
    """Open an agent's link and join the mall there."""
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_contain_text(agent.nickname)
    page.get_by_role("link", name="手机号登录").click()
    page.fill("input[name=phone]", phone)
    page.check("input[name=agreed]")
    page.get_by_role("button", name="获取验证码").click()
    page.fill("input[name=code]", newest_code(page, phone))
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/")


def write_address(page: Page, phone: str) -> None:
    page.get_by_role("link", name="先添加收货地址").click()
    page.fill("input[name=name]", "陈小满")
    page.fill("input[name=phone]", phone)
    for field, name in {"province": "浙江省", "city": "杭州市", "district": "西湖区"}.items():
        # Each select offers what the one before allows.
        expect(page.locator(f"select[name={field}]")).to_contain_text(name)
        page.select_option(f"select[name={field}]", name)
    page.fill("[name=detail]", "龙井路 1 号")
    page.get_by_role("button", name="保存地址").click()


def buy(page: Page, product: Product, phone: str) -> str:
    """Buy the gift pack on the phone for the first time, and return the order's number."""
    page.goto(f"/p/{product.slug}")
    page.locator("#buy a").click()
    page.locator("dialog#sheet").get_by_role("button", name="买礼包").click()
    page.wait_for_url("**/agent/join/**")
    page.check("input[name=agreed]")
    page.get_by_role("button", name="买礼包").click()
    write_address(page, phone)
    expect(page.locator("main")).to_contain_text("整单全额退款")
    page.get_by_role("button", name="提交订单").click()
    page.wait_for_url("**/pay/*")
    page.get_by_role("button", name=f"支付 {PACK}").click()
    page.wait_for_url("**/sandbox/pay/**")
    page.get_by_role("button", name=f"确认支付 {PACK}").click()
    page.wait_for_url("**/result**")
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    page.get_by_role("link", name="查看订单").click()
    page.wait_for_url("**/orders/*/")
    found = re.search(r"/orders/(\w+)/", page.url)
    assert found is not None
    return found[1]


def ship(page: Page, number: str) -> None:
    """Hand the order's parcel to a carrier, at the supplier's desk."""
    page.goto("/supplier/orders/order/")
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="发货", exact=True).click()
    page.select_option("select[name=carrier]", "顺丰速运")
    page.fill("input[name=tracking_number]", "SF1234567890")
    page.get_by_role("button", name="确认发货").click()
    expect(page.locator("body")).to_contain_text(f"订单 {number} 的包裹已发出")


def receive(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}/")
    page.get_by_role("link", name="确认收货").click()
    page.locator("#sheet").get_by_role("button", name="确认收货").click()
    expect(page.get_by_role("link", name="整份退货")).to_be_visible()


def poster_path(page: Page) -> str:
    """Return the path in the code of the poster on the page, as another phone's camera reads it from the picture."""
    image = page.locator("img.poster")
    expect(image).to_be_visible()
    expect(image).to_have_js_property("naturalWidth", 750)
    content = page.request.get(str(image.get_attribute("src"))).body()
    assert len(content) <= 200_000
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(content)))
    assert "/r/" in found.text
    return str(re.sub(r"^https?://[^/]+", "", found.text))


def days_pass(days: int) -> None:
    """Let the demo's time pass, as `manage.py advance_clock` does."""
    call_command("advance_clock", days=days)


def decide(page: Page, number: str, *, state: WithdrawalState, link: str, button: str) -> None:
    """Open the withdrawal among those in this state and do what the link says."""
    show_code_again(page)
    page.goto(f"/ops/payouts/withdrawal/?state__exact={state}")
    page.get_by_role("link", name=re.compile(number)).click()
    page.get_by_role("link", name=re.compile(link)).click()
    page.get_by_role("button", name=re.compile(button)).click()


def register_payee(page: Page, phone: str) -> None:
    """Give name and WeChat, each change behind a code."""
    page.goto("/agent/")
    page.get_by_role("link", name="收款账户").click()
    page.get_by_role("link", name="去实名登记").click()
    page.get_by_role("button", name=re.compile("发送验证码到")).click()
    page.fill("input[name=code]", newest_code(page, phone))
    page.get_by_role("button", name="确认", exact=True).click()
    page.fill("input[name=name]", "安小满")
    page.fill("input[name=id_number]", id_number(7))
    page.get_by_role("button", name="登记").click()
    page.get_by_role("link", name="添加微信零钱").click()
    expect(page.locator("main")).to_contain_text("安**")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("起可以提现")


def ask(page: Page, yuan: str, *, working: str) -> str:
    """Read how the tax on an amount is worked out, ask for it, and return the withdrawal's number."""
    page.goto("/agent/withdraw/")
    page.fill("input[name=amount]", yuan)
    page.get_by_role("button", name="下一步，核对到账金额").click()
    page.get_by_text("个税是怎么算的").click()
    expect(page.locator("[data-working]")).to_contain_text(working)
    page.get_by_role("button", name=re.compile("确认提现")).click()
    page.wait_for_url(re.compile(r"/agent/withdrawals/\w+/"))
    found = re.search(r"/withdrawals/(\w+)/", page.url)
    assert found is not None
    return found[1]
