"""A supplier's keys, webhook and imports in a browser, with a real client and a real receiver on the other side."""

import base64
import hashlib
import hmac
import io
import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from integration.models import ApiAct, ApiKey, Delivery
from integration.tasks import sweep
from mall.core import clock
from suppliers.models import ImportedProduct, Product, Sheet, Sku, Supplier, SupplierUser
from tests.browser.applying import file_of
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password, newest_code
from tests.browser.test_paying import picture
from tests.browser.test_supplier_house import PASSWORD, with_password
from tests.factories import a_paid_order, a_seat, a_sku, a_supplier
from tests.integration.receivers import Receiver, receiver
from tests.onboarding.firms import tea
from tests.processes import celery_worker, wait_until

INTERFACE = "/supplier/integration/apikey/"
HEAD = "Handle,Title,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Cost per item"


@pytest.fixture
def supplier(transactional_db: None) -> Supplier:
    return a_supplier("禾山茶业")


@pytest.fixture
def page(supplier: Supplier, open_page: Any) -> Page:
    """The owner's desk."""
    found: Page = open_page(DESK)
    log_in_with_password(found, str(with_password(a_seat(supplier)).phone), PASSWORD, site="/supplier/")
    return found


@pytest.fixture
def there(settings: Any, site: str) -> Iterator[Receiver]:
    """A receiver on this machine, and a worker that may tell it something."""
    settings.WEBHOOK_ALLOWS_LOOPBACK = True
    with receiver() as found, celery_worker(SITE_URL=site, WEBHOOK_ALLOWS_LOOPBACK="1"):
        yield found


def look(page: Page, accessible: Any, name: str) -> None:
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    picture(page, name)


def say_who_it_is(page: Page, phone: str) -> None:
    """Confirm on the page that asks for it before what opens doors."""
    expect(page).to_have_url(re.compile("/me/security/confirm/"))
    page.get_by_role("button", name=re.compile("发送验证码到")).click()
    page.fill("input[name=code]", newest_code(page, phone))
    page.get_by_role("button", name="确认", exact=True).click()


def asked(site: str, key: str) -> tuple[int, Any]:
    """Ask for the orders to ship as the supplier's own system does; returns status and body."""
    request = urllib.request.Request(f"{site}/api/supplier/v1/orders", headers={"Authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        return refusal.code, json.load(refusal)


def test_a_key_is_made_seen_once_used_and_closed(page: Page, site: str, supplier: Supplier, accessible: Any) -> None:
    own, foreign = a_paid_order(sku=a_sku(supplier=supplier), at=clock.now()), a_paid_order(at=clock.now())
    owner = SupplierUser.objects.get(supplier=supplier).member
    page.goto(INTERFACE)
    look(page, accessible, "keys-none")
    page.get_by_role("link", name="创建密钥").click()
    say_who_it_is(page, str(owner.phone))
    page.fill("input[name=name]", "仓库 ERP")
    page.get_by_label("orders:read").check()
    look(page, accessible, "keys-new")
    page.get_by_role("button", name="创建").click()
    key = page.get_by_label("密钥").input_value()
    assert re.fullmatch(r"hj_[0-9A-Z]{8}_[\w-]{43}", key)
    look(page, accessible, "keys-secret")
    page.get_by_role("link", name="我已保存，继续").click()
    expect(page.locator("table.desk-api").first).to_contain_text("还没用过")
    assert key not in page.content()

    status, body = asked(site, key)
    assert status == 200
    assert [order["number"] for order in body["orders"]] == [own.number]
    assert foreign.number not in json.dumps(body)
    assert asked(site, f"{key[:-1]}{'a' if key[-1] != 'a' else 'b'}")[0] == 401
    page.reload()
    expect(page.locator("table.desk-api").first).not_to_contain_text("还没用过")
    look(page, accessible, "keys-used")

    page.get_by_role("link", name="停用", exact=True).click()
    look(page, accessible, "keys-revoke")
    page.get_by_role("button", name="停用").click()
    expect(page.locator("table.desk-api").first).to_contain_text("已停用")
    status, body = asked(site, key)
    assert (status, body["status"]) == (401, 401)
    assert ApiKey.objects.get().revoked_by == owner
    assert ApiAct.objects.count() >= 2


def test_a_webhook_is_set_and_told_of_a_new_order(
    page: Page, there: Receiver, supplier: Supplier, accessible: Any
) -> None:
    owner = SupplierUser.objects.get(supplier=supplier).member
    page.goto(INTERFACE)
    page.get_by_role("link", name="设置推送").click()
    say_who_it_is(page, str(owner.phone))
    page.fill("input[name=url]", "http://10.0.0.1/hook")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("form.ops-act")).to_contain_text("这个网址不在公网上")
    page.fill("input[name=url]", there.url)
    look(page, accessible, "webhook-new")
    page.get_by_role("button", name="保存").click()
    secret = page.get_by_label("签名密钥").input_value()
    look(page, accessible, "webhook-secret")
    page.get_by_role("link", name="我已保存，继续").click()
    assert secret not in page.content()
    look(page, accessible, "webhook-set")

    order = a_paid_order(sku=a_sku(supplier=supplier), at=clock.now())
    sweep()
    wait_until(lambda: bool(there.came))
    _path, headers, body = there.came[0]
    told = json.loads(body)
    assert (told["type"], told["data"]["number"]) == ("order.to_ship", order.number)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    own = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(own).decode()}"
    wait_until(lambda: Delivery.objects.filter(state="delivered").exists())

    page.get_by_role("link", name="推送记录").click()
    expect(page.locator("table")).to_contain_text(order.number)
    expect(page.locator("table")).to_contain_text("204")
    look(page, accessible, "webhook-deliveries")


