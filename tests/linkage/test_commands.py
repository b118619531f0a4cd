from datetime import timedelta

import pytest

from linkage import commands, queries
from linkage.commands import GrantRefused, PlanRejected, WithdrawalRefused
from linkage.models import LinkageEvent, PlanVersion
from linkage.rules.plan import PlanError, PlanRefused
from payouts.models import Withdrawal, WithdrawalState
from suppliers.models import GiftPackTerms
from suppliers.queries import gift_pack_terms
from tests.linkage.stories import START, Mall, fund_fen, snapshot, three_generations
from tests.plans import planner, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mall() -> Mall:
    return Mall()


# Plans


def test_a_new_mall_runs_without_a_plan() -> None:
    assert queries.plan_in_force(at=START) is None


def test_publishing_a_plan_puts_gift_packs_on_sale_at_its_price(mall: Mall) -> None:
    terms = gift_pack_terms(at=mall.at)

    assert terms is not None
    assert (terms.price_fen, terms.worst_case_fen, terms.cooling_off_days, terms.plan_version) == (49_900, 29_000, 7, 1)


def test_a_plan_that_pays_out_too_much_is_refused_with_its_worst_case() -> None:
    with pytest.raises(PlanRefused, match=r"31,?000|310"):
        commands.draft_plan(name="", params={"direct_fen": {"agent": 12_000}}, by=planner())
    assert PlanVersion.objects.count() == 0


def test_a_malformed_plan_is_refused_with_the_field_at_fault() -> None:
    with pytest.raises(PlanError, match="see_point_fen"):
        commands.draft_plan(name="", params={"see_point_fen": 1.5}, by=planner())
    assert PlanVersion.objects.count() == 0


def test_switching_two_plus_one_off_takes_gift_packs_off_sale_and_settles_nothing_more(mall: Mall) -> None:
    mall.join("zoe")
    mall.join("ann", "zoe")
    mall.buy("zoe", "o1")
    mall.pass_time()
    mall.publish(None)
    mall.buy("ann", "o2")
    mall.settle()

    assert queries.plan_in_force(at=mall.at) is None
    terms = gift_pack_terms(at=mall.at)
    assert terms is None or terms.price_fen is None
    assert list(LinkageEvent.objects.filter(kind="order").values_list("reference", flat=True)) == ["o1"]
    mall.prove()


def test_a_version_is_published_once_and_never_into_the_past(mall: Mall) -> None:
    checker = planner("plan-checker")
    with pytest.raises(PlanRejected, match="已经发布"):
        commands.publish_plan(version=1, starts_at=mall.at, by=checker, at=mall.at)
    draft = submitted({}, at=mall.at)
    with pytest.raises(PlanRejected, match="不能早于现在"):
        commands.publish_plan(version=draft.version, starts_at=mall.at - timedelta(days=1), by=checker, at=mall.at)
    assert GiftPackTerms.objects.count() == 1


def test_orders_settle_under_the_version_in_force_when_they_were_paid(mall: Mall) -> None:
    mall.join("zoe")
    mall.join("ann", "zoe")
    mall.join("bob", "zoe")
    mall.buy("zoe", "o1")
    mall.buy("ann", "o2")
    mall.pass_time()
    mall.publish({"direct_fen": {"agent": 9_000, "partner": 9_000}})
    mall.buy("bob", "o3")
    mall.settle()

    assert mall.balances("zoe").pending_fen == 19_000
    mall.prove()


# Withdrawals


def earned(mall: Mall) -> None:
    """ann has 10,000 fen available."""
    three_generations(mall)
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.settle()
    assert mall.balances("ann").available_fen == 10_000
    mall.payable("ann")


def test_a_withdrawal_sets_its_amount_aside_and_shows_fee_and_net(mall: Mall) -> None:
    earned(mall)

    withdrawal = commands.request_withdrawal(member=mall.members["ann"], amount_fen=5_000, at=mall.at)

    assert withdrawal.state == WithdrawalState.REQUESTED
    assert (withdrawal.amount_fen, withdrawal.fee_fen, withdrawal.tax_fen, withdrawal.net_fen) == (5_000, 30, 0, 4_970)
    assert (mall.balances("ann").available_fen, mall.balances("ann").withdrawing_fen) == (5_000, 5_000)
    mall.prove()


