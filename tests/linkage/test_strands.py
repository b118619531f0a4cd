"""The strands of the referral tree: long lines cost no more than short ones, whoever buys in them."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.models import Reward, RewardKind
from linkage.settlement import settle_shard
from tests.linkage.stories import Mall

pytestmark = pytest.mark.django_db

LENGTH = 120


def _line(mall: Mall, length: int = LENGTH, *, turns: bool = False) -> list[str]:
    """Let members join one below the other; with `turns`, each after another recruit, so that no strand goes on."""
    names = [f"m{place}" for place in range(length)]
    for place, name in enumerate(names):
        referrer = names[place - 1] if place else None
        if turns and referrer:
            mall.join(f"{referrer}-first", referrer)
        mall.join(name, referrer)
    return names


def _statements_to_settle(mall: Mall) -> int:
    """Settle one batch of the shard in which everybody stands."""
    (shard,) = {member.shard for member in mall.members.values()}
    with CaptureQueriesContext(connection) as queries:
        settle_shard(shard, int(mall.at.timestamp()))
    return len(queries)


@pytest.mark.parametrize("turns", [False, True])
def test_consumers_who_buy_inside_a_long_line_cost_the_statements_of_any_order(turns: bool) -> None:
    mall = Mall(unranked_referrer="roll_up")
    names = _line(mall, turns=turns)
    mall.buy(names[0], "o0")
    mall.settle()
    mall.buy(names[-1], "o-last")
    usual = _statements_to_settle(mall)
    inside = [60, 30, 90, 61, 59, 118]
    for place in inside:
        mall.buy(names[place], f"o{place}")

    assert _statements_to_settle(mall) == usual
    receivers = dict(Reward.objects.filter(kind=RewardKind.DIRECT).values_list("order__order__number", "member_id"))
    expected = {60: 0, 30: 0, 90: 60, 61: 60, 59: 30, 118: 90}
    assert {place: receivers[f"o{place}"] for place in inside} == {
        place: mall.members[names[above]].pk for place, above in expected.items()
    }
    mall.prove()


@pytest.mark.parametrize("turns", [False, True])
def test_a_long_line_of_agents_without_packs_is_passed_in_the_statements_of_any_order(turns: bool) -> None:
    mall = Mall(unranked_referrer="roll_up")
    names = _line(mall, turns=turns)
    for name in names[:-1]:
        mall.buy(name, f"o-{name}")
    mall.settle()
    mall.join("beside", names[0])
    mall.settle()
    mall.buy("beside", "o-beside")
    usual = _statements_to_settle(mall)
    for name in names[1:-1]:
        mall.refund(f"o-{name}")
    mall.settle()
    mall.buy(names[-1], "o-last")

    assert _statements_to_settle(mall) == usual
    direct = Reward.objects.get(order__order__number="o-last", kind=RewardKind.DIRECT)
    assert direct.member_id == mall.members[names[0]].pk
    assert direct.via == [mall.members[name].pk for name in reversed(names[:-1])]
    mall.prove()


@pytest.mark.parametrize("turns", [False, True])
def test_a_line_that_returns_its_packs_in_the_same_batch_is_passed_as_well(turns: bool) -> None:
    mall = Mall(unranked_referrer="roll_up")
    names = _line(mall, turns=turns)
    for name in names[:-1]:
        mall.buy(name, f"o-{name}")
    mall.settle()
    for name in names[1:-1]:
        mall.refund(f"o-{name}")
    mall.buy(names[-1], "o-last")

    assert _statements_to_settle(mall) <= 12
    direct = Reward.objects.get(order__order__number="o-last", kind=RewardKind.DIRECT)
    assert direct.member_id == mall.members[names[0]].pk
    mall.prove()


@pytest.mark.parametrize("seed", range(6))
def test_lines_that_fork_are_told_alike_whether_settled_at_once_or_in_pieces(seed: int) -> None:
    chance = Random(seed)
    mall = Mall(unranked_referrer="roll_up", promotion_referrals=4)
    names: list[str] = []
    bought: list[str] = []
    for step in range(300):
        word = chance.choices(["join", "buy", "refund"], [50, 35, 15])[0]
        if word == "join" or not names:
            referrer = None if not names else names[-1] if chance.random() < 0.7 else chance.choice(names)
            names.append(f"m{step}")
            mall.join(names[-1], referrer)
        elif word == "buy":
            mall.buy(chance.choice(names), f"o{step}")
            bought.append(f"o{step}")
        elif bought:
            mall.refund(bought.pop(chance.randrange(len(bought))))
        if seed % 2 and chance.random() < 0.1:
            mall.settle()
    mall.settle()

    mall.prove()
