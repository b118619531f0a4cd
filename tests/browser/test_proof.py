"""A-23 in the browser: a proof is checked on the page, downloaded, and found out when one byte of it is another."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ledger.commands import Entry, Line, post_entry, publish_root
from ledger.models import AccountKind
from mall.core import clock
from members.models import Member
from tests.browser.people import log_in
from tests.factories import a_member
from tests.ledger.chains import chain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(transactional_db: None) -> Member:
    member = a_member(nickname="林溪")
    for holder in (member.pk, member.pk + 1, member.pk + 2):
        for number in range(3):
            lines = (Line(AccountKind.SUPPORT_FUND, 0, 7), Line(AccountKind.AVAILABLE, holder, -7))
            post_entry(Entry("grant", f"BF{holder}-{number}", clock.now(), lines))
    chain()
    publish_root(at=clock.now())
    return member


def test_a_proof_is_right_until_a_byte_of_it_is_changed(
    open_page: Any, agent: Member, accessible: Any, tmp_path: Path
) -> None:
    page: Page = open_page()
    log_in(page, str(agent.phone), then="/agent/proof/")
    accessible(page)
    result = page.locator("[data-result]")
    page.get_by_role("button", name="在浏览器里验证").click()
    expect(result).to_contain_text("验证通过：3 笔账")
    accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载证明", exact=True).click()
    good = tmp_path / "proof.json"
    download.value.save_as(good)
    chosen = page.locator("[data-proof] input[type=file]")
    chosen.set_input_files(good)
    expect(result).to_contain_text("验证通过：3 笔账")
    text = good.read_text(encoding="utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(text.replace('[\\"available\\",-7]', '[\\"available\\",-8]', 1), encoding="utf-8")
    assert changed.read_text(encoding="utf-8") != text
    chosen.set_input_files(changed)
    expect(result).to_contain_text("验证不通过：第 1 笔")
    told = json.loads(text)
    for name, wrong, said in (
        ("root", "0" * 64, "链头连不到根"),
        ("head", "0" * 64, "连不到链头"),
        ("entries", told["entries"][1:], "连不到链头"),
    ):
        changed = tmp_path / f"{name}.json"
        changed.write_text(json.dumps(told | {name: wrong}, ensure_ascii=False), encoding="utf-8")
        chosen.set_input_files(changed)
        expect(result).to_contain_text(said)
    changed = tmp_path / "none.json"
    changed.write_text("no proof", encoding="utf-8")
    chosen.set_input_files(changed)
    expect(result).to_contain_text("读不出这份证明")
