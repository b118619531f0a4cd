from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ledger.models import AccountKind
from ledger.queries import balance_fen
from linkage import commands, inbox
from linkage.models import Hold, LinkageEvent, Rank, Reward, RewardKind, SettledOrder
from linkage.settlement import settle_shard
from linkage.stream import put
from orders.events import OrdersPaid, PaidOrder
from payouts.models import Withdrawal
from tests.linkage.stories import START, Mall, fund_fen, snapshot, three_generations

pytestmark = pytest.mark.django_db(transaction=True)


def seconds(mall: Mall) -> int:
    return int(mall.at.timestamp())


def test_a_gift_pack_pays_referrer_and_leader_and_moves_ranks() -> None:
    mall = Mall()
    three_generations(mall)

    assert mall.position("zoe").rank == Rank.PARTNER
    assert mall.position("ann").leader_id == mall.members["zoe"].pk
    assert mall.position("bob").leader_id == mall.members["zoe"].pk
    direct = Reward.objects.get(order__order__number="o-bob", kind=RewardKind.DIRECT)
    assert (direct.member_id, direct.amount_fen, direct.held_fen) == (mall.members["ann"].pk, 10_000, 0)
    seen = Reward.objects.get(order__order__number="o-bob", kind=RewardKind.SEE_POINT)
    assert (seen.member_id, seen.amount_fen, seen.held_fen, seen.hold) == (
        mall.members["zoe"].pk,
        15_000,
        3_000,
        Hold.ACTIVE,
    )
    assert seen.via == [mall.members["ann"].pk, mall.members["zoe"].pk]
    mall.prove()


def test_the_same_news_twice_settles_once() -> None:
    mall = Mall()
    mall.join("zoe")
    order = mall.buy("zoe", "o1")
    again = PaidOrder(order.pk, "o1", order.member_id, mall.members["zoe"].shard, 1, 49_900, mall.at)
    inbox.record_payments(OrdersPaid((again, again)))
    mall.settle()
    inbox.record_payments(OrdersPaid((again,)))
    mall.settle()

    assert SettledOrder.objects.count() == 1
    assert LinkageEvent.objects.filter(kind="order").count() == 1
    mall.prove()


def test_late_news_takes_effect_at_the_time_of_the_shard() -> None:
    mall = Mall()
    mall.join("zoe")
    mall.join("ann", "zoe")
    mall.buy("zoe", "o1")
    mall.settle()
    order = mall.buy("ann", "o2")
    LinkageEvent.objects.filter(order_id=order.pk).update(at=mall.at - timedelta(days=3))
    mall.settle()

    late = LinkageEvent.objects.get(order_id=order.pk)
    before = LinkageEvent.objects.get(reference="o1")
    assert late.number == before.number + 1
    assert late.effective_at == before.effective_at
    mall.prove()


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_the_size_of_batches_changes_no_result(limit: int) -> None:
    mall = Mall()
    three_generations(mall)
    mall.join("cat", "bob")
    mall.buy("cat", "o-cat", packs=2)
    mall.receive("o-cat")
    mall.refund("o-bob")
    while len(settle_shard(mall.members["zoe"].shard, seconds(mall), limit)):
        continue

    rewards = Reward.objects.filter(seed_id=mall.members["cat"].pk).order_by("kind")
    assert [(reward.kind, reward.amount_fen, reward.held_fen) for reward in rewards] == [
        (RewardKind.DIRECT, 10_000, 0),
        (RewardKind.SEE_POINT, 15_000, 3_000),
    ]
    mall.prove()


