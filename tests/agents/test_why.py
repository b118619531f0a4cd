"""Why there was nothing: each condition by its own story, and nothing told of anybody else's people."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents.models import DayOfQuestions
from agents.queries.why import answer, question_of
from agents.why_words import WORDS
from linkage.models import EventKind, LinkageEvent, Position
from linkage.queries import Cause, Verdict
from mall.core import clock
from members.commands import record_touch
from members.models import AdviserRelation, Member, Shopkeeper
from members.queries.advisers import order_attribution
from orders.models import Order, OrderState
from tests.agents.conftest import See, browser_of
from tests.factories import a_member, a_paid_order, a_placed_order, a_sku, later
from tests.linkage import retail
from tests.linkage.stories import Mall, three_generations
from tests.pages.reading import markup

pytestmark = pytest.mark.django_db


def verdict_of(member: Member, number: str) -> Verdict:
    question = question_of(number)
    assert question is not None
    (person,) = answer(member=member, question=question).people
    (order,) = person.orders
    return order.verdict


def asked(client: Client, what: str, status: int = 200) -> str:
    """Ask on the page and return the words of the answer."""
    page = client.post("/agent/why/", {"what": what})
    assert page.status_code == status
    markup(page)
    body = page.content.decode().partition('id="answer"')[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def of_mall(mall: Mall, name: str, number: str) -> Cause:
    return verdict_of(mall.members[name], number).cause


def unpaid(mall: Mall) -> tuple[str, str]:
    mall.join("ann")
    mall.join("bob", "ann")
    mall.buy("bob", "ORDER-1")
    Order.objects.update(state=OrderState.PLACED, paid_at=None)
    return "ann", "ORDER-1"


def cancelled(mall: Mall) -> tuple[str, str]:
    name, number = unpaid(mall)
    Order.objects.update(state=OrderState.CANCELLED, cancel_reason="超时未付款")
    return name, number


def waiting(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    mall.join("carl", "ann")
    mall.buy("carl", "ORDER-1")
    return "ann", "ORDER-1"


def earned(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    Order.objects.filter(number="o-bob").update(number="ORDER-BOB")
    return "ann", "ORDER-BOB"


def taken_back(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    mall.refund("o-bob")
    mall.settle()
    Order.objects.filter(number="o-bob").update(number="ORDER-BOB")
    return "ann", "ORDER-BOB"


def own(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    Order.objects.filter(number="o-ann").update(number="ORDER-ANN")
    return "ann", "ORDER-ANN"


def no_plan(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    mall.pass_time()
    mall.publish(None)
    mall.join("carl", "ann")
    mall.buy("carl", "ORDER-1")
    mall.settle()
    return "ann", "ORDER-1"


def bound_elsewhere(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    touch(mall, "y1", "carl-to-be")
    carl = mall.join("carl", "ann")
    touch_of(mall, "y1", carl, mall.at - timedelta(hours=2))
    mall.buy("carl", "ORDER-1")
    mall.settle()
    return "y1", "ORDER-1"


def member_before(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    carl = mall.join("carl")
    mall.pass_time(days=1)
    touch_of(mall, "ann", carl, mall.at)
    mall.buy("carl", "ORDER-1")
    mall.settle()
    return "ann", "ORDER-1"


def not_bound(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    carl = mall.join("carl")
    touch_of(mall, "ann", carl, mall.at - timedelta(minutes=5))
    mall.buy("carl", "ORDER-1")
    mall.settle()
    return "ann", "ORDER-1"


def no_pack(mall: Mall) -> tuple[str, str]:
    mall.join("ann")
    mall.join("bob", "ann")
    mall.buy("ann", "o-ann")
    mall.settle()
    mall.refund("o-ann")
    mall.buy("bob", "ORDER-1")
    mall.settle()
    mall.buy("ann", "o-again")
    mall.settle()
    return "ann", "ORDER-1"


def repeat(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    mall.buy("bob", "ORDER-1")
    mall.settle()
    return "ann", "ORDER-1"


def not_entitled(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    for number in ("o-y1", "o-y2", "o-ann"):
        mall.refund(number)
    carl = mall.join("carl", "bob")
    touch_of(mall, "zoe", carl, mall.at)
    mall.buy("carl", "ORDER-1")
    mall.settle()
    return "zoe", "ORDER-1"


def refused(mall: Mall) -> tuple[str, str]:
    three_generations(mall)
    carl = mall.join("carl", "ann")
    forget_joining(carl)
    mall.buy("carl", "ORDER-1")
    mall.settle()
    return "ann", "ORDER-1"


def unknown(mall: Mall) -> tuple[str, str]:
    """Every condition of the rules was met, and yet there is no reward: something that nobody has thought of."""
    name, number = earned(mall)
    mall.members["ann"].rewards.filter(order__order__number=number).delete()
    return name, number


def forget_joining(member: Member) -> None:
    """Lose the news that somebody joined, so that settlement refuses what comes of it."""
    assert LinkageEvent.objects.filter(kind=EventKind.JOIN, member_id=member.pk, number=None).delete()[0] == 1


def touch(mall: Mall, owner: str, visitor: str) -> None:
    record_touch(owner=mall.members[owner], visitor_hash=visitor, channel="", target_path="/", at=mall.at)


def touch_of(mall: Mall, owner: str, member: Member, at: object) -> None:
    record_touch(
        owner=mall.members[owner],
        visitor_hash="v",
        channel="",
        target_path="/",
        at=at,
        member=member,  # type: ignore[arg-type]
    )


STORIES: dict[Cause, Callable[[Mall], tuple[str, str]]] = {
    Cause.NOT_PAID: unpaid,
    Cause.CANCELLED: cancelled,
    Cause.WAITING: waiting,
    Cause.EARNED: earned,
    Cause.TAKEN_BACK: taken_back,
    Cause.OWN: own,
    Cause.NO_PLAN: no_plan,
    Cause.BOUND_ELSEWHERE: bound_elsewhere,
    Cause.MEMBER_BEFORE: member_before,
    Cause.NOT_BOUND: not_bound,
    Cause.NO_PACK: no_pack,
    Cause.REPEAT: repeat,
    Cause.NOT_ENTITLED: not_entitled,
    Cause.REFUSED: refused,
    Cause.UNKNOWN: unknown,
}


@pytest.mark.parametrize("cause", STORIES, ids=lambda cause: cause.value)
def test_the_condition_that_failed_is_named_with_what_can_be_done(mall: Mall, see: See, cause: Cause) -> None:
    name, number = STORIES[cause](mall)
    verdict = verdict_of(mall.members[name], number)
    assert verdict.cause == cause
    said = asked(see(name), number)
    assert str(cause.label) in said
    assert str(WORDS[cause].advice) in said
    assert number in said
    settled = {Cause.NOT_PAID, Cause.CANCELLED, Cause.EARNED, Cause.TAKEN_BACK, Cause.OWN}
    assert ("不同意，提出申诉" in said) == (cause not in settled)


def test_without_a_pack_the_reward_may_go_up_the_line(mall: Mall) -> None:
    mall.pass_time()
    mall.publish({"name": "up", "unranked_referrer": "roll_up"})
    mall.join("zoe")
    mall.join("ann", "zoe")
    mall.join("bob", "ann")
    mall.buy("zoe", "o-zoe")
    mall.buy("bob", "ORDER-1")
    mall.settle()
    verdict = verdict_of(mall.members["ann"], "ORDER-1")
    assert verdict.cause == Cause.ROLLED_UP
    assert verdict.clause == 3


def test_a_plan_may_pay_no_direct_reward_at_all(mall: Mall) -> None:
    mall.pass_time()
    mall.publish({"name": "none", "direct_fen": {"agent": 0, "partner": 0}})
    mall.join("ann")
    mall.join("bob", "ann")
    mall.buy("ann", "o-ann")
    mall.buy("bob", "ORDER-1")
    mall.settle()
    assert of_mall(mall, "ann", "ORDER-1") == Cause.NONE_PLANNED


def test_the_rules_are_run_on_what_stood_before_the_order_and_not_on_what_stands_now(mall: Mall) -> None:
    name, number = no_pack(mall)
    assert Position.objects.get(member=mall.members[name]).packs == 1, "bought again since"
    assert of_mall(mall, name, number) == Cause.NO_PACK


def test_every_reward_that_there_is_leads_to_its_explanation(mall: Mall, see: See) -> None:
    name, number = earned(mall)
    page = see(name).post("/agent/why/", {"what": number}).content.decode()
    reward = mall.members["ann"].rewards.get(order__order__number="ORDER-BOB")
    assert f"/agent/earnings/{reward.pk}/" in page


# Goods


def goods(seller: Member, cause: Cause) -> Order:
    """Return an order of goods after which the seller has nothing, for this cause."""
    at = later(days=1)
    if cause == Cause.NO_COMMISSION:
        return a_paid_order(member=retail.a_customer_of(seller), sku=a_sku(), at=at)
    sku = retail.an_earning_sku()
    if cause == Cause.REFUSED:
        forget_joining(seller)
    if cause == Cause.OTHER_ADVISER:
        buyer = retail.a_customer_of(retail.a_shopkeeper())
        record_touch(owner=seller, visitor_hash="v", channel="", target_path="/", at=at, member=buyer)
    elif cause == Cause.RELATION_LAPSED:
        buyer = retail.a_customer_of(seller, until=later(days=16))
        at = later(days=17)
    elif cause == Cause.TOUCH_LAPSED:
        buyer, at = a_member(), later(days=40)
        record_touch(owner=seller, visitor_hash="v", channel="", target_path="/", at=later(days=1), member=buyer)
    elif cause == Cause.NOT_OPEN:
        buyer = retail.a_customer_of(seller)
        Shopkeeper.objects.filter(member=seller).update(
            state="suspended", decided_at=later(hours=1), reason="暂停", approved_at=later(days=2)
        )
    elif cause == Cause.STAFF:
        buyer = retail.a_customer_of(seller)
        Member.objects.filter(pk=buyer.pk).update(is_staff=True)
        buyer.refresh_from_db()
    elif cause == Cause.BUYER_SELLS:
        buyer = retail.a_shopkeeper()
        retail.bind(buyer, seller)
    else:
        buyer = retail.a_customer_of(seller)
    return a_paid_order(member=buyer, sku=sku, at=at)


@pytest.mark.parametrize(
    "cause",
    [
        Cause.NO_COMMISSION,
        Cause.OTHER_ADVISER,
        Cause.RELATION_LAPSED,
        Cause.TOUCH_LAPSED,
        Cause.NOT_OPEN,
        Cause.BUYER_SELLS,
        Cause.STAFF,
        Cause.WAITING,
        Cause.REFUSED,
        Cause.EARNED,
    ],
    ids=lambda cause: cause.value,
)
def test_goods_without_a_commission_have_their_reason_too(cause: Cause) -> None:
    seller = retail.a_shopkeeper()
    order = goods(seller, cause)
    if cause in (Cause.EARNED, Cause.REFUSED):
        retail.settle(later(days=2))
    assert order_attribution(member=order.member, at=order.placed_at).policy is not None
    assert verdict_of(seller, order.number).cause == cause
    said = asked(browser_of(seller), order.number)
    assert str(cause.label) in said


def test_an_agent_who_never_opened_a_shop_is_told_so() -> None:
    agent = a_member()
    order = a_paid_order(member=a_member(referrer=agent), sku=retail.an_earning_sku())
    assert verdict_of(agent, order.number).cause == Cause.NOT_OPEN


def test_a_touch_alone_lets_one_ask_and_earns_within_its_days_without_any_relation() -> None:
    seller, buyer, stranger = retail.a_shopkeeper(), a_member(nickname="周可可"), retail.a_shopkeeper()
    record_touch(owner=seller, visitor_hash="v", channel="", target_path="/", at=later(days=1), member=buyer)
    assert not AdviserRelation.objects.exists()
    assert "来过，还没有买" in asked(browser_of(seller), str(buyer.phone)[-4:])
    order = a_paid_order(member=buyer, sku=retail.an_earning_sku(), at=later(days=2))
    assert (order.adviser, order.adviser_reason) == (seller, "touch")
    retail.settle(later(days=3))
    assert verdict_of(seller, order.number).cause == Cause.EARNED
    assert "没有找到" in asked(browser_of(stranger), order.number)


# By the tail of a phone


def test_a_friend_is_found_by_the_tail_and_shown_masked() -> None:
    agent = a_member()
    friend = a_member(referrer=agent, nickname="周可可")
    tail = str(friend.phone)[-4:]
    said = asked(browser_of(agent), tail)
    assert "来过，还没有买" in said
    assert "周**" in said
    assert f"****{tail}" in said
    assert "周可可" not in said
    order = a_placed_order(member=friend)
    assert "还没有付款" in asked(browser_of(agent), tail)
    assert order.number in asked(browser_of(agent), tail)


def test_of_many_with_one_tail_five_are_answered() -> None:
    agent = a_member()
    for number in range(7):
        friend = a_member(referrer=agent, nickname=f"友{number}")
        Member.objects.filter(pk=friend.pk).update(phone=f"+8613{number}00007777")
    stranger = a_member(nickname="路人")
    Member.objects.filter(pk=stranger.pk).update(phone="+8618800007777")
    said = asked(browser_of(agent), "7777")
    assert said.count("****7777") == 5
    assert "只列出最近的 5 位" in said
    assert "路**" not in said


def test_no_such_person_and_not_yours_are_one_answer_at_one_cost() -> None:
    agent, other = a_member(), a_member()
    theirs = a_paid_order(member=a_member(referrer=other))
    Member.objects.filter(pk=theirs.member_id).update(phone="+8618800001234")
    browser = browser_of(agent)
    browser.get("/agent/why/")
    pages, costs = [], []
    for what in ("5678", "1234", "HJ2600000000000000", theirs.number):
        with CaptureQueriesContext(connection) as queries:
            page = browser.post("/agent/why/", {"what": what})
        assert page.status_code == 200
        body = page.content.decode().partition('id="answer"')[2].partition("</main>")[0]
        pages.append(body)
        costs.append(len(queries))
    assert len(set(pages)) == 1
    assert "没有找到" in pages[0]
    assert costs[0] == costs[1]
    assert costs[2] == costs[3]


def test_twenty_questions_a_day_and_what_cannot_be_read_does_not_count() -> None:
    agent = a_member()
    browser = browser_of(agent)
    for what in ("", "12", "<script>", "x" * 70, "1 2 3\x00"):
        assert browser.post("/agent/why/", {"what": what}).status_code == 400
    assert DayOfQuestions.objects.count() == 0
    for _ in range(20):
        assert browser.post("/agent/why/", {"what": "0000"}).status_code == 200
    page = browser.post("/agent/why/", {"what": "0000"})
    assert page.status_code == 429
    assert "今天的 20 次已经用完" in page.content.decode()
    assert DayOfQuestions.objects.get(member=agent).asked == 20
    DayOfQuestions.objects.update(date=clock.now().date() - timedelta(days=3))
    assert browser.post("/agent/why/", {"what": "0000"}).status_code == 200
    assert Client().post("/agent/why/", {"what": "0000"}).status_code == 302


def test_a_customer_of_the_shop_can_be_asked_about_and_one_taken_over_too() -> None:
    seller = retail.a_shopkeeper()
    customer = retail.a_customer_of(seller)
    AdviserRelation.objects.update(ended_at=later(days=1), end_reason="changed")
    assert "来过，还没有买" in asked(browser_of(seller), str(customer.phone)[-4:])
