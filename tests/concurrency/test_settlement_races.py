"""Real threads and commits against one shard, one balance, one fund."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from linkage import commands
from linkage.commands import GrantRefused, WithdrawalRefused
from linkage.models import LinkageEvent, Reward
from linkage.settlement import drain_shard, settle_shard
from payouts.models import Withdrawal
from tests.linkage.stories import Mall, fund_fen, three_generations

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def at_once(act: Callable[[int], Any], times: int = THREADS) -> list[Any]:
    """Run `act` in `times` threads that start together; return what each returned or raised."""
    barrier = Barrier(times)

    def run(number: int) -> Any:
        try:
            barrier.wait()
            return act(number)
        except (GrantRefused, WithdrawalRefused) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_workers_on_one_shard_settle_each_event_once() -> None:
    mall = Mall()
    three_generations(mall)
    for number in range(60):
        mall.join(f"m{number}", "bob")
        mall.buy(f"m{number}", f"p{number}")
    shard, seconds = mall.members["zoe"].shard, int(mall.at.timestamp())

    settled = at_once(lambda number: drain_shard(shard, seconds, limit=7))

    assert sum(settled) == 120
    assert LinkageEvent.objects.filter(number=None).count() == 0
    assert Reward.objects.filter(order__order__number__startswith="p", kind=1).count() == 60
    mall.prove()


def test_shards_settle_side_by_side_and_share_numbers_and_fund() -> None:
    mall = Mall(hold_days=1)
    for tree in range(THREADS):
        mall.join(f"root{tree}")
        for child in range(3):
            mall.join(f"c{tree}-{child}", f"root{tree}")
            mall.join(f"d{tree}-{child}", f"c{tree}-{child}")
        mall.buy(f"root{tree}", f"o{tree}")
        for child in range(3):
            mall.buy(f"c{tree}-{child}", f"oc{tree}-{child}")
            mall.buy(f"d{tree}-{child}", f"od{tree}-{child}")
    mall.pass_time(days=3)
    shards = sorted({member.shard for member in mall.members.values()})
    assert len(shards) > 1
    seconds = int(mall.at.timestamp())

    at_once(lambda number: drain_shard(shards[number % len(shards)], seconds, limit=5), len(shards))

    assert LinkageEvent.objects.filter(number=None).count() == 0
    assert fund_fen() > 0
    mall.prove()


def test_withdrawals_at_once_never_take_more_than_there_is() -> None:
    mall = Mall()
    three_generations(mall)
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.settle()
    assert mall.balances("ann").available_fen == 10_000
    mall.payable("ann")

    outcomes = at_once(
        lambda number: commands.request_withdrawal(member=mall.members["ann"], amount_fen=3_000, at=mall.at), 16
    )

    assert len([outcome for outcome in outcomes if isinstance(outcome, Withdrawal)]) == 3
    assert mall.balances("ann").available_fen == 1_000
    assert mall.balances("ann").withdrawing_fen == 9_000
    assert Withdrawal.objects.count() == 3
    mall.prove()


def test_grants_at_once_never_take_more_than_the_fund_holds() -> None:
    mall = Mall()
    three_generations(mall)
    for number in range(4):
        mall.join(f"solo{number}")
    mall.pass_time(days=31)
    mall.settle()
    fund = fund_fen()
    amount = fund // 3

    outcomes = at_once(
        lambda number: commands.grant_from_fund(
            member=mall.members[f"solo{number % 4}"],
            amount_fen=amount,
            by=mall.members["zoe"],
            reason="困难帮扶",
            at=mall.at,
        )
    )

    assert len([outcome for outcome in outcomes if isinstance(outcome, LinkageEvent)]) == 3
    assert fund_fen() == fund - 3 * amount >= 0
    mall.prove()


def test_without_the_lock_of_the_shard_the_race_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests above can fail: with the lock taken away, two workers take the same events."""
    mall = Mall()
    three_generations(mall)
    for number in range(20):
        mall.join(f"m{number}", "bob")
        mall.buy(f"m{number}", f"p{number}")
    shard, seconds = mall.members["zoe"].shard, int(mall.at.timestamp())
    barrier = Barrier(2)
    clock = int(mall.at.timestamp()) - 10**6

    def no_lock(shard: int) -> int:
        barrier.wait()
        return clock

    monkeypatch.setattr("linkage.settlement.settle.lock_shard", no_lock)

    def settle(number: int) -> str:
        try:
            settle_shard(shard, seconds)
        except Exception as error:
            return type(error).__name__
        return "settled"

    assert sorted(at_once(settle, 2)) == ["IntegrityError", "settled"]
