"""Two operators at the same button."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from linkage.models import LinkageEvent
from mall.core import clock
from payouts.commands import (
    DecisionRefused,
    approve_withdrawal,
    reject_withdrawal,
    release_withdrawal,
    settle_sending,
)
from payouts.models import Withdrawal
from sandbox.models import SandboxTransfer, SandboxTrouble

from .people import asked, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sandbox(live_server: LiveServer, settings: Settings) -> LiveServer:
    settings.SANDBOX_URL = f"{live_server.url}/sandbox"
    return live_server


def at_once(acts: list[Callable[[], Withdrawal]]) -> Counter[str]:
    """Run the acts in threads that start together; count how each ended: a state, or the code of a refusal."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Withdrawal]) -> str:
        try:
            barrier.wait()
            return act().state
        except DecisionRefused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def test_one_of_two_approvals_counts(sandbox: LiveServer) -> None:
    number = asked(person("周舟"), at=clock.now()).number
    operators = [person(name, staff=True) for name in ("苏敏", "陈立", "何琳", "顾言")]
    ended = at_once([lambda by=by: approve_withdrawal(number=number, by=by, at=clock.now()) for by in operators])
    assert ended == {"approved": 1, "not_waiting": 3}


def test_a_withdrawal_released_by_four_at_once_is_sent_once(sandbox: LiveServer) -> None:
    number = asked(person("周舟"), at=clock.now()).number
    approve_withdrawal(number=number, by=person("苏敏", staff=True), at=clock.now())
    operators = [person(name, staff=True) for name in ("陈立", "何琳", "顾言", "梁栋")]
    ended = at_once([lambda by=by: release_withdrawal(number=number, by=by, at=clock.now()) for by in operators])
    assert ended == {"paid": 1, "not_waiting": 3}
    assert SandboxTransfer.objects.count() == 1
    assert LinkageEvent.objects.filter(kind="payout", reference=number).count() == 1


def test_released_and_rejected_at_once_ends_one_way(sandbox: LiveServer) -> None:
    for _ in range(4):
        number = asked(person("周舟"), at=clock.now()).number
        approve_withdrawal(number=number, by=person("苏敏", staff=True), at=clock.now())
        chen, he = person("陈立", staff=True), person("何琳", staff=True)
        ended = at_once(
            [
                lambda number=number, chen=chen: release_withdrawal(number=number, by=chen, at=clock.now()),
                lambda number=number, he=he: reject_withdrawal(number=number, by=he, reason="重复", at=clock.now()),
            ]
        )
        sent = SandboxTransfer.objects.filter(number=number).count()
        assert ended in ({"paid": 1, "not_waiting": 1}, {"rejected": 1, "not_waiting": 1})
        assert sent == ended["paid"]
        assert LinkageEvent.objects.filter(kind="payout", reference=number).count() == 1


def test_four_who_ask_about_one_transfer_settle_it_once(sandbox: LiveServer) -> None:
    SandboxTrouble.objects.create(operation="transfer", kind="unavailable", remaining=1)
    number = asked(person("周舟"), at=clock.now()).number
    approve_withdrawal(number=number, by=person("苏敏", staff=True), at=clock.now())
    release_withdrawal(number=number, by=person("陈立", staff=True), at=clock.now())
    ended = at_once([lambda: settle_sending(number=number, at=clock.now()) for _ in range(4)])
    assert ended == {"paid": 4}
    assert SandboxTransfer.objects.count() == 1
    assert LinkageEvent.objects.filter(kind="payout", reference=number).count() == 1
