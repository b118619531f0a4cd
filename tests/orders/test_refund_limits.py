"""WeChat Pay gives parts of one payment back fifty times, for a year: what is beyond is refused before it is decided,
and nothing waits for ever because of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from mall.core import clock
from mall.core.rights import SERVICE
from orders.commands import OrderRefused, Refusal, capture_payment, place_order, refund_order, start_payment
from orders.commands.after_sale import act_on_overdue, decide_case, set_return_address
from orders.models import AfterSale, CaseState, Order, Payment, Refund
from suppliers.queries import miscounted_skus
from tests.factories import AT, a_gift_pack, a_member, a_sku, an_address, fresh, gift_pack_terms, later
from tests.operators import as_, operator, text
from tests.orders.after_sale import a_case, call_off, shipped
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _providers(settings: Any) -> None:
    settings.PAYMENT_GATEWAYS = settings.KNOWN_PAYMENT_GATEWAYS


def paid(provider: str = "wechat", *, sku: Any = None, quantity: int = 60, at: datetime = AT) -> Order:
    buyer = a_member()
    good = sku or a_sku(price_fen=1_000, supply_price_fen=600, on_hand=200)
    set_return_address(supplier=good.product.supplier, name="仓库", phone="13900000000", address="杭州 1 号仓")
    order = place_order(
        member=buyer,
        items=[(good.pk, quantity)],
        address=an_address(buyer),
        note="",
        idempotency_key=f"k{good.pk}",
        at=at,
    )
    payment = start_payment(purchase=order.purchase, provider=provider, at=at)
    capture_payment(
        payment_number=payment.number,
        provider_ref=f"42{payment.number}",
        amount_fen=payment.amount_fen,
        currency="CNY",
        captured_at=at,
    )
    return fresh(order)


def refused(reason: Refusal, act: Any) -> None:
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        act()
    assert refusal.value.reason == reason
    assert "转账" in str(refusal.value)


def test_the_fifty_first_part_of_a_wechat_payment_is_refused_in_words_before_it_is_decided() -> None:
    order = paid()
    for _ in range(50):
        call_off(fresh(order))
    assert Refund.objects.count() == 50
    assert Payment.objects.get().refunded_fen == 50_000
    refused(Refusal.REFUNDED_OFTEN, lambda: call_off(fresh(order)))
    refused(Refusal.REFUNDED_OFTEN, lambda: refund_order(order=fresh(order), reason="不要了", at=AT))
    assert list(miscounted_skus()) == []


def test_what_failed_is_sent_again_under_its_number_and_counts_once() -> None:
    order = paid()
    for _ in range(49):
        call_off(fresh(order))
    Refund.objects.update(state="failed")
    whole = refund_order(order=fresh(order), reason="不要了", at=AT)
    assert whole.amount_fen == 11_000
    assert Refund.objects.count() == 50


def test_other_providers_have_no_such_number() -> None:
    order = paid("sandbox")
    for _ in range(51):
        call_off(fresh(order))
    assert Refund.objects.count() == 51


@pytest.mark.parametrize(("provider", "is_limited"), [("wechat", True), ("alipay", True), ("sandbox", False)])
def test_a_year_after_the_payment_nothing_goes_back_the_way_it_came(provider: str, is_limited: bool) -> None:
    gift_pack_terms()
    order = paid(provider, sku=a_gift_pack(), quantity=1)
    year = AT + timedelta(days=365)
    if is_limited:
        refused(Refusal.PAID_LONG_AGO, lambda: refund_order(order=order, reason="不要了", at=year))
        year -= timedelta(seconds=1)
    assert refund_order(order=order, reason="不要了", at=year).amount_fen == order.total_fen


def used_up() -> tuple[Order, AfterSale]:
    """An order whose payment was given back in parts fifty times, and a case about what is left of it."""
    order = paid()
    for _ in range(50):
        call_off(fresh(order))
    case = a_case(shipped(fresh(order)), kind="refund_only", at=later(days=1))
    return fresh(order), case


def test_the_clock_calls_the_platform_where_the_money_cannot_go_back_and_goes_on_with_others() -> None:
    _order, case = used_up()
    other = a_case(shipped(paid("sandbox")), kind="refund_only", at=later(days=1, seconds=1))

    assert act_on_overdue(at=later(days=9)) == 2

    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.state, other.state) == (CaseState.DISPUTED, CaseState.REFUNDING)
    assert "转账" in case.steps.latest("pk").text
    assert case.state_at == later(days=3)
    assert act_on_overdue(at=later(days=9)) == 0


def test_an_operator_reads_what_to_do_instead_and_closes_the_case_with_it() -> None:
    order, case = used_up()
    act_on_overdue(at=later(days=9))
    helper = operator("客服", SERVICE)
    page = reverse("ops:orders_aftersale_decide", args=[case.pk])
    with clock.standing_at(later(days=10)):
        client = as_(helper)
        shown = text(client.get(page))
        assert "已另行转账退款" in shown
        assert "最多退 50 次" in shown
        with nothing_changes():
            answer = client.post(page, {"verdict": "refund", "reason": "支持"})
        assert "不能再原路退回" in text(answer)
        assert client.post(page, {"verdict": "transfer", "reason": "招行回单 0912"}).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert case.steps.latest("pk").text == "平台已转账退款：招行回单 0912"
    assert fresh(order).refunded_fen == 50_000


def test_a_transfer_is_no_way_out_where_the_money_can_go_back() -> None:
    order = paid("sandbox")
    case = a_case(shipped(order), kind="refund_only", at=AT)
    AfterSale.objects.filter(pk=case.pk).update(state=CaseState.DISPUTED)
    helper = operator("客服", SERVICE)
    with nothing_changes(), pytest.raises(OrderRefused):
        decide_case(case=case, by=helper, verdict="transfer", reason="已转账", at=later(days=1))
