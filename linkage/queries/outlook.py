"""What people would earn under a plan, from the simulator: shown where there is nobody yet whose earnings were real."""

import json
from collections import Counter
from functools import lru_cache
from itertools import accumulate
from random import Random

from linkage.rules.engine import FORFEITED
from linkage.rules.plan import Plan, plan_as_dict
from linkage.rules.result import result_of
from linkage.rules.simulation import simulate

PEOPLE = 1_000
SEED = 2_023
_STEP = 3_600


@lru_cache(maxsize=8)
def simulated_earnings(*, plan: Plan) -> tuple[int, ...]:
    """Return what each of a thousand made-up agents earns, in fen: each buys one gift pack and sends none back, is
    brought along by an earlier one (who has brought many brings more), and every second one does the tasks.

    The same for the same plan. A hold that was forfeited is not earned.
    """
    chance = Random(SEED)
    lines = [json.dumps({"plan": plan_as_dict(plan)})]
    weights: list[int] = []
    for number in range(PEOPLE):
        referrer = None
        if weights:
            (place,) = chance.choices(range(number), cum_weights=list(accumulate(weights)))
            weights[place] += 1
            referrer = str(place)
        weights.append(1)
        at, member = number * _STEP, str(number)
        lines.append(json.dumps({"event": "join", "at": at, "member": member, "referrer": referrer}))
        lines.append(json.dumps({"event": "order", "at": at, "order": member, "member": member, "packs": 1}))
        if number % 2:
            lines.append(json.dumps({"event": "tasks_done", "at": at, "member": member}))
    lines.append(json.dumps({"event": "tick", "at": PEOPLE * _STEP + (plan.hold_days + 1) * 86_400}))
    earned: Counter[str] = Counter()
    for reward in result_of(simulate(lines)).rewards:
        if reward["member"] is not None:
            lost = reward["held_fen"] if reward["hold"] == FORFEITED else 0
            earned[reward["member"]] += reward["amount_fen"] - lost
    return tuple(earned[str(number)] for number in range(PEOPLE))
