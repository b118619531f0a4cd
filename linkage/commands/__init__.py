"""Writing: plans and what goes before they are published, money that is answered at once, and settlement."""

from .money import (
    GrantRefused,
    WithdrawalRefused,
    advance_shards,
    grant_from_fund,
    request_withdrawal,
    ring_for_leftovers,
    settle_waiting,
    withdrawal_number,
    write_missing_moves,
)
from .plans import (
    PlanRejected,
    acknowledge_compliance,
    adopt_plan,
    draft_plan,
    edit_plan,
    publish_plan,
    recall_plan,
    return_plan,
    submit_plan,
)
from .simulations import (
    SimulationRefused,
    ask_simulation,
    cancel_simulation,
    run_simulation,
    sweep_simulations,
)

__all__ = [
    "GrantRefused",
    "PlanRejected",
    "SimulationRefused",
    "WithdrawalRefused",
    "acknowledge_compliance",
    "adopt_plan",
    "advance_shards",
    "ask_simulation",
    "cancel_simulation",
    "draft_plan",
    "edit_plan",
    "grant_from_fund",
    "publish_plan",
    "recall_plan",
    "request_withdrawal",
    "return_plan",
    "ring_for_leftovers",
    "run_simulation",
    "settle_waiting",
    "submit_plan",
    "sweep_simulations",
    "withdrawal_number",
    "write_missing_moves",
]
