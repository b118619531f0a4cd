"""Shopkeepers, relations, contests and terms at /ops/: who decides, what it says, and what nobody changes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mall.core import clock
from mall.core.rights import PLANS, REVIEW, SERVICE
from members.commands import apply_as_shopkeeper, bind_on_login, contest_adviser
from members.models import AdviserRelation, Member, RelationContest, RelationPolicy, Shopkeeper
from tests.factories import a_member
from tests.members.shopkeepers import a_shopkeeper, a_touch
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

SHOPS, RELATIONS = "/ops/members/shopkeeper/", "/ops/members/adviserrelation/"
CONTESTS, TERMS = "/ops/members/relationcontest/", "/ops/members/relationpolicy/"


def an_applicant(name: str, *, days_ago: int = 0) -> Shopkeeper:
    at = clock.now() - timedelta(days=days_ago)
    return apply_as_shopkeeper(member=a_member(nickname=name), statement=f"{name}的介绍", agreed=True, at=at)


def act(shop: Shopkeeper, name: str) -> str:
    return reverse(f"ops:members_shopkeeper_{name}", args=[shop.pk])


def a_contest() -> RelationContest:
    customer, adviser = a_member(nickname="江小满"), a_shopkeeper("林溪")
    at = clock.now() - timedelta(days=1)
    a_touch(adviser, customer, at=at)
    bind_on_login(member=customer, at=at)
    return contest_adviser(member=customer, words="没有打开过这个链接", at=clock.now())


def test_the_queue_shows_who_waits_longest_first_and_is_counted_in_the_menu():
    an_applicant("后来的")
    an_applicant("先来的", days_ago=3)
    client = as_(operator("何琳", SERVICE))
    page = text(client.get(SHOPS, follow=True))
    assert page.index("先来的") < page.index("后来的")
    assert "待审核" in page
    navigation = text(client.get("/ops/")).split('id="nav-sidebar-apps"')[1].split("</nav>")[0]
    assert "店主" in navigation
    for address in (SHOPS, RELATIONS, CONTESTS, TERMS):
        assert f'href="{address}"' in navigation


def test_an_operator_approves_suspends_and_reinstates():
    shop = an_applicant("林溪")
    client = as_(operator("何琳", SERVICE))
    page = text(client.get(reverse("ops:members_shopkeeper_change", args=[shop.pk])))
    for words in ("林溪的介绍", "店主协议", "v1", act(shop, "approve"), act(shop, "refuse")):
        assert words in page
    assert client.post(act(shop, "approve")).status_code == 302
    shop.refresh_from_db()
    assert (shop.state, str(shop.decided_by)) == ("approved", "何琳")
    assert client.post(act(shop, "suspend"), {"reason": "虚假宣传"}).status_code == 302
    assert "虚假宣传" in text(client.get(reverse("ops:members_shopkeeper_change", args=[shop.pk])))
    assert client.post(act(shop, "reinstate")).status_code == 302
    shop.refresh_from_db()
    assert (shop.state, shop.reason) == ("approved", "")


def test_a_refusal_needs_a_reason_and_happens_once():
    shop = an_applicant("林溪")
    client = as_(operator("何琳", SERVICE))
    with nothing_changes():
        for reason in ("", "长" * 201):
            assert "ops-error" in text(client.post(act(shop, "refuse"), {"reason": reason}))
    client.post(act(shop, "refuse"), {"reason": "请写明卖过什么"})
    with nothing_changes():
        assert "状态已变化" in text(client.post(act(shop, "approve")))


@pytest.mark.parametrize("group", [REVIEW, PLANS])
def test_who_may_only_look_decides_nothing(group):
    shop, contest = an_applicant("林溪"), a_contest()
    client = as_(operator("苏敏", group))
    assert client.get(reverse("ops:members_shopkeeper_change", args=[shop.pk])).status_code == 200
    with nothing_changes():
        assert client.post(act(shop, "approve")).status_code == 403
        assert client.post(act(shop, "refuse"), {"reason": "不行"}).status_code == 403
        decide = reverse("ops:members_relationcontest_decide", args=[contest.pk])
        assert client.post(decide, {"upheld": "1", "answer": "对"}).status_code == 403
    if group == REVIEW:
        assert client.get(f"{TERMS}new/").status_code == 403


def test_rows_that_are_not_there_answer_404():
    client = as_(operator("何琳", SERVICE))
    for address in (f"{SHOPS}999999/change/", f"{SHOPS}x/change/", f"{CONTESTS}999999/change/", f"{SHOPS}9/approve/"):
        assert client.get(address).status_code == 404


def test_relations_are_found_by_the_tail_of_a_phone_and_read_only():
    contest = a_contest()
    customer = contest.relation.customer
    Member.objects.filter(pk=customer.pk).update(phone="+8613800007788")
    client = as_(operator("何琳", SERVICE))
    page = text(client.get(RELATIONS, {"q": "7788"}))
    assert "江小满" in page
    assert "138****7788" in page
    assert "13800007788" not in page
    assert "江小满" not in text(client.get(RELATIONS, {"q": "0000"}))
    record = reverse("ops:members_adviserrelation_change", args=[contest.relation_id])
    assert "经分享链接登录" in text(client.get(record))
    with nothing_changes():
        assert client.post(record, {"until": "2030-01-01"}).status_code == 403


def test_a_contest_is_decided_with_words_that_the_customer_reads():
    contest = a_contest()
    client = as_(operator("何琳", SERVICE))
    assert "没有打开过这个链接" in text(client.get(CONTESTS, follow=True))
    decide = reverse("ops:members_relationcontest_decide", args=[contest.pk])
    with nothing_changes():
        assert "ops-error" in text(client.post(decide, {"upheld": "1", "answer": ""}))
        wrong = client.post(decide, {"upheld": "1", "answer": "对", "code": "NOTHING2"})
        assert "没有找到这个店主码" in text(wrong)
    assert client.post(decide, {"upheld": "1", "answer": "查无此次访问"}).status_code == 302
    assert AdviserRelation.objects.get().end_reason == "operator"
    page = text(client.get(reverse("ops:members_relationcontest_change", args=[contest.pk])))
    assert "查无此次访问" in page
    assert decide not in page
    with nothing_changes():
        assert "已经裁定过了" in text(client.post(decide, {"upheld": "0", "answer": "反悔"}))


TERMS_NOW = {
    "touch_days": "30",
    "protection_days": "10",
    "lock_days": "60",
    "order_lock_days": "120",
    "cooling_off_days": "7",
    "starts_at": "",
}


def test_terms_are_read_before_they_are_published():
    client = as_(operator("周岚", PLANS))
    assert "锁客期：没有下单时，关系在 90 天后结束" in text(client.get(TERMS))
    with nothing_changes():
        page = text(client.post(f"{TERMS}new/", {**TERMS_NOW, "read": ""}))
    assert "关系在 60 天后结束；每付款一单，延长到 120 天以后" in page
    assert client.post(f"{TERMS}new/", TERMS_NOW).status_code == 302
    made = RelationPolicy.objects.get(version=2)
    assert (made.lock_days, str(made.created_by)) == (60, "周岚")
    page = text(client.get(TERMS))
    assert "生效中" in page
    assert "已被取代" in page
    assert "成为客户后 10 天内" in text(client.get(f"{TERMS}2/change/"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lock_days": "5"}, "锁客期不能短于保护期"),
        ({"order_lock_days": "30"}, "下单后的锁客期不能短于锁客期"),
        ({"touch_days": "0"}, "天数太少了"),
        ({"touch_days": ""}, "请填写天数"),
        ({"touch_days": "1.5"}, "请填写整数天"),
        ({"lock_days": "99999"}, "最多 3650 天"),
        ({"starts_at": "2020-01-01 00:00"}, "生效时间不能早于现在"),
        ({"starts_at": "明天"}, "的样子填写"),
    ],
)
def test_terms_that_make_no_sense_are_said_and_not_published(changes, words):
    client = as_(operator("周岚", PLANS))
    with nothing_changes():
        assert words in text(client.post(f"{TERMS}new/", TERMS_NOW | changes))
