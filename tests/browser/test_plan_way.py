"""A plan from its draft to its first day, as two operators walk it: blocked, corrected, simulated, read, published."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linkage.models import PlanVersion
from mall.core import clock
from members.commands import create_operator
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password

FIRST, SECOND, PASSWORD = "+8613700000001", "+8613700000002", "a-long-password-of-a-test"


@pytest.fixture
def operators(worker: Any) -> None:
    at = clock.now() - timedelta(days=1)
    for phone, name in [(FIRST, "林起草"), (SECOND, "陆复核")]:
        create_operator(phone=phone, nickname=name, password=PASSWORD, is_superuser=True, at=at)


def test_a_plan_is_drafted_blocked_corrected_simulated_read_and_published_by_two(
    operators: None, open_page: Any
) -> None:
    author: Page = open_page(DESK)
    log_in_with_password(author, FIRST, PASSWORD)
    author.get_by_role("link", name="规则方案").first.click()
    author.get_by_role("link", name="起草新版本").click()
    author.fill("input[name=direct_agent_fen]", "300")
    author.get_by_role("button", name="存为草稿").click()
    expect(author.get_by_role("alert").first).to_contain_text("首份礼包最多可能发放 ¥490.00")
    author.fill("input[name=direct_agent_fen]", "105")
    author.get_by_role("button", name="存为草稿").click()
    expect(author.locator("#main")).to_contain_text("推荐人为代理的得 ¥105.00")
    plan = author.url

    author.get_by_role("link", name="提交复核").click()
    author.get_by_role("button", name="提交复核").click()
    expect(author.get_by_role("alert").first).to_contain_text("请先对现在的参数试算一次")

    author.goto(plan)
    author.get_by_role("link", name="试算", exact=True).click()
    author.fill("input[name=size]", "300")
    author.get_by_role("button", name="开始试算").click()
    # The page reloads itself while a worker is at it.
    expect(author.locator("#main")).to_contain_text("没有收回礼包价", timeout=60_000)
    author.locator("#chart-liability summary").click()
    expect(author.locator("#chart-liability table")).to_be_visible()

    author.goto(plan)
    author.get_by_role("link", name="读合规页").click()
    expect(author.locator("#main")).to_contain_text("第七条")
    author.check("input[name=read]")
    author.get_by_role("button", name="确认并返回方案").click()
    author.get_by_role("link", name="提交复核").click()
    author.get_by_role("button", name="提交复核").click()
    expect(author.get_by_role("button", name="发布")).to_be_disabled()
    expect(author.locator("#main")).to_contain_text("须由另一位同事发布")

    checker: Page = open_page(DESK)
    log_in_with_password(checker, SECOND, PASSWORD)
    checker.goto(plan)
    checker.get_by_role("link", name="发布").click()
    checker.get_by_role("button", name="发布", exact=True).click()
    expect(checker.locator("#main")).to_contain_text("生效中")
    version = PlanVersion.objects.get()
    assert version.created_by is not None
    assert version.published_by is not None
    assert (version.created_by.nickname, version.published_by.nickname) == ("林起草", "陆复核")
