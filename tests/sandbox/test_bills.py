"""Bills of all providers, fetched over HTTP and held against our own books."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mall.core import clock
from mall.core.ids import SHANGHAI
from orders.commands import capture_payment, fetch_bill, refund_order, send_refund, start_payment
from orders.models import BillLine, Order, Payment, ProviderBill, Refund
from orders.queries.bills import unmatched
from orders.tasks import fetch_bills
from sandbox.commands import bill_of, refund_charge
from sandbox.models import SandboxCharge
from sandbox.payments.models import Trade, TradeRefund, TradeTrouble
from tests.concurrency.threads import at_once
from tests.factories import a_placed_order, a_sku, fresh
from tests.operators import as_, superuser
from tests.snapshots import nothing_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mall_url")]


def today() -> date:
    return clock.now().astimezone(SHANGHAI).date()


def paid(provider: str, reference: str) -> Order:
    """An order paid in both books, without the way over pages."""
    order = a_placed_order(sku=a_sku(price_fen=6_800), at=clock.now())
    payment = start_payment(purchase=order.purchase, provider=provider, at=clock.now())
    common = {"number": payment.number, "amount_fen": 6_800, "currency": "CNY", "reference": reference}
    common |= {"state": "paid", "paid_at": clock.now(), "subject": "x", "notify_url": "http://127.0.0.1:9/"}
    common |= {"expires_at": clock.now(), "return_url": "http://127.0.0.1:9/"}
    if provider == "sandbox":
        SandboxCharge.objects.create(merchant_id="1900000001", **common)
    else:
        merchant = {"wechat": "1900000109", "alipay": "2088000000000001"}[provider]
        kind = {"wechat": "h5", "alipay": "wap"}[provider]
        Trade.objects.create(
            provider=provider, merchant_id=merchant, kind=kind, token=reference, created_at=clock.now(), **common
        )
    capture_payment(
        payment_number=payment.number,
        provider_ref=reference,
        amount_fen=6_800,
        currency="CNY",
        captured_at=clock.now(),
    )
    return fresh(order)


@pytest.mark.parametrize("provider", ["wechat", "alipay", "sandbox"])
def test_a_bill_is_fetched_once_and_fits_our_books(provider: str) -> None:
    order = paid(provider, "R1")
    refund = refund_order(order=order, reason="", at=clock.now())
    for _ in range(2):
        send_refund(number=refund.number, at=clock.now())
    bill = fetch_bill(provider=provider, day=today(), at=clock.now())
    assert bill is not None
    assert sorted(bill.lines.values_list("kind", "number", "amount_fen")) == [
        ("payment", refund.payment.number, 6_800),
        ("refund", refund.number, 6_800),
    ]
    assert unmatched(provider=provider, day=today()) == []
    with nothing_changes(without=("sandbox_sandboxnonce",)):
        assert fetch_bill(provider=provider, day=today(), at=clock.now()) == bill


def test_a_day_without_a_bill_is_none_and_writes_nothing() -> None:
    with nothing_changes(without=("sandbox_sandboxnonce",)):
        for provider in ("wechat", "alipay", "sandbox"):
            assert fetch_bill(provider=provider, day=today(), at=clock.now()) is None


def test_a_corrected_bill_takes_the_place_of_the_first() -> None:
    paid("wechat", "R1")
    first = fetch_bill(provider="wechat", day=today(), at=clock.now())
    paid("wechat", "R2")
    again = fetch_bill(provider="wechat", day=today(), at=clock.now())
    assert first is not None
    assert again is not None
    assert (first.pk, ProviderBill.objects.count(), BillLine.objects.count()) == (again.pk, 1, 2)


def test_eight_that_fetch_at_once_keep_one_bill() -> None:
    paid("wechat", "R1")
    at_once(lambda number: fetch_bill(provider="wechat", day=today(), at=clock.now()), 8)
    assert (ProviderBill.objects.count(), BillLine.objects.count()) == (1, 1)


def test_what_stands_in_one_book_only_or_differs_is_named() -> None:
    fits, amount, reference, only_us, refunded = (paid("wechat", f"R{n}") for n in range(5))
    number = {order.pk: order.purchase.payments.get().number for order in (fits, amount, reference, only_us, refunded)}
    Trade.objects.filter(reference="R1").update(amount_fen=6_799)
    Trade.objects.filter(reference="R2").update(reference="another")
    TradeRefund.objects.create(
        trade=Trade.objects.get(reference="R4"),
        number="by hand",
        reference="RR",
        amount_fen=100,
        state="succeeded",
        succeeded_at=clock.now(),
        created_at=clock.now(),
    )
    Trade.objects.filter(reference="R3").delete()
    lost = a_placed_order(sku=a_sku(price_fen=6_800), at=clock.now())
    waiting = start_payment(purchase=lost.purchase, provider="wechat", at=clock.now())
    Trade.objects.filter(reference="R0").update(number=waiting.number)
    fetch_bill(provider="wechat", day=today(), at=clock.now())
    found = {(row.difference.value, row.kind, row.number) for row in unmatched(provider="wechat", day=today())}
    assert found == {
        ("amount", "payment", number[amount.pk]),
        ("reference", "payment", number[reference.pk]),
        ("only_with_us", "payment", number[only_us.pk]),
        ("only_with_us", "payment", number[fits.pk]),
        ("state", "payment", waiting.number),
        ("only_on_bill", "refund", "by hand"),
    }


def test_beat_fetches_yesterdays_bills_and_one_that_fails_does_not_stop_the_others() -> None:
    paid("wechat", "R1")
    paid("alipay", "R2")
    TradeTrouble.objects.create(provider="wechat", operation="bill", kind="unavailable", remaining=1)
    clock.advance(timedelta(days=1))
    assert fetch_bills() == 1
    assert fetch_bills() == 2
    assert fetch_bills() == 2
    assert BillLine.objects.count() == 2


def test_the_command_says_what_it_found() -> None:
    paid("wechat", "R1")
    out = StringIO()
    call_command("fetch_bills", "--date", today().isoformat(), stdout=out)
    assert f"wechat {today()}: 1 lines, 0 differences" in out.getvalue()
    assert "alipay" in out.getvalue()
    for wrong in ("yesterday", "2026-13-40"):
        with pytest.raises(CommandError):
            call_command("fetch_bills", "--date", wrong)


def test_operators_read_bills_and_change_none(django_assert_max_num_queries: Any) -> None:
    client = as_(superuser())
    paid("wechat", "R1")
    Payment.objects.update(provider_ref="other")
    bill = fetch_bill(provider="wechat", day=today(), at=clock.now())
    assert bill is not None
    with django_assert_max_num_queries(22):
        listed = client.get("/ops/orders/providerbill/")
    assert "¥68.00" in listed.content.decode()
    assert "微信支付" in listed.content.decode()
    shown = client.get(f"/ops/orders/providerbill/{bill.pk}/change/").content.decode()
    assert "流水号不同" in shown
    lines = client.get(f"/ops/orders/billline/?bill__id__exact={bill.pk}")
    assert Payment.objects.get().number in lines.content.decode()
    with nothing_changes(without=("members_dayvisit", "members_membersession")):
        assert client.post(f"/ops/orders/providerbill/{bill.pk}/change/", {"provider": "x"}).status_code == 403
    assert Refund.objects.count() == 0


def test_a_refund_stands_in_the_bill_of_the_day_on_which_it_was_asked_for() -> None:
    """Also where the merchant's clock was put forward: the day is the merchant's, not that of the row."""
    paid("sandbox", "R9")
    charge, later = SandboxCharge.objects.get(), clock.now() + timedelta(days=9)
    day = later.astimezone(SHANGHAI).date()
    refund_charge(charge=charge, number="RF9", amount_fen=800, currency="CNY", at=later)
    lines = bill_of(merchant_id=charge.merchant_id, day=day)
    assert [(line["kind"], line["number"], line["amount_fen"]) for line in lines] == [("refund", "RF9", 800)]
    assert all(line["kind"] == "payment" for line in bill_of(merchant_id=charge.merchant_id, day=today()))