def test_a_withdrawal_first_takes_in_what_is_due(mall: Mall) -> None:
    three_generations(mall)
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.payable("ann")

    commands.request_withdrawal(member=mall.members["ann"], amount_fen=10_000, at=mall.at)

    assert mall.balances("ann").withdrawing_fen == 10_000
    mall.prove()


def test_a_withdrawal_first_takes_in_a_refund_that_waits(mall: Mall) -> None:
    earned(mall)
    mall.refund("o-bob")

    with pytest.raises(WithdrawalRefused) as refused:
        commands.request_withdrawal(member=mall.members["ann"], amount_fen=10_000, at=mall.at)
    assert refused.value.code == "above_available"
    assert mall.balances("ann").available_fen == 0
    mall.prove()


@pytest.mark.parametrize(
    ("amount_fen", "code"),
    [
        (0, "below_minimum"),
        (-100, "below_minimum"),
        (999, "below_minimum"),
        (10_001, "above_available"),
        (2**62, "above_available"),
    ],
)
def test_an_impossible_withdrawal_changes_nothing(mall: Mall, amount_fen: int, code: str) -> None:
    earned(mall)
    before, balances = snapshot(), mall.balances("ann")

    with pytest.raises(WithdrawalRefused) as refused:
        commands.request_withdrawal(member=mall.members["ann"], amount_fen=amount_fen, at=mall.at)
    assert refused.value.code == code
    assert snapshot() == before
    assert mall.balances("ann") == balances
    assert Withdrawal.objects.count() == 0


def test_what_is_held_or_pending_cannot_be_withdrawn(mall: Mall) -> None:
    three_generations(mall)
    mall.payable("zoe")
    zoe = mall.balances("zoe")
    assert zoe.held_fen > 0
    assert zoe.pending_fen > 10_000

    with pytest.raises(WithdrawalRefused):
        commands.request_withdrawal(member=mall.members["zoe"], amount_fen=1_000, at=mall.at)
    assert mall.balances("zoe") == zoe


# Grants


def forfeited(mall: Mall) -> None:
    """Holds of zoe have gone to the support fund."""
    three_generations(mall)
    mall.pass_time(days=31)
    mall.settle()
    assert fund_fen() > 0


def test_a_grant_moves_money_from_the_fund_to_a_member(mall: Mall) -> None:
    forfeited(mall)
    before = fund_fen()
    event = commands.grant_from_fund(
        member=mall.members["bob"], amount_fen=700, by=mall.members["zoe"], reason="困难帮扶", at=mall.at
    )

    assert event.number is not None
    assert event.note == "困难帮扶"
    assert fund_fen() == before - 700
    assert mall.balances("bob").available_fen == 700
    mall.prove()


@pytest.mark.parametrize(("extra", "reason"), [(1, "困难帮扶"), (0, " ")], ids=["above the fund", "without a reason"])
def test_a_grant_above_the_fund_or_without_a_reason_changes_nothing(mall: Mall, extra: int, reason: str) -> None:
    forfeited(mall)
    before, fund = snapshot(), fund_fen()

    with pytest.raises(GrantRefused):
        commands.grant_from_fund(
            member=mall.members["bob"], amount_fen=fund + extra, by=mall.members["zoe"], reason=reason, at=mall.at
        )
    assert snapshot() == before
    assert fund_fen() == fund


def test_a_grant_first_takes_in_what_is_due_in_every_shard(mall: Mall) -> None:
    three_generations(mall)
    mall.join("solo")
    mall.pass_time(days=31)
    assert fund_fen() == 0

    commands.grant_from_fund(
        member=mall.members["solo"], amount_fen=100, by=mall.members["zoe"], reason="困难帮扶", at=mall.at
    )

    assert mall.balances("solo").available_fen == 100
    mall.prove()