def test_the_number_of_statements_does_not_depend_on_the_number_of_events() -> None:
    mall = Mall()
    three_generations(mall)
    counts = []
    for size in (1, 40):
        for number in range(size):
            mall.join(f"m{size}-{number}", "bob")
        mall.settle()
        for number in range(size):
            mall.buy(f"m{size}-{number}", f"p{size}-{number}")
        with CaptureQueriesContext(connection) as queries:
            assert len(settle_shard(mall.members["zoe"].shard, seconds(mall))) == size
        counts.append(
            len(
                [query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
            )
        )
    assert counts[0] == counts[1] <= 10
    mall.prove()


def test_an_empty_shard_costs_little_and_changes_nothing() -> None:
    mall = Mall()
    three_generations(mall)
    before = snapshot()

    assert len(settle_shard(mall.members["zoe"].shard, seconds(mall))) == 0
    assert snapshot() == before


def test_a_beat_that_stood_still_for_a_month_changes_no_result() -> None:
    mall = Mall()
    three_generations(mall)
    mall.receive("o-bob")
    mall.settle()
    mall.pass_time(days=40)
    mall.settle()

    assert mall.balances("ann").available_fen == 10_000
    assert mall.balances("ann").pending_fen == 0
    assert mall.balances("zoe").held_fen == 0
    assert fund_fen() == sum(Reward.objects.filter(hold=Hold.FORFEITED).values_list("held_fen", flat=True)) > 0
    mall.prove()


def test_a_refund_takes_back_what_is_left_and_the_rest_becomes_debt() -> None:
    mall = Mall()
    three_generations(mall)
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.payable("ann")
    commands.request_withdrawal(member=mall.members["ann"], amount_fen=6_000, at=mall.at)
    mall.refund("o-bob")
    mall.settle()

    ann = mall.balances("ann")
    assert (ann.available_fen, ann.withdrawing_fen, ann.debt_fen) == (0, 6_000, 6_000)
    assert not mall.position("bob").counted
    assert mall.position("ann").valid_referrals == 0
    mall.prove()


def test_a_recruiting_consumer_who_becomes_an_agent_is_found_by_those_below() -> None:
    mall = Mall(unranked_referrer="roll_up")
    mall.join("zoe")
    for name, referrer in (("c1", "zoe"), ("c2", "c1"), ("c3", "c2"), ("d1", "c3"), ("d2", "c3"), ("e1", "d2")):
        mall.join(name, referrer)
    mall.buy("zoe", "o-zoe")
    mall.settle()
    # In one batch: the one in the middle of the chain becomes an agent, then those at its ends buy.
    for name in ("c2", "d1", "e1"):
        mall.buy(name, f"o-{name}")
    mall.settle()

    for name in ("d1", "e1"):
        direct = Reward.objects.get(order__order__number=f"o-{name}", kind=RewardKind.DIRECT)
        assert direct.member_id == mall.members["c2"].pk
    mall.prove()


def test_a_first_recruit_goes_on_with_the_strand_of_its_referrer_and_the_others_begin_their_own() -> None:
    mall = Mall()
    for name, referrer in (("zoe", None), ("a1", "zoe"), ("a2", "zoe"), ("b1", "a1")):
        mall.join(name, referrer)
    mall.settle()
    mall.join("b2", "a1")
    mall.join("c1", "b1")
    mall.settle()

    spots = {name: (mall.position(name).strand_id, mall.position(name).place) for name in mall.members}
    zoe, a2, b2 = (mall.members[name].pk for name in ("zoe", "a2", "b2"))
    assert spots == {"zoe": (zoe, 0), "a1": (zoe, 1), "b1": (zoe, 2), "c1": (zoe, 3), "a2": (a2, 0), "b2": (b2, 0)}
    mall.prove()


def test_a_promotion_under_follow_takes_agents_along() -> None:
    mall = Mall(on_promotion="follow")
    three_generations(mall)
    mall.join("cat", "ann")
    mall.buy("cat", "o-cat")
    mall.join("dan", "bob")
    mall.buy("dan", "o-dan")
    mall.settle()

    assert mall.position("ann").rank == Rank.PARTNER
    assert mall.position("bob").leader_id == mall.members["ann"].pk
    assert mall.position("dan").leader_id == mall.members["ann"].pk
    mall.prove()


def test_fee_and_tax_that_were_fixed_stand_in_place_of_the_rates() -> None:
    mall = Mall()
    three_generations(mall)
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.settle()
    ann = mall.members["ann"]

    def ask(number: str, fee_fen: int | None, tax_fen: int | None) -> None:
        asked = LinkageEvent(
            key=f"withdraw:{number}",
            shard=ann.shard,
            kind="withdraw",
            at=mall.at,
            member_id=ann.pk,
            reference=number,
            amount_fen=1_000,
            min_fen=1,
            fee_bps=60,
            tax_bps=100,
            fee_fen=fee_fen,
            tax_fen=tax_fen,
        )
        paid = LinkageEvent(
            key=f"payout:{number}",
            shard=ann.shard,
            kind="payout",
            at=mall.at,
            member_id=ann.pk,
            reference=number,
            approved=True,
        )
        put([asked])
        mall.settle()
        put([paid])
        mall.settle()

    ask("TXfixed", 7, 333)
    ask("TXrates", None, None)
    assert list(Withdrawal.objects.order_by("id").values_list("fee_fen", "tax_fen", "net_fen")) == [
        (7, 333, 660),
        (6, 10, 984),
    ]
    assert balance_fen(kind=AccountKind.WITHDRAWAL_FEE) == 13
    assert balance_fen(kind=AccountKind.TAX_PAYABLE) == 343
    mall.prove()


def test_more_is_never_withheld_than_there_is() -> None:
    for fee_fen, tax_fen in ((600, 500), (-1, 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            LinkageEvent.objects.create(
                key=f"withdraw:{fee_fen}",
                shard=0,
                kind="withdraw",
                at=START,
                amount_fen=1_000,
                fee_fen=fee_fen,
                tax_fen=tax_fen,
            )