def upload(page: Page, name: str, content: bytes) -> None:
    page.goto("/supplier/suppliers/product/imports/")
    page.get_by_label("Shopify").check()
    page.set_input_files("input[name=file]", file_of(name, content))
    page.get_by_role("button", name="上传").click()


def nothing_was_made() -> bool:
    return not (Product.objects.exists() or Sku.objects.exists() or ImportedProduct.objects.exists())


def test_what_is_no_catalogue_is_refused_in_a_sentence(page: Page, accessible: Any) -> None:
    formulas = io.BytesIO()
    Workbook().save(formulas)
    for name, content, words in (
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "文件的编码认不出来"),
        ("broken.xlsx", b"PK\x03\x04 this is no workbook", "文件"),
        ("empty.xlsx", formulas.getvalue(), "认不出列名"),
        ("words.csv", "一封信,没有表头\n你好,再见\n".encode(), "第一行认不出列名"),
        ("head.csv", f"{HEAD}\n".encode(), "文件里没有商品"),
    ):
        upload(page, name, content)
        expect(page.locator("form.ops-act .ops-error, form.ops-act [role=alert]").first).to_contain_text(words)
        assert nothing_was_made()
        assert not Sheet.objects.exists()
    look(page, accessible, "import-refused")


def test_a_dry_run_says_row_by_row_what_would_become_of_it(page: Page, accessible: Any) -> None:
    tea()
    rows = [
        "good,大红袍,Black tea,Size,一罐,HS-1,40,128.50,80.00",
        "dear,白毫银针,Black tea,Size,一罐,HS-2,40,50.00,80.00",
        "none,没有价钱,Black tea,Size,一罐,HS-3,40,,",
        "word,价钱是字,Black tea,Size,一罐,HS-4,40,面议,",
        "other,青花杯,Cups,Size,一只,HS-5,40,30.00,",
        ",没有编号,Black tea,Size,一罐,HS-6,40,30.00,",
    ]
    upload(page, "products.csv", "\n".join([HEAD, *rows]).encode())
    page.get_by_label("Black tea").select_option(label="食品 / 茶叶")
    page.get_by_role("button", name="保存并核对").click()
    for name, words in (
        ("大红袍", "新建草稿：1 个规格，¥128.50 起"),
        ("白毫银针", "供货价 ¥80.00 高于售价 ¥50.00"),
        ("没有价钱", "没有填售价"),
        ("价钱是字", "售价“面议”应为大于 0"),
        ("青花杯", "分类“Cups”还没有对应到商城的分类"),
        ("没有编号", "没有商品在原平台的编号"),
    ):
        expect(page.locator("tbody tr", has_text=name)).to_contain_text(words)
    look(page, accessible, "import-dry-run")
    assert nothing_was_made()
    page.get_by_role("link", name="改列和分类的对应").click()
    page.get_by_label("Cups").select_option(label="家居")
    page.get_by_role("button", name="保存并核对").click()
    expect(page.locator("tbody tr", has_text="青花杯")).to_contain_text("新建草稿")
    assert nothing_was_made()
