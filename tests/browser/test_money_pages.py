"""Operators' money pages at a desk: several payouts at once, a batch by file, one order's money, a refund's effects."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ledger.commands import chain_entries, publish_root
from ledger.queries import member_balances
from mall.core.rights import RELEASE, REVIEW, SERVICE
from payouts.commands import make_batch
from payouts.models import ResultFile, WithdrawalState
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password
from tests.browser.test_ops import PASSWORD, with_password
from tests.factories import later
from tests.operators import operator
from tests.payouts.people import AT
from tests.payouts.test_batches import released
from tests.payouts.test_many import small, states
from tests.reconciliation.test_splitting import Story

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_small_ones_are_approved_together_for_the_total_that_was_read(open_page, accessible):
    one, other = small(), small(80_000)
    small(300_000)
    desk = open_page(DESK)
    log_in_with_password(desk, with_password(operator("苏敏", REVIEW)), PASSWORD)
    desk.goto("/ops/payouts/withdrawal/?state__exact=requested")
    accessible(desk)
    desk.locator("#result_list td a.cursor-pointer, #result_list [x-on\\:click]").first.click()
    shot(desk, "queue")
    desk.get_by_role("link", name="批量初审").click()
    accessible(desk)
    shot(desk, "many")
    desk.get_by_role("button", name="下一步：核对合计").click()
    desk.get_by_label("照着上面的合计填一遍（元）").fill("1300")
    accessible(desk)
    shot(desk, "many-again")
    desk.get_by_role("button", name="初审通过 2 笔 ¥1,300.00").click()
    expect(desk.get_by_text("2 笔已初审通过")).to_be_visible()
    assert states(one, other) == [WithdrawalState.APPROVED] * 2


def test_a_batch_is_downloaded_and_its_results_booked_by_another(open_page, accessible, settings, tmp_path):
    settings.PAYOUT_GATEWAY = ""
    one, other = released(), released(80_000)
    first = operator("陈立", RELEASE)
    batch = make_batch(channel="bank", by=first, at=AT)
    desk = open_page(DESK, accept_downloads=True)
    log_in_with_password(desk, with_password(first), PASSWORD)
    desk.goto(reverse("ops:payouts_payoutbatch_change", args=[batch.pk]))
    accessible(desk)
    with desk.expect_download() as download:
        desk.get_by_role("button", name="下载 CSV").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    filled = [
        content[0],
        content[1].removesuffix(",,") + "成功,BANK1,",
        content[2].removesuffix(",,") + "失败,,户名不符",
    ]
    file = tmp_path / "results.csv"
    file.write_text("\n".join(filled), encoding="gb18030")
    desk.goto(reverse("ops:payouts_payoutbatch_results", args=[batch.pk]))
    accessible(desk)
    shot(desk, "upload")
    desk.locator("input[type=file]").set_input_files(file)
    desk.get_by_role("button", name="读入，先看报告").click()
    expect(desk.get_by_role("button", name="复核入账")).to_be_disabled()
    accessible(desk)
    shot(desk, "results")
    desk.goto(reverse("ops:payouts_payoutbatch_change", args=[batch.pk]))
    shot(desk, "batch")
    second = open_page(DESK)
    log_in_with_password(second, with_password(operator("赵复", RELEASE)), PASSWORD)
    second.goto(reverse("ops:payouts_payoutbatch_report", args=[ResultFile.objects.get().pk]))
    second.get_by_role("link", name="复核入账").click()
    second.get_by_role("button", name="入账：成功 1 笔").click()
    expect(second.get_by_text("已复核，正在入账")).to_be_visible()
    assert ResultFile.objects.get().state == "approved"
    assert {one.number, other.number} == {row[0] for row in ResultFile.objects.get().rows}


def test_one_orders_money_and_what_a_refund_would_take_back(open_page, accessible, settings):
    settings.PAYOUT_GATEWAY = ""
    story = Story()
    story.receive_all()
    story.withdraw(story.ann, member_balances(holder_id=story.ann.pk).available_fen)
    desk = open_page(DESK)
    log_in_with_password(desk, with_password(operator("小店", SERVICE)), PASSWORD)
    desk.goto(reverse("ops:orders_order_change", args=[story.order.pk]))
    desk.get_by_role("link", name="钱去了哪里").click()
    expect(desk.get_by_text("各项相加等于实付")).to_be_visible()
    accessible(desk)
    shot(desk, "split")
    desk.goto(reverse("ops:orders_order_refund", args=[story.order.pk]))
    expect(desk.get_by_text("会扣回这些人的").first).to_be_visible()
    accessible(desk)
    shot(desk, "refund")


def test_entries_are_found_by_a_phone_and_proved(open_page, accessible, settings):
    settings.PAYOUT_GATEWAY = ""
    story = Story()
    story.receive_all()
    chain_entries()
    publish_root(at=later(days=9))
    desk = open_page(DESK)
    log_in_with_password(desk, with_password(operator("小店", SERVICE)), PASSWORD)
    desk.goto("/ops/ledger/explore/")
    accessible(desk)
    desk.get_by_label("单号、手机尾号、会员号、#凭证号").fill(str(story.ann.phone).removeprefix("+86"))
    desk.get_by_role("button", name="查询").click()
    expect(desk.get_by_text("逐张重算，与入链时一致")).to_be_visible()
    accessible(desk)
    shot(desk, "explore")
