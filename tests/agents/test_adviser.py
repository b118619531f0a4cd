"""我的专属顾问, and what a link says of who advises the visitor."""

from datetime import timedelta

import pytest
from django.test import Client

from mall.core import clock
from members.commands import (
    bind_on_login,
    change_adviser,
    contest_adviser,
    decide_contest,
    suspend_shopkeeper,
)
from members.models import AdviserRelation, Member, RelationContest, SmsMessage, Touch
from members.queries import relation_of
from orders.commands import refund_order
from suppliers.commands import set_commission
from tests.factories import a_member, a_paid_order, a_sku
from tests.linkage.retail import a_customer_of, an_earning_sku, settle
from tests.members.shopkeepers import a_shopkeeper, a_touch, shop_of
from tests.pages.reading import markup, signed_in
from tests.payouts.people import person
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

PAGE = "/me/adviser/"
ADDRESSES = (PAGE, f"{PAGE}change/", f"{PAGE}leave/", f"{PAGE}contest/")


@pytest.fixture
def adviser() -> Member:
    return a_shopkeeper("林溪")


@pytest.fixture
def customer(adviser: Member) -> Member:
    member = a_member(nickname="江小满")
    at = clock.now() - timedelta(days=2)
    a_touch(adviser, member, at=at)
    bind_on_login(member=member, at=at)
    return member


def shown(member: Member, path: str = PAGE, **data: str) -> str:
    client = signed_in(member)
    answer = client.post(path, data) if data else client.get(path)
    markup(answer)
    return str(answer.content.decode())


def test_strangers_are_sent_to_log_in() -> None:
    for path in ADDRESSES:
        answer = Client().post(path) if path != PAGE else Client().get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


def test_a_customer_sees_who_since_when_until_when_and_why(customer: Member) -> None:
    page = shown(customer)
    for words in ("林溪", "经分享链接登录", "还有 87 天", "保护期内", "换一位顾问", "不要顾问", "对这位顾问有异议"):
        assert words in page
    assert "以前的顾问" not in page
    assert f'href="{PAGE}"' in signed_in(customer).get("/me/").content.decode()


def test_a_customer_without_one_can_choose(adviser: Member) -> None:
    member = a_member()
    page = shown(member)
    assert "你现在没有专属顾问" in page
    assert "选一位顾问" in page
    assert "不要顾问" not in page
    assert (
        "林溪 现在是你的专属顾问"
        in signed_in(member)
        .post(f"{PAGE}change/", {"code": f" {adviser.referral_code.lower()}"}, follow=True)
        .content.decode()
    )
    assert relation_of(customer_id=member.pk, at=clock.now()).adviser == adviser  # type: ignore[union-attr]


def test_a_shopkeeper_and_an_operator_have_none(adviser: Member) -> None:
    for member in (adviser, person("员", staff=True)):
        page = shown(member)
        assert "店主没有专属顾问" in page
        assert "选一位顾问" not in page


@pytest.mark.parametrize("code", ["", "NOTHING2", "x" * 21, "<b>", "ＡＢＣＤ２３４５"])
def test_a_wrong_code_is_said_beside_it_and_nothing_changes(customer: Member, code: str) -> None:
    client = signed_in(customer)
    with nothing_changes(without=("members_dayvisit", "members_membersession")):
        answer = client.post(f"{PAGE}change/", {"code": code})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'class="field-error"' in page
    assert 'value="<b>"' not in page
    markup(answer)


def test_history_names_no_one_in_full(customer: Member) -> None:
    other = a_shopkeeper("陆远")
    change_adviser(member=customer, code=other.referral_code, at=clock.now())
    page = shown(customer)
    before = page[page.index("以前的顾问") :]
    assert "林**" in before
    assert "林溪" not in before
    assert "客户更换" in before


def test_leaving(customer: Member) -> None:
    page = signed_in(customer).post(f"{PAGE}leave/", follow=True).content.decode()
    assert "已解除，之后的订单不再归 TA" in page
    assert "你现在没有专属顾问" in page
    assert AdviserRelation.objects.get().end_reason == "left"


def test_a_contest_waits_and_its_decision_is_read(customer: Member) -> None:
    assert (
        "异议已提交"
        in signed_in(customer).post(f"{PAGE}contest/", {"words": "没有打开过"}, follow=True).content.decode()
    )
    page = shown(customer)
    assert "等待裁定" in page
    assert "没有打开过" in page
    again = signed_in(customer).post(f"{PAGE}contest/", {"words": "再来"})
    assert again.status_code == 400
    assert "正在等平台裁定" in again.content.decode()


@pytest.mark.parametrize("words", ["", "长" * 301])
def test_a_contest_without_a_reason_keeps_what_was_typed(customer: Member, words: str) -> None:
    answer = signed_in(customer).post(f"{PAGE}contest/", {"words": words})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not RelationContest.objects.exists()


