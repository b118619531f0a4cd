"""The rules and the contract: what is in force, what changed, what was signed, and that nothing holds money back."""

from datetime import timedelta

import pytest
from django.test import Client

from agents.models import RulesAccepted
from agents.queries.contract import changes, unread
from linkage.queries import plan_examples
from linkage.rules.plan import Plan
from mall.core import clock
from members.commands import publish_consent_text, record_consent
from members.consent_texts import Wording
from members.models import Consent, ConsentKind
from tests.agents.conftest import browser_of
from tests.linkage import retail
from tests.linkage.stories import Mall, three_generations
from tests.pages.reading import markup
from tests.plans import published
from tests.snapshots import nothing_changes

from .conftest import See

pytestmark = pytest.mark.django_db

BANNER = "规则有更新，请重新阅读并确认"


def accept(browser: Client, **data: object) -> None:
    assert browser.post("/agent/rules/accept/", {"read": "1"} | data).status_code == 302


@pytest.fixture
def browser(mall: Mall, see: See) -> Client:
    """ann, an agent, has signed and accepted what is in force."""
    three_generations(mall)
    found = see("ann")
    accept(found, plan="1", agreement=["agent:1"])
    return found


def test_everybody_reads_the_rules_in_force_with_examples(mall: Mall) -> None:
    page = Client().get("/agent/rules/")
    markup(page)
    body = page.content.decode()
    for words in ("第一条", "直推奖", "+¥100.00", "其中 ¥20.00 冻结", "没有人得到奖励", "零售佣金"):
        assert words in body, words
    assert "我签过的" not in body


def test_examples_are_what_the_rules_settle() -> None:
    agent, partner, promoted, again, back = plan_examples(plan=Plan())
    assert [(line.who, line.reward, line.amount_fen, line.held_fen) for line in agent.lines] == [
        ("你", "直推奖", 10_000, 0),
        ("你的团队合伙人", "见点奖", 15_000, 3_000),
    ]
    assert [(line.reward, line.held_fen) for line in partner.lines] == [("直推奖", 2_000), ("见点奖", 3_000)]
    assert partner.mine_fen == 25_000
    assert [line.reward for line in promoted.lines] == ["直推奖", "见点奖", "平级奖"]
    assert again.lines == []
    assert back.mine_fen == -10_000
    richer = plan_examples(plan=Plan(repeat_direct_fen=700, promotion_referrals=1))
    assert [line.amount_fen for line in richer[3].lines] == [700]


def test_a_changed_clause_is_told_with_its_old_and_new_words() -> None:
    found = changes(before=Plan(), after=Plan(direct_agent_fen=12_000, hold_days=45))
    assert [change.topic for change in found] == ["直推奖", "冻结", "上限"]
    assert "¥100.00" in found[0].before
    assert "为代理的得 ¥120.00" in found[0].after
    assert changes(before=Plan(), after=Plan()) == []
    assert all(change.before == "" for change in changes(before=None, after=Plan()))
    assert all(change.after == "" for change in changes(before=Plan(), after=None))


def test_a_new_version_is_announced_and_asks_to_be_accepted_once_it_is_in_force(mall: Mall, browser: Client) -> None:
    assert BANNER not in browser.get("/agent/").content.decode()
    starts = clock.now() + timedelta(days=3)
    published({"name": "richer", "direct_fen": {"agent": 10_900}}, starts_at=starts, at=clock.now())
    body = browser.get("/agent/rules/").content.decode()
    assert "规则 v2 将在" in body
    assert BANNER not in body
    page = browser.get("/agent/rules/2/changes/")
    markup(page)
    assert "为代理的得 ¥109.00" in page.content.decode()
    assert "才按这一版结算" in page.content.decode()
    ann = mall.members["ann"]
    later = unread(member=ann, at=starts + timedelta(hours=1))
    assert (later.plan_version, later.agreements, later.is_first) == (2, [], False)


def test_until_accepted_the_banner_stands_and_money_can_be_withdrawn(mall: Mall, browser: Client) -> None:
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.settle()
    mall.at = clock.now()
    mall.publish({"name": "richer", "direct_fen": {"agent": 10_900}})
    assert BANNER in browser.get("/agent/").content.decode()
    page = browser.get("/agent/rules/")
    markup(page)
    assert BANNER in page.content.decode()
    assert "和 v1 相比" in page.content.decode()
    assert browser.get("/agent/withdraw/?amount=50&confirm=1").status_code == 200
    assert "实际到账" in browser.get("/agent/withdraw/").content.decode()
    with nothing_changes():
        browser.post("/agent/rules/accept/", {"plan": "2"})
        accept(browser, plan="1")
        accept(browser, plan="x")
    accept(browser, plan="2")
    assert BANNER not in browser.get("/agent/").content.decode()
    assert list(RulesAccepted.objects.order_by("plan_version").values_list("plan_version", flat=True)) == [1, 2]
    with nothing_changes():
        accept(browser, plan="2")


def test_new_words_of_an_agreement_are_signed_anew_and_old_copies_stay(mall: Mall, browser: Client) -> None:
    publish_consent_text(kind="agent", wording=Wording("代理协议", "新的目的", "新的正文"), at=clock.now())
    body = browser.get("/agent/rules/").content.decode()
    assert BANNER in body
    with nothing_changes():
        accept(browser, agreement=["agent:1"])
    accept(browser, agreement=["agent:2"])
    body = browser.get("/agent/rules/").content.decode()
    assert BANNER not in body
    for address in ("/agreements/agent/1/", "/agreements/agent/2/", "/agent/rules/1/"):
        assert address in body.partition("我签过的")[2]
    ann = mall.members["ann"]
    signed = Consent.objects.filter(member=ann, text__kind=ConsentKind.AGENT).values_list("text__version", flat=True)
    assert sorted(signed) == [1, 2]


def test_whoever_signs_while_joining_has_accepted_the_rules_of_that_time(mall: Mall) -> None:
    three_generations(mall)
    bob = mall.members["bob"]
    assert unread(member=bob, at=mall.at).is_first
    record_consent(member=bob, kind=ConsentKind.AGENT, is_given=True, at=mall.at)
    assert not unread(member=bob, at=mall.at).is_any
    mall.join("carl")
    assert not unread(member=mall.members["carl"], at=mall.at).is_any


def test_a_shopkeeper_is_asked_for_its_own_agreement_alone() -> None:
    seller = retail.a_shopkeeper()
    found = unread(member=seller, at=clock.now())
    assert (found.plan_version, [text.kind for text in found.agreements]) == (None, ["shopkeeper"])
    accept(browser_of(seller), agreement=["shopkeeper:1"])
    assert not unread(member=seller, at=clock.now()).is_any


def test_without_a_plan_the_page_says_so(mall: Mall) -> None:
    mall.at = clock.now()
    mall.publish(None)
    body = Client().get("/agent/rules/").content.decode()
    assert "现在没有 2+1 规则" in body
    assert "关闭 2+1" in body
    assert Client().get("/agent/rules/2/changes/").status_code == 200
    assert Client().get("/agent/rules/9/changes/").status_code == 404
    assert Client().post("/agent/rules/accept/").status_code == 302
