"""The provider while the demo's past is written: it takes over what was paid, and stands at the story's instant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as project

from mall.core import clock
from mall.demo.provider import PastCharge, Provider, ProviderError, provider_at_hand
from orders.gateways import RefundOutcome, payment_gateway
from sandbox.models import SandboxCharge, SandboxRefund
from tests.sandbox.provider import ask
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db(transaction=True)

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def charge(number: str = "PY1", *, paid_at: datetime = THEN, amount_fen: int = 6_800) -> PastCharge:
    return PastCharge(number, f"SC{number}", amount_fen, "HJ1", paid_at)


def test_charges_of_the_past_are_in_the_book_and_can_be_refunded() -> None:
    gateway = payment_gateway("sandbox")
    assert gateway is not None
    with provider_at_hand() as provider:
        provider.take_over([charge("PY1"), charge("PY2")], at=THEN)
        with clock.standing_at(THEN + timedelta(days=2)):
            outcome = gateway.refund(
                number="R1", payment_number="PY1", amount_fen=6_800, total_fen=6_800, currency="CNY", at=clock.now()
            )
    assert outcome == RefundOutcome.SUCCEEDED
    assert list(SandboxCharge.objects.order_by("number").values_list("number", "state", "paid_at")) == [
        ("PY1", "paid", THEN),
        ("PY2", "paid", THEN),
    ]
    assert SandboxRefund.objects.get().charge.number == "PY1"


def test_taking_over_twice_changes_nothing() -> None:
    with provider_at_hand() as provider:
        provider.take_over([charge()], at=THEN)
        with nothing_changes(without=("sandbox_sandboxnonce",)):
            provider.take_over([charge(amount_fen=9_900)], at=THEN + timedelta(hours=1))


@pytest.mark.parametrize(
    "wrong",
    [charge(amount_fen=0), charge(paid_at=THEN + timedelta(minutes=1)), charge(number="")],
    ids=["no amount", "paid in the future", "no number"],
)
def test_one_charge_that_cannot_be_keeps_all_out(wrong: PastCharge) -> None:
    with (
        provider_at_hand() as provider,
        nothing_changes(without=("sandbox_sandboxnonce",)),
        pytest.raises(ProviderError, match="422"),
    ):
        provider.take_over([charge("PY1"), wrong], at=THEN)


def test_outside_the_demo_nothing_is_taken_over(settings: Any) -> None:
    settings.DEMO = False
    with provider_at_hand(), nothing_changes(without=("sandbox_sandboxnonce",)):
        answer = ask("history", notify_url=project.SITE_URL, return_url=project.SITE_URL, charges=[])
    assert answer.status_code == 404


def test_afterwards_the_gateways_speak_to_their_own_provider_again() -> None:
    before = project.SANDBOX_URL
    with provider_at_hand() as provider:
        assert isinstance(provider, Provider)
        assert before != project.SANDBOX_URL
    assert before == project.SANDBOX_URL


def test_the_clock_stands_only_as_long_as_it_is_told_to_and_only_in_the_demo(settings: Any) -> None:
    with clock.standing_at(THEN):
        assert clock.now() == THEN
        with clock.standing_at(THEN + timedelta(days=1)):
            assert clock.now() == THEN + timedelta(days=1)
        assert clock.now() == THEN
    assert clock.now() > THEN
    settings.DEMO = False
    with pytest.raises(RuntimeError), clock.standing_at(THEN):
        pass