def test_nobody_changes_anothers_adviser(customer: Member, adviser: Member) -> None:
    """There is no id in any address: each acts on what is theirs."""
    other = a_member()
    signed_in(other).post(f"{PAGE}leave/")
    signed_in(other).post(f"{PAGE}contest/", {"words": "不是我的"})
    relation = relation_of(customer_id=customer.pk, at=clock.now())
    assert relation is not None
    assert relation.adviser == adviser
    assert not RelationContest.objects.exists()


def test_an_adviser_who_is_suspended_is_shown_as_such(customer: Member, adviser: Member) -> None:
    suspend_shopkeeper(shopkeeper=shop_of(adviser), reason="核实中", by=person("审", staff=True), at=clock.now())
    assert "暂停服务" in shown(customer)


def test_an_order_says_which_shopkeeper_serves_it(customer: Member) -> None:
    order = a_paid_order(member=customer, at=clock.now())
    page = shown(customer, f"/orders/{order.number}/")
    assert "服务店主" in page
    assert "林**" in page
    assert "锁客期内，归专属顾问" in page
    nobody = a_paid_order(at=clock.now())
    assert "服务店主" not in shown(nobody.member, f"/orders/{nobody.number}/")


def test_a_touch_as_a_stranger_counts_for_the_member_who_logs_in(adviser: Member, client: Client) -> None:
    member = a_member()
    client.get(f"/r/{a_member().referral_code}")
    client.get(f"/r/{adviser.referral_code}")
    client.get(f"/r/{a_member().referral_code}")
    assert Touch.objects.filter(member=None).count() == 3
    client.post("/account/login/", {"phone": member.phone.removeprefix("+86"), "agreed": "1"})  # type: ignore[union-attr]
    body = SmsMessage.objects.latest("id").body
    code = "".join(char for char in body.partition("验证码")[2].partition("，")[0] if char.isdigit())
    client.post("/account/login/code/", {"code": code})
    assert Touch.objects.filter(member=member).count() == 3
    relation = relation_of(customer_id=member.pk, at=clock.now())
    assert relation is not None
    assert (relation.adviser, relation.reason) == (adviser, "login")


def test_a_link_says_what_the_shopkeeper_gets(adviser: Member, client: Client) -> None:
    sku = a_sku(price_fen=12_800, supply_price_fen=6_000)
    set_commission(product=sku.product, commission_bps=1_200)
    page = client.get(f"/r/{adviser.referral_code}?to=p/{sku.product.slug}").content.decode()
    assert "零售佣金，实付 ¥128.00 的 12%" in page
    assert "¥15.36" in page
    assert "林溪也是你的专属顾问，90 天" in page
    assert "没有人从中得奖励" not in page
    shop = client.get(f"/r/{adviser.referral_code}").content.decode()
    assert "最多 12%" in shop


def test_a_link_of_another_says_who_the_adviser_is(customer: Member, adviser: Member) -> None:
    other = a_shopkeeper("陆远")
    page = shown(customer, f"/r/{other.referral_code}")
    assert "你的专属顾问是 林**，到" in page
    assert "前不会因为这个链接改变" in page
    AdviserRelation.objects.update(protected_until=clock.now() - timedelta(hours=1))
    assert "从这里下单付款后改由陆远服务" in shown(customer, f"/r/{other.referral_code}")
    assert "林溪是你的专属顾问，到" in shown(customer, f"/r/{adviser.referral_code}")


def test_a_contest_is_decided_at_the_platform_and_read_by_the_customer(customer: Member) -> None:
    contest = contest_adviser(member=customer, words="没有打开过", at=clock.now())
    decide_contest(contest=contest, upheld=True, answer="查无此次访问", by=person("裁", staff=True), at=clock.now())
    page = shown(customer)
    assert "平台的裁定" in page
    assert "支持客户：查无此次访问" in page


def test_a_customer_sees_what_the_adviser_got_and_what_a_refund_took_back(adviser: Member) -> None:
    at = clock.now() - timedelta(days=3)
    customer = a_customer_of(adviser, at=at)
    order = a_paid_order(member=customer, sku=an_earning_sku(price_fen=10_000), quantity=2, at=at)
    settle(at)
    page = shown(customer)
    assert "顾问从你的订单得到什么" in page
    assert page.count("¥24.00") == 3  # in total, still cooling off, and on its line
    assert "¥200.00 的 12%" in page
    refund_order(order=order, reason="不想要了", at=clock.now())
    settle(clock.now())
    page = shown(customer)
    assert "¥24.00" not in page
    assert "退款后" in page
    assert "¥24.00" not in shown(a_member())
