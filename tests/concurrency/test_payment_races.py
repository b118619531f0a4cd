"""One purchase paid by two means at once, with real threads: one counts, the surplus goes back once.

All were seen failing without the locks: deadlocks, two open payments with one provider, money that was turned away.
"""

from typing import Any

import pytest

from ledger.models import JournalEntry
from ledger.queries import findings
from orders.commands import ask_provider, capture_payment, give_up_payment, open_cashier, start_payment
from orders.models import OrderState, Payment, PaymentState, Purchase, Refund
from tests.concurrency.threads import at_once
from tests.factories import AT, a_placed_order, a_sku, fresh
from tests.orders.books import books

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(5)
PROVIDERS = ("wechat", "alipay", "sandbox")


def capture(payment: Payment) -> Payment:
    return capture_payment(
        payment_number=payment.number,
        provider_ref=f"REF{payment.number}",
        amount_fen=payment.amount_fen,
        currency="CNY",
        captured_at=AT,
    )


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_three_means_that_pay_at_once_one_counts_and_the_others_go_back_once(_round: int) -> None:
    order = a_placed_order(sku=a_sku(price_fen=6_800, supply_price_fen=4_000))
    payments = [start_payment(purchase=order.purchase, provider=provider, at=AT) for provider in PROVIDERS]

    at_once(lambda number: capture(payments[number % 3]), 12)

    states = sorted(Payment.objects.values_list("state", flat=True))
    assert states == [PaymentState.CAPTURED, PaymentState.REFUNDING, PaymentState.REFUNDING]
    surplus = set(Payment.objects.filter(state=PaymentState.REFUNDING).values_list("pk", "amount_fen"))
    assert set(Refund.objects.values_list("payment_id", "amount_fen")) == surplus
    assert (Refund.objects.count(), Refund.objects.filter(order=None).count()) == (2, 2)
    assert fresh(order).state == OrderState.PAID
    assert JournalEntry.objects.filter(kind="payment").count() == 1
    assert JournalEntry.objects.filter(kind="late_payment").count() == 2
    held = books(order.supplier_id)
    assert held["revenue"] == 6_800
    assert held["refunds_owed"] == 2 * 6_800
    assert sum(held[name] for name in ("cash", "wechat_cash", "alipay_cash")) == 3 * 6_800
    assert list(findings()) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_who_taps_eight_times_has_one_payment_a_provider(_round: int) -> None:
    order = a_placed_order(sku=a_sku(price_fen=6_800))

    def tap(number: int) -> Any:
        provider = ("alipay", "wechat")[number % 2]
        return start_payment(purchase=order.purchase, provider=provider, at=AT).number

    assert len(set(at_once(tap, 8))) == 2
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_cashier_opened_eight_times_at_once_is_one_charge(_round: int) -> None:
    order = a_placed_order(sku=a_sku(price_fen=6_800))

    def tap(number: int) -> Any:
        return open_cashier(purchase=order.purchase, provider="alipay", return_url="http://127.0.0.1/", at=AT).number

    assert len(set(at_once(tap, 8))) == 1
    assert Payment.objects.get().opened_at == AT


@pytest.mark.parametrize("_round", ROUNDS)
def test_money_and_the_giving_up_of_its_payment_agree(_round: int) -> None:
    order = a_placed_order(sku=a_sku(price_fen=6_800))
    payment = start_payment(purchase=order.purchase, provider="alipay", at=AT)

    def act(number: int) -> Any:
        return capture(payment) if number % 2 else give_up_payment(payment_number=payment.number)

    at_once(act, 8)
    assert (fresh(order).state, Payment.objects.get().state) == (OrderState.PAID, PaymentState.CAPTURED)
    assert Refund.objects.count() == 0
    assert Purchase.objects.get().state == "paid"
    assert ask_provider(payment_number=payment.number, at=AT) == Payment.objects.get()
