"""A-1: two ways in, what they really bring, and what is signed before anything is bought."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from linkage.queries import plan_in_force
from linkage.queries.outlook import simulated_earnings
from mall.core import clock
from members.commands import apply_as_shopkeeper, publish_consent_text, record_consent, refuse_shopkeeper
from members.consent_texts import Wording
from members.models import Consent, Member, Shopkeeper
from orders.models import Order
from suppliers.commands import set_commission
from suppliers.models import Sku
from tests.factories import a_gift_pack, a_member, a_sku, an_address
from tests.members.shopkeepers import a_shopkeeper, shop_of
from tests.pages.reading import markup, signed_in
from tests.payouts.people import person
from tests.plans import published
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

JOIN, SIGN, APPLY = "/agent/join/", "/agent/join/sign/", "/agent/join/shopkeeper/"
SEEN = ("members_dayvisit", "members_membersession")


@pytest.fixture(autouse=True)
def fresh_figures() -> None:
    cache.clear()


def a_plan() -> None:
    at = clock.now() - timedelta(minutes=1)
    published({}, name="2+1", starts_at=at)


@pytest.fixture
def pack() -> Sku:
    a_plan()
    return a_gift_pack()


def shown(client: Client, path: str = JOIN) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    markup(answer)
    return str(answer.content.decode())


def test_without_a_plan_there_is_one_way_in(client: Client) -> None:
    sku = a_sku(price_fen=12_800, supply_price_fen=6_000)
    set_commission(product=sku.product, commission_bps=1_200)
    page = shown(client)
    for words in ("成为店主", "免费", "只有一层", "¥15.36", "客户退掉 ¥64.00", "剩 ¥7.68", "7 天后", "还没有店主"):
        assert words in page
    for words in ("代理", "礼包", "直推奖"):
        assert words not in page


def test_with_a_plan_both_stand_side_by_side(client: Client, pack: Sku) -> None:
    page = shown(client)
    for words in (pack.product.name, "真实商品", "整份可退", "冷静期", "直推奖", "登录后买礼包", "只做店主"):
        assert words in page
    assert "checked" not in page


def test_while_there_is_no_agent_the_figures_are_simulated_and_say_so(client: Client, pack: Sku) -> None:
    page = shown(client)
    assert "这是模拟" in page
    assert "1000 人依次加入" in page
    assert "先看真实收益" not in page
    plan = plan_in_force(at=clock.now())
    assert plan is not None
    earned = simulated_earnings(plan=plan)
    assert earned == simulated_earnings(plan=plan)
    assert len(earned) == 1_000
    nothing = sum(fen == 0 for fen in earned)
    assert 500 < nothing < 900
    assert f"<b>{nothing}</b>" in page


def test_shopkeepers_real_figures(client: Client) -> None:
    a_shopkeeper()
    a_shopkeeper()
    page = shown(client)
    assert "100%" in page
    assert "的店主还没有得到佣金" in page


def checkout(sku: Sku, quantity: int = 1) -> str:
    return f"/checkout?{urlencode({'sku': sku.pk, 'quantity': quantity})}"


def test_a_gift_pack_is_bought_after_the_agreement_is_signed(pack: Sku) -> None:
    member = a_member()
    an_address(member)
    client = signed_in(member)
    answer = client.get(checkout(pack, 2))
    assert answer["Location"] == f"{JOIN}?{urlencode({'sku': pack.pk, 'quantity': 2})}"
    page = client.get(answer["Location"]).content.decode()
    assert "签代理协议" in page
    assert "/agreements/agent/1/" in page
    assert 'name="quantity" value="2"' in page
    with nothing_changes(without=SEEN):
        unticked = client.post(SIGN, {"sku": pack.pk, "quantity": "2"})
    assert unticked.status_code == 400
    assert "请先阅读并同意代理协议" in unticked.content.decode()
    signed = client.post(SIGN, {"sku": pack.pk, "quantity": "2", "agreed": "1"})
    assert signed["Location"] == checkout(pack, 2)
    assert Consent.objects.get(member=member).text.kind == "agent"
    assert client.get(checkout(pack, 2)).status_code == 200
    assert "签过" in shown(client)


def test_who_skips_the_page_places_nothing(pack: Sku) -> None:
    member = a_member()
    address = an_address(member)
    client = signed_in(member)
    client.get(JOIN)
    sent = {"item": f"{pack.pk}:1", "address": address.pk, "key": "k" * 20, "seen": "x", "invoice": "none"}
    with nothing_changes(without=SEEN):
        answer = client.post("/checkout", sent)
    assert answer["Location"].startswith(JOIN)
    partial = client.post("/checkout", {**sent, "draw": "1"}, headers={"HX-Request": "true"})
    assert partial["HX-Redirect"].startswith(JOIN)
    assert not Order.objects.exists()


def test_new_words_are_signed_anew(pack: Sku) -> None:
    member = a_member()
    record_consent(member=member, kind="agent", is_given=True, at=clock.now())
    publish_consent_text(kind="agent", wording=Wording("代理协议", "新的一版", "正文"), at=clock.now())
    client = signed_in(member)
    assert client.get(checkout(pack))["Location"].startswith(JOIN)
    assert "代理协议第 2 版" in shown(client)


@pytest.mark.parametrize("sku", ["", "x", "0", "9" * 40, "-1"])
def test_what_is_no_gift_pack_is_not_signed_for(pack: Sku, sku: str) -> None:
    client = signed_in(a_member())
    client.get(JOIN)
    with nothing_changes(without=SEEN):
        assert client.post(SIGN, {"sku": sku, "agreed": "1"})["Location"] == JOIN
        assert client.post(SIGN, {"sku": a_sku_id(), "agreed": "1"})["Location"] == JOIN


def a_sku_id() -> int:
    """An id of nothing that could be a gift pack."""
    return 1


def test_a_member_applies_waits_is_refused_and_applies_again() -> None:
    member = a_member()
    client = signed_in(member)
    page = shown(client, APPLY)
    assert "/agreements/shopkeeper/1/" in page
    assert "checked" not in page
    client.get(APPLY)
    with nothing_changes(without=SEEN):
        unticked = client.post(APPLY, {"statement": "卖茶十年"})
    assert unticked.status_code == 400
    assert "请先阅读并同意店主协议" in unticked.content.decode()
    assert "卖茶十年" in unticked.content.decode()
    done = client.post(APPLY, {"statement": "卖茶十年", "agreed": "1"}, follow=True).content.decode()
    assert "等待审核" in done
    assert "提交申请" not in done
    assert "等待审核" in shown(client)
    refuse_shopkeeper(shopkeeper=shop_of(member), reason="请写明卖过什么", by=person("审", staff=True), at=clock.now())
    page = shown(client, APPLY)
    assert "店主申请没有通过：请写明卖过什么" in page
    client.post(APPLY, {"statement": "卖过岩茶", "agreed": "1"})
    assert Shopkeeper.objects.get().statement == "卖过岩茶"


@pytest.mark.parametrize("statement", ["长" * 201, "\x00"])
def test_a_statement_that_cannot_be_kept_is_said_and_kept_on_the_page(statement: str) -> None:
    client = signed_in(a_member())
    client.get(APPLY)
    with nothing_changes(without=SEEN):
        answer = client.post(APPLY, {"statement": statement, "agreed": "1"})
    assert answer.status_code == 400
    markup(answer)


def test_a_shopkeeper_sees_the_code_and_an_operator_cannot_apply() -> None:
    shopkeeper = a_shopkeeper()
    page = shown(signed_in(shopkeeper), APPLY)
    assert shopkeeper.referral_code in page
    assert "提交申请" not in page
    operator = signed_in(person("员", staff=True))
    assert "运营人员不能成为店主" in shown(operator, APPLY)
    assert Client().get(APPLY).status_code == 302


def test_only_shopkeepers_see_what_goods_bring(client: Client) -> None:
    sku = a_sku(price_fen=12_800, supply_price_fen=6_000)
    set_commission(product=sku.product, commission_bps=1_200)
    applicant: Member = a_member()
    apply_as_shopkeeper(member=applicant, statement="", agreed=True, at=clock.now())
    for address in ("/", f"/p/{sku.product.slug}", "/list", f"/c/{sku.product.category.slug}"):
        assert "预计赚" not in client.get(address).content.decode()
        assert "预计赚" not in signed_in(applicant).get(address).content.decode()
        answer = signed_in(a_shopkeeper()).get(address)
        assert "预计赚 ¥15.36" in answer.content.decode(), address
        assert answer["Cache-Control"] == "private, no-store"
