"""What happens within one batch: each of these stories waits whole, or in a few pieces, and is then settled at once."""

from random import Random

import pytest

from linkage.models import Position, Rank
from tests.linkage.stories import Mall

pytestmark = pytest.mark.django_db

PLANS = [
    {"on_promotion": "follow", "unranked_referrer": "roll_up"},
    {"on_promotion": "stay", "peer_to": "referrer_or_leader"},
    {"on_promotion": "follow", "peer_rate_bps": 1000, "see_point_fen": 10_000, "repeat_fen": {"see_point": 2000}},
    {"on_promotion": "stay", "unranked_referrer": "roll_up", "promotion_referrals": 3},
]


@pytest.mark.parametrize("seed", range(8))
def test_a_story_under_changing_plans_settles_as_it_replays(seed: int) -> None:
    chance = Random(seed)
    mall = Mall(**PLANS[seed % 4])
    names: list[str] = []
    numbers: list[str] = []
    pieces = chance.choice([1, 3, 10])
    for step in range(240):
        word = chance.choices(["join", "buy", "refund", "plan"], [40, 50, 8, 2])[0]
        if word == "join" or not names:
            # Mostly below those who came last: long lines, as well as bushes.
            referrer = None if not names else chance.choice(names[-chance.choice([1, 3, 50]) :])
            mall.join(f"m{step}", referrer)
            names.append(f"m{step}")
        elif word == "buy":
            mall.buy(chance.choice(names), f"o{step}", chance.choice([1, 1, 2]))
            numbers.append(f"o{step}")
        elif word == "refund" and numbers:
            mall.refund(numbers.pop(chance.randrange(len(numbers))))
        elif word == "plan":
            mall.pass_time()
            mall.publish({"name": "next", **chance.choice(PLANS)})
        if pieces > 1 and chance.randrange(240 // pieces) == 0:
            mall.settle()
    mall.settle()

    assert Position.objects.filter(rank=Rank.PARTNER).exists()
    mall.prove()


def test_who_was_taken_along_in_the_batch_keeps_the_new_leader_when_another_stays_behind() -> None:
    mall = Mall(on_promotion="follow")
    mall.join("top")
    for name, referrer in (
        ("t1", "top"),
        ("p", "top"),
        ("x1", "p"),
        ("q", "p"),
        ("y1", "q"),
        ("y2", "q"),
        ("y3", "y1"),
    ):
        mall.join(name, referrer)
    for name in ("top", "t1", "p", "q", "y1"):
        mall.buy(name, f"o-{name}")
    mall.settle()
    # In one batch: p becomes a partner and takes q and y1 along; then q becomes one, under a plan by which teams stay.
    mall.buy("x1", "o-x1")
    mall.pass_time()
    mall.publish({"name": "stay", "on_promotion": "stay"})
    mall.buy("y2", "o-y2")
    mall.buy("y3", "o-y3")
    mall.settle()

    assert mall.position("q").rank == Rank.PARTNER
    assert mall.position("y1").leader_id == mall.members["p"].pk
    mall.prove()
