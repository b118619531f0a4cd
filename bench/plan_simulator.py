"""One plan simulation as a worker runs it, without its row: `python -m bench.plan_simulator MEMBERS`."""

import json
import os
import sys


def _main(members: int) -> None:
    """What the worker does, without its row."""
    from linkage.models import RunKind, SimulationRun
    from linkage.rules.whatif import Scenario
    from linkage.simulating import simulate_side_by_side

    scenario = Scenario(size=members, seed=8023, days=120)
    run = SimulationRun(
        params={"hold_days": 45},
        base_params={},
        kind=RunKind.SYNTHETIC,
        inputs=scenario.as_dict,
        seed=scenario.seed,
        size=scenario.size,
    )
    json.dump({"buyers": simulate_side_by_side(run)["after"]["buyers"]}, sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django

    django.setup()
    _main(int(sys.argv[1]))
