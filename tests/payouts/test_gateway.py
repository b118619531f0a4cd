"""Money goes out over HTTP, to a provider that answers, lies, or says nothing at all."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from linkage.models import LinkageEvent
from mall.core import clock
from payouts.commands import approve_withdrawal, release_withdrawal, settle_sending
from payouts.models import Withdrawal, WithdrawalState
from payouts.tasks import settle_unknown_payouts
from sandbox.models import SandboxTransfer, SandboxTrouble, TransferState

from .people import asked, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sandbox(live_server: LiveServer, settings: Settings) -> LiveServer:
    settings.SANDBOX_URL = f"{live_server.url}/sandbox"
    return live_server


def approved(amount_fen: int = 50_000, **terms: int) -> str:
    withdrawal = asked(person("周舟"), amount_fen, at=clock.now(), **terms)
    return approve_withdrawal(number=withdrawal.number, by=person("苏敏", staff=True), at=clock.now()).number


def released(amount_fen: int = 50_000, **terms: int) -> Withdrawal:
    return release_withdrawal(number=approved(amount_fen, **terms), by=person("陈立", staff=True), at=clock.now())


def order_trouble(operation: str, kind: str, remaining: int = 1) -> None:
    SandboxTrouble.objects.create(operation=operation, kind=kind, remaining=remaining)


def decisions(number: str) -> list[bool | None]:
    return list(LinkageEvent.objects.filter(kind="payout", reference=number).values_list("approved", flat=True))


def test_a_released_withdrawal_is_paid_with_its_net(sandbox: LiveServer) -> None:
    withdrawal = released(43_244)
    made = SandboxTransfer.objects.get()
    assert (withdrawal.state, withdrawal.provider_ref) == ("paid", made.reference)
    assert (made.number, made.amount_fen, made.payee) == (withdrawal.number, 42_985, withdrawal.member.public_id)
    assert decisions(withdrawal.number) == [True]


def test_a_withdrawal_that_is_all_fee_is_paid_without_a_transfer(sandbox: LiveServer) -> None:
    withdrawal = released(10_000, fee_bps=6_000, tax_bps=4_000)
    assert (withdrawal.state, withdrawal.net_fen, withdrawal.provider_ref) == ("paid", 0, None)
    assert not SandboxTransfer.objects.exists()


def test_a_rejection_by_the_provider_gives_the_money_back_and_says_why(sandbox: LiveServer) -> None:
    order_trouble("transfer", "rejected")
    withdrawal = released()
    assert withdrawal.state == WithdrawalState.REJECTED
    assert withdrawal.reason.startswith("渠道未能打款：")
    assert withdrawal.rejected_by is None
    assert decisions(withdrawal.number) == [False]


def test_a_lost_answer_is_asked_about_and_not_sent_again(sandbox: LiveServer) -> None:
    order_trouble("transfer", "lost_answer")
    withdrawal = released()
    assert withdrawal.state == WithdrawalState.SENDING
    assert decisions(withdrawal.number) == []
    settled = settle_sending(number=withdrawal.number, at=clock.now())
    assert settled.state == WithdrawalState.PAID
    assert SandboxTransfer.objects.count() == 1
    assert decisions(withdrawal.number) == [True]
    assert settle_sending(number=withdrawal.number, at=clock.now()).state == WithdrawalState.PAID
    assert decisions(withdrawal.number) == [True]


def test_a_transfer_that_never_arrived_is_sent_again_under_its_number(sandbox: LiveServer) -> None:
    order_trouble("transfer", "unavailable")
    withdrawal = released()
    assert withdrawal.state == WithdrawalState.SENDING
    assert not SandboxTransfer.objects.exists()
    assert settle_sending(number=withdrawal.number, at=clock.now()).state == WithdrawalState.PAID
    assert SandboxTransfer.objects.get().number == withdrawal.number


def test_while_the_provider_does_not_answer_questions_nothing_is_sent(sandbox: LiveServer) -> None:
    order_trouble("transfer", "unavailable")
    withdrawal = released()
    order_trouble("transfer_query", "unavailable")
    assert settle_sending(number=withdrawal.number, at=clock.now()).state == WithdrawalState.SENDING
    assert not SandboxTransfer.objects.exists()


@pytest.mark.parametrize(("kind", "state"), [("", "paid"), ("rejected", "rejected"), ("pending", "sending")])
def test_a_transfer_in_processing_waits_for_the_provider(sandbox: LiveServer, kind: str, state: str) -> None:
    order_trouble("transfer", "pending")
    withdrawal = released()
    assert withdrawal.state == WithdrawalState.SENDING
    if kind:
        order_trouble("transfer_query", kind)
    assert settle_sending(number=withdrawal.number, at=clock.now()).state == state
    assert SandboxTransfer.objects.count() == 1


def test_the_number_of_another_transfer_pays_nothing(sandbox: LiveServer, settings: Settings) -> None:
    number = approved()
    SandboxTransfer.objects.create(
        merchant_id=settings.SANDBOX_MERCHANT_ID,
        number=number,
        reference="ST1",
        payee="somebody else",
        amount_fen=1,
        currency="CNY",
        state=TransferState.PAID,
        paid_at=clock.now(),
    )
    withdrawal = release_withdrawal(number=number, by=person("陈立", staff=True), at=clock.now())
    assert withdrawal.state == WithdrawalState.SENDING
    assert settle_sending(number=number, at=clock.now()).state == WithdrawalState.SENDING
    assert decisions(number) == []


def test_a_wrong_key_sends_nothing(sandbox: LiveServer, settings: Settings) -> None:
    number = approved()
    at = clock.now() + timedelta(minutes=6)
    assert release_withdrawal(number=number, by=person("陈立", staff=True), at=at).state == WithdrawalState.SENDING
    assert not SandboxTransfer.objects.exists()


def test_nobody_listening_leaves_it_sending(db: None, settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.SANDBOX_URL = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert released().state == WithdrawalState.SENDING


def test_without_a_gateway_nothing_is_sent(settings: Settings) -> None:
    settings.PAYOUT_GATEWAY = ""
    assert released().state == WithdrawalState.SENDING


def test_the_sweep_asks_about_what_was_left_and_leaves_the_fresh_alone(sandbox: LiveServer) -> None:
    order_trouble("transfer", "unavailable", remaining=2)
    fresh, stale = released(), released()
    # Only the age changes; everything else is as the command left it.
    Withdrawal.objects.filter(pk=stale.pk).update(released_at=clock.now() - timedelta(minutes=1))
    assert settle_unknown_payouts() == 1
    fresh.refresh_from_db()
    stale.refresh_from_db()
    assert (fresh.state, stale.state) == ("sending", "paid")


# A provider that says strange things

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


@contextmanager
def provider(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                status, body = answer(sent)
            finally:
                connection.close()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def paid(sent: dict[str, Any], **changes: Any) -> bytes:
    answer = {
        "number": sent["number"],
        "state": "paid",
        "amount_fen": sent["amount_fen"],
        "currency": "CNY",
        "reference": "ST1",
    }
    return json.dumps(answer | changes).encode()


def test_an_honest_answer_pays(settings: Settings) -> None:
    with provider(lambda sent: (200, paid(sent))) as settings.SANDBOX_URL:
        assert released().state == WithdrawalState.PAID


@pytest.mark.parametrize(
    "answer",
    [
        lambda sent: (200, b"OK"),
        lambda sent: (200, b""),
        lambda sent: (200, b"[" * 20_000),
        lambda sent: (200, b"[]"),
        lambda sent: (200, paid(sent, number="another")),
        lambda sent: (200, paid(sent, currency="USD")),
        lambda sent: (200, paid(sent, state="success")),
        lambda sent: (200, paid(sent, state=True)),
        lambda sent: (200, paid(sent, amount_fen=sent["amount_fen"] + 1)),
        lambda sent: (200, paid(sent, amount_fen=float(sent["amount_fen"]))),
        lambda sent: (200, paid(sent, amount_fen=None)),
        lambda sent: (200, paid(sent, reference="")),
        lambda sent: (200, paid(sent, reference="x" * 65)),
        lambda sent: (200, paid(sent, padding="x" * 70_000)),
        lambda sent: (201, paid(sent)),
        lambda sent: (302, paid(sent)),
        lambda sent: (404, paid(sent)),
        lambda sent: (500, paid(sent)),
    ],
)
def test_an_answer_that_is_no_answer_leaves_it_sending(answer: Answer, settings: Settings) -> None:
    with provider(answer) as settings.SANDBOX_URL:
        withdrawal = released()
    assert withdrawal.state == WithdrawalState.SENDING
    assert decisions(withdrawal.number) == []


def test_no_transaction_is_open_while_the_provider_thinks(settings: Settings) -> None:
    seen: list[tuple[int, str]] = []

    def look(sent: dict[str, Any]) -> tuple[int, bytes]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"
                " AND pid <> pg_backend_pid()"
            )
            seen.append((cursor.fetchone()[0], Withdrawal.objects.get(number=sent["number"]).state))
        return 200, paid(sent)

    with provider(look) as settings.SANDBOX_URL:
        released()
    assert seen == [(0, "sending")]
