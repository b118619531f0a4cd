"""A check finds what was planted in any of the books, names its probable cause, and forgets what was mended."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from ledger.commands import Entry, Line, post_entry
from ledger.models import AccountKind
from mall.core import clock
from orders.commands import ask_provider, refund_order, send_refund
from orders.models import Payment, ProviderBill
from reconciliation.commands import ReconciliationRefused, ask_check, run_check, sweep_checks
from reconciliation.models import Check, CheckState, Day, Item, ItemState
from reconciliation.tasks import check_yesterday
from sandbox.models import SandboxTransfer
from sandbox.payments.models import Trade, TradeTrouble
from tests.linkage.stories import START, Mall, three_generations
from tests.stand_ins import point_to

from .books import captured, causes, checked, figures, given_back_by_hand, on_channel, paid, paid_out, placed, today

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mall_url")]


@pytest.fixture(name="mall_url")
def _mall_url(live_server: Any, settings: Any) -> str:
    url: str = live_server.url
    point_to(settings, url)
    return url


def number_of(order: Any) -> str:
    return str(order.purchase.payments.get().number)


def row(part: str, provider: str = "") -> dict[str, Any]:
    return next(one for one in figures(today())["rows"] if (one["part"], one["provider"]) == (part, provider))


def test_a_day_that_fits_has_its_sums_three_times_and_no_item() -> None:
    paid("R1")
    refunded = paid("R2", price_fen=10_000)
    refund = refund_order(order=refunded, reason="不要了", at=clock.now())
    for _ in range(2):
        send_refund(number=refund.number, at=clock.now())
    check = checked(today())
    assert (check.state, check.found, check.progress_bps) == (CheckState.DONE, 0, 10_000)
    assert causes(today()) == {}
    for book in ("document", "channel", "ledger"):
        assert row("payment", "wechat")[book] == [2, 16_800]
        assert row("refund", "wechat")[book] == [1, -10_000]
    assert {one["name"]: one["one"] == one["other"] for one in figures(today())["invariants"]} == {
        "balanced": True,
        "replayed": True,
        "earned": True,
        "rows": True,
        "paid": True,
    }


def test_what_was_planted_in_the_channels_book_is_found_and_explained() -> None:
    amount, reference, missing, hand = (paid(f"R{n}") for n in range(4))
    late = placed()
    on_channel(late, "R4")
    Trade.objects.filter(reference="R0").update(amount_fen=6_799)
    Trade.objects.filter(reference="R1").update(reference="another")
    Trade.objects.filter(reference="R2").delete()
    given_back_by_hand(hand, 100)
    checked(today())
    found = causes(today())
    near_midnight = found[number_of(missing)] == "midnight"
    assert found == {
        number_of(amount): "amount",
        number_of(reference): "reference",
        number_of(missing): "midnight" if near_midnight else "missing_in_bill",
        number_of(late): "late_notice",
        "BYHAND1": "manual_refund",
    }
    item = Item.objects.get(number=number_of(late))
    assert (item.document_fen, item.channel_fen, item.ledger_fen, item.gap_fen) == (None, 6_800, None, 6_800)
    assert {word for _at, word, _more in item.evidence} == {"placed", "started", "channel_payment"}
    assert Item.objects.get(number="BYHAND1").channel_fen == -100


def test_a_late_notice_is_gone_once_the_provider_was_asked() -> None:
    late = placed()
    on_channel(late, "R1")
    checked(today())
    assert causes(today()) == {number_of(late): "late_notice"}
    ask_provider(payment_number=number_of(late), at=clock.now())
    assert checked(today()).found == 0
    assert Item.objects.get().state == ItemState.GONE
    Payment.objects.update(amount_fen=6_801)
    checked(today())
    item = Item.objects.get()
    assert (item.state, item.cause, item.document_fen) == (ItemState.OPEN, "amount", 6_801)


def test_what_stands_in_only_one_of_document_and_ledger_is_found() -> None:
    order = paid("R1")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_journalentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_journalentry SET reference = 'PYLOST' WHERE reference = %s", [number_of(order)])
        cursor.execute("ALTER TABLE ledger_journalentry ENABLE TRIGGER USER")
    checked(today())
    assert causes(today()) == {number_of(order): "missing_in_ledger", "PYLOST": "ledger_alone"}


def test_an_entry_of_another_amount_is_found() -> None:
    order = paid("R1")
    Payment.objects.filter(number=number_of(order)).update(amount_fen=6_900)
    Trade.objects.update(amount_fen=6_900)
    checked(today())
    assert causes(today()) == {number_of(order): "ledger_amount"}


def test_a_bill_that_is_still_to_come_is_one_item_and_goes_when_it_is_there() -> None:
    paid("R1")
    paid("R2")
    TradeTrouble.objects.create(provider="wechat", operation="bill", kind="unavailable", remaining=1)
    checked(today())
    item = Item.objects.get()
    assert (item.cause, item.number, item.document_fen, item.provider) == ("no_bill", "", 13_600, "wechat")
    assert row("payment", "wechat")["channel"] is None
    checked(today())
    assert ProviderBill.objects.filter(provider="wechat").count() == 1
    assert causes(today()) == {}


def test_a_payout_is_held_against_what_its_channel_says() -> None:
    agreed, shorted, unknown, turned_down = (paid_out() for _ in range(4))
    SandboxTransfer.objects.filter(number=shorted.number).update(amount_fen=1)
    SandboxTransfer.objects.filter(number=unknown.number).delete()
    SandboxTransfer.objects.filter(number=turned_down.number).update(state="rejected")
    checked(today())
    found = causes(today())
    assert found.pop(unknown.number) in ("missing_in_bill", "midnight")
    # Nobody had earned this, so that the ledger has none of them.
    assert found == {
        agreed.number: "missing_in_ledger",
        shorted.number: "amount",
        turned_down.number: "not_paid",
    }


def test_a_channel_that_is_silent_is_asked_again(settings: Any) -> None:
    withdrawal = paid_out()
    settings.SANDBOX_URL = "http://127.0.0.1:9/sandbox"
    checked(today())
    assert causes(today())[withdrawal.number] in ("not_answered", "missing_in_ledger")
    settings.SANDBOX_URL = f"{settings.SITE_URL}/sandbox"
    checked(today())
    assert causes(today()) == {withdrawal.number: "missing_in_ledger"}


def test_rewards_and_their_clawback_fit_the_ledger_and_a_changed_one_does_not() -> None:
    mall = Mall()
    three_generations(mall)
    mall.refund("o-bob")
    mall.settle()
    day = START.date()
    checked(day)
    assert causes(day) == {}
    found = {one["part"]: (one["document"], one["ledger"]) for one in figures(day)["rows"]}
    assert found["reward"][0] == found["reward"][1]
    assert found["reward"][0][0] > 1
    assert found["clawback"][0] == found["clawback"][1]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE linkage_reward SET amount_fen = amount_fen + 1 WHERE id = (SELECT min(id) FROM linkage_reward)"
        )
    checked(day)
    item = Item.objects.get()
    assert (item.part, item.cause, item.title) == ("reward", "ledger_amount", "o-y1")
    broken = {one["name"]: one["one"] - one["other"] for one in figures(day)["invariants"]}
    assert broken == {"balanced": 0, "replayed": 0, "earned": 0, "rows": 1, "paid": 0}


def test_a_balance_that_was_changed_by_hand_breaks_what_always_holds() -> None:
    mall = Mall()
    three_generations(mall)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_account SET balance_fen = balance_fen + 1 WHERE kind = 1 AND holder_id > 0")
    checked(START.date())
    broken = {one["name"]: one["one"] for one in figures(START.date())["invariants"]}
    assert broken["replayed"] > 0


def test_money_on_a_channels_account_without_an_order_is_found() -> None:
    lines = (Line(AccountKind.CASH, 3, 500), Line(AccountKind.REVENUE, 0, -500))
    post_entry(Entry("payment", "PYNOBODY", clock.now(), lines))
    checked(today())
    assert causes(today()) == {"PYNOBODY": "ledger_alone"}


def test_one_check_of_a_day_at_a_time_and_a_dead_one_is_swept() -> None:
    first = ask_check(day=today(), by=None, at=clock.now())
    assert ask_check(day=today(), by=None, at=clock.now()).pk == first.pk
    Check.objects.update(state=CheckState.RUNNING, beat_at=clock.now())
    assert sweep_checks(at=clock.now()) == 0
    assert sweep_checks(at=clock.now() + timedelta(minutes=3)) == 1
    assert run_check(check_id=first.pk, tick=clock.now).state == CheckState.INTERRUPTED
    assert ask_check(day=today(), by=None, at=clock.now()).pk != first.pk


@pytest.mark.parametrize("days", [1, -401])
def test_a_day_to_come_or_long_ago_is_not_checked(days: int) -> None:
    with pytest.raises(ReconciliationRefused):
        ask_check(day=today() + timedelta(days=days), by=None, at=clock.now())
    assert Day.objects.count() == 0


def test_yesterday_is_checked_by_the_clock_until_its_bill_is_there() -> None:
    paid("R1")
    clock.advance(timedelta(days=1))
    check_yesterday()
    assert Check.objects.count() == 1
    run_check(check_id=Check.objects.get().pk, tick=clock.now)
    check_yesterday()
    assert Check.objects.count() == 1
    ProviderBill.objects.update(fetched_at=clock.now())
    check_yesterday()
    assert Check.objects.count() == 2


def test_a_payment_that_came_after_midnight_counts_to_the_day_of_its_bill() -> None:
    order = placed()
    on_channel(order, "R1")
    first = today()
    clock.advance(timedelta(days=1))
    captured(order, "R1")
    checked(first)
    assert causes(first) == {}
    assert figures(first)["rows"][0]["document"] == [1, 6_800]
    checked(today())
    assert causes(today()) == {}
    assert figures(today())["rows"] == []
