"""A plan: the parameters of the 2+1 rules, read strictly, and refused when it could pay out too much.

`parse_plan` takes the JSON shape of a plan (nested, everything optional) and `plan_as_dict` gives it back. What a plan
says in Chinese is in `linkage.rules.clauses`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

BPS = 10_000
AMOUNT_MAX = 10**12
DAYS_MAX = 36_500
REFERRALS_MAX = 1_000_000
NAME_MAX = 100

GOODS_RECEIVED = "goods_received"
PROFILE_COMPLETED = "profile_completed"
DAYS_VISITED = "days_visited"
FIRST_REFERRAL = "first_referral"
REPEAT_PURCHASE = "repeat_purchase"
TASK_KINDS = (GOODS_RECEIVED, PROFILE_COMPLETED, DAYS_VISITED, FIRST_REFERRAL, REPEAT_PURCHASE)


class PlanError(ValueError):
    """The plan is malformed. `field` is the path of the field at fault, such as `direct_fen.agent`."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field} {sentence}")
        self.field = field


class PlanRefused(ValueError):
    """The plan is well formed, but could pay out more than it allows itself."""


@dataclass(frozen=True, slots=True)
class TaskTerms:
    """One task of a seed user. `n` counts days for `days_visited`; `min_fen` is the order of a `repeat_purchase`."""

    kind: str
    n: int = 0
    min_fen: int = 0


DEFAULT_TASKS = (TaskTerms(GOODS_RECEIVED), TaskTerms(PROFILE_COMPLETED))


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of the rules' parameters; amounts in fen, rates in basis points. The defaults are the usual plan."""

    name: str = ""
    pack_price_fen: int = 49_900
    promotion_referrals: int = 2
    direct_agent_fen: int = 10_000
    direct_partner_fen: int = 10_000
    see_point_fen: int = 15_000
    peer_bonus_fen: int = 4_000
    peer_to: str = "referrer"
    peer_rate_bps: int = 0
    repeat_direct_fen: int = 0
    repeat_see_point_fen: int = 0
    on_promotion: str = "stay"
    unranked_referrer: str = "forfeit"
    hold_bps: int = 2_000
    hold_days: int = 30
    on_hold_expiry: str = "fund"
    cooling_off_days: int = 7
    payout_max_bps: int = 6_000
    seed_tasks: tuple[TaskTerms, ...] = DEFAULT_TASKS


@dataclass(frozen=True, slots=True)
class PayoutTerms:
    """The smallest withdrawal, and what is withheld from the gross amount."""

    min_fen: int = 1_000
    fee_bps: int = 60
    tax_bps: int = 0


class _Whole(NamedTuple):
    """A whole number between `least` and `most`."""

    least: int
    most: int

    def read(self, path: str, value: Any) -> int:
        if type(value) is not int:
            raise PlanError(path, f"must be a whole number, not {described(value)}.")
        if not self.least <= value <= self.most:
            raise PlanError(path, f"must be between {self.least} and {self.most}, not {described(value)}.")
        return value


class _Choice(NamedTuple):
    words: tuple[str, ...]

    def read(self, path: str, value: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise PlanError(path, f"must be one of {', '.join(self.words)}, not {described(value)}.")
        return value


class _Text(NamedTuple):
    longest: int

    def read(self, path: str, value: Any) -> str:
        if not isinstance(value, str):
            raise PlanError(path, f"must be text, not {described(value)}.")
        if len(value) > self.longest or not is_storable(value):
            raise PlanError(path, f"must be plain text of at most {self.longest} characters.")
        return value


class _Tasks(NamedTuple):
    def read(self, path: str, value: Any) -> tuple[TaskTerms, ...]:
        if not isinstance(value, list) or not value:
            raise PlanError(path, "must be a list that names at least one task.")
        tasks = tuple(_read_task(f"{path}[{index}]", task) for index, task in enumerate(value))
        if len({task.kind for task in tasks}) < len(tasks):
            raise PlanError(path, "must not name the same kind of task twice.")
        return tasks


_Rule = _Whole | _Choice | _Text | _Tasks

_AMOUNT = _Whole(0, AMOUNT_MAX)
_SHARE = _Whole(0, BPS)
_DAYS = _Whole(0, DAYS_MAX)

# Path in the JSON of a plan, attribute of `Plan`, what may stand there.
_PLAN_FIELDS: tuple[tuple[str, str, _Rule], ...] = (
    ("name", "name", _Text(NAME_MAX)),
    ("pack_price_fen", "pack_price_fen", _Whole(1, AMOUNT_MAX)),
    ("promotion_referrals", "promotion_referrals", _Whole(1, REFERRALS_MAX)),
    ("direct_fen.agent", "direct_agent_fen", _AMOUNT),
    ("direct_fen.partner", "direct_partner_fen", _AMOUNT),
    ("see_point_fen", "see_point_fen", _AMOUNT),
    ("peer_bonus_fen", "peer_bonus_fen", _AMOUNT),
    ("peer_to", "peer_to", _Choice(("referrer", "referrer_or_leader"))),
    ("peer_rate_bps", "peer_rate_bps", _SHARE),
    ("repeat_fen.direct", "repeat_direct_fen", _AMOUNT),
    ("repeat_fen.see_point", "repeat_see_point_fen", _AMOUNT),
    ("on_promotion", "on_promotion", _Choice(("stay", "follow"))),
    ("unranked_referrer", "unranked_referrer", _Choice(("forfeit", "roll_up"))),
    ("hold_bps", "hold_bps", _SHARE),
    ("hold_days", "hold_days", _DAYS),
    ("on_hold_expiry", "on_hold_expiry", _Choice(("fund", "release"))),
    ("cooling_off_days", "cooling_off_days", _DAYS),
    ("payout_max_bps", "payout_max_bps", _SHARE),
    ("tasks", "seed_tasks", _Tasks()),
)
_TERMS_FIELDS: tuple[tuple[str, str, _Rule], ...] = (
    ("withdrawal.min_fen", "min_fen", _AMOUNT),
    ("withdrawal.fee_bps", "fee_bps", _SHARE),
    ("withdrawal.tax_bps", "tax_bps", _SHARE),
)
_KNOWN = frozenset(path for path, _, _ in _PLAN_FIELDS + _TERMS_FIELDS)
_NESTED = frozenset(path.partition(".")[0] for path in _KNOWN if "." in path)


def parse_plan(data: Mapping[str, Any]) -> tuple[Plan, PayoutTerms]:
    """Read a plan as it stands in JSON; a field left out takes its default, also inside a nested one.

    Raises PlanError, naming the field. Whether the plan may be used at all is asked of `check_plan`.
    """
    given = _flattened(data)
    plan = Plan(**_read(_PLAN_FIELDS, given))
    terms = PayoutTerms(**_read(_TERMS_FIELDS, given))
    if terms.fee_bps + terms.tax_bps > BPS:
        raise PlanError("withdrawal.tax_bps", f"and withdrawal.fee_bps together must not exceed {BPS}.")
    return plan, terms


def plan_as_dict(plan: Plan, terms: PayoutTerms | None = None) -> dict[str, Any]:
    """Return the JSON shape that `parse_plan` reads back to the same plan (and terms, where given)."""
    data: dict[str, Any] = {}
    for path, name, _ in _PLAN_FIELDS:
        _put(data, path, getattr(plan, name))
    data["tasks"] = [_task_as_dict(task) for task in plan.seed_tasks]
    if terms is not None:
        for path, name, _ in _TERMS_FIELDS:
            _put(data, path, getattr(terms, name))
    return data


def worst_case_fen(plan: Plan) -> int:
    """Return the most that the first pack of a member can pay out to everybody together."""
    direct = max(plan.direct_agent_fen + plan.peer_bonus_fen, plan.direct_partner_fen)
    return direct + plan.see_point_fen + plan.see_point_fen * plan.peer_rate_bps // BPS


def further_worst_case_fen(plan: Plan) -> int:
    """Return the most that any further pack can pay out to everybody together."""
    see_point = plan.repeat_see_point_fen
    return plan.repeat_direct_fen + see_point + see_point * plan.peer_rate_bps // BPS


def payout_limit_fen(plan: Plan) -> int:
    """Return the most that one pack may pay out under the plan's own limit."""
    return plan.pack_price_fen * plan.payout_max_bps // BPS


def refusal(plan: Plan) -> str | None:
    """Return why the plan must not be used, with the worst case spelled out, or None."""
    limit = payout_limit_fen(plan)
    if worst_case_fen(plan) > limit:
        return (
            f"A first pack can pay out {worst_case_fen(plan)} fen: the larger of direct reward of an agent "
            f"{plan.direct_agent_fen} + peer bonus {plan.peer_bonus_fen} and direct reward of a partner "
            f"{plan.direct_partner_fen}, + see-point reward {plan.see_point_fen} + peer share "
            f"{plan.see_point_fen * plan.peer_rate_bps // BPS}. {_limit_in_words(plan)}"
        )
    if further_worst_case_fen(plan) > limit:
        return (
            f"A further pack can pay out {further_worst_case_fen(plan)} fen: direct reward {plan.repeat_direct_fen} "
            f"+ see-point reward {plan.repeat_see_point_fen} + peer share "
            f"{plan.repeat_see_point_fen * plan.peer_rate_bps // BPS}. {_limit_in_words(plan)}"
        )
    return None


def check_plan(plan: Plan) -> None:
    """Raise PlanRefused where a pack could pay out more than the plan's limit."""
    reason = refusal(plan)
    if reason is not None:
        raise PlanRefused(reason)


def described(value: Any) -> str:
    """Return how an error names a JSON value: its kind, and a short value itself."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else "a number of that size"
    if isinstance(value, float):
        return f"the fraction {value}"
    if isinstance(value, str):
        return f"the text {value!a}" if len(value) <= 40 else "a long text"
    return "an object" if isinstance(value, Mapping) else "a list"


def is_storable(text: str) -> bool:
    """Say whether a database can keep `text`: no NUL, and no half of a surrogate pair."""
    if text.isascii():
        return "\0" not in text
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


def _limit_in_words(plan: Plan) -> str:
    return (
        f"At most {payout_limit_fen(plan)} fen are allowed (payout_max_bps {plan.payout_max_bps} of the price "
        f"{plan.pack_price_fen})."
    )


def _flattened(data: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise PlanError("plan", f"must be an object, not {described(data)}.")
    given: dict[str, Any] = {}
    for field, value in data.items():
        if field not in _NESTED:
            given[field] = value
        elif isinstance(value, Mapping):
            given.update((f"{field}.{inner}", inner_value) for inner, inner_value in value.items())
        else:
            raise PlanError(field, f"must be an object, not {described(value)}.")
    for path in given:
        # A field spelled "direct_fen.agent" at the top would otherwise pass for the nested one.
        if path not in _KNOWN or ("." in path and path in data):
            raise PlanError(f"{path:.80}", "is not a field of a plan.")
    return given


def _read(fields: tuple[tuple[str, str, _Rule], ...], given: dict[str, Any]) -> dict[str, Any]:
    return {name: rule.read(path, given[path]) for path, name, rule in fields if path in given}


def _read_task(path: str, data: Any) -> TaskTerms:
    if not isinstance(data, Mapping):
        raise PlanError(path, f"must be an object, not {described(data)}.")
    kind = _Choice(TASK_KINDS).read(f"{path}.kind", data.get("kind"))
    parameters = _TASK_PARAMETERS.get(kind, {})
    for field in data:
        if field != "kind" and field not in parameters:
            raise PlanError(f"{path}.{field:.80}", f"is not a field of the task {kind}.")
    for field in parameters:
        if field not in data:
            raise PlanError(f"{path}.{field}", "is missing.")
    return TaskTerms(kind, **{field: rule.read(f"{path}.{field}", data[field]) for field, rule in parameters.items()})


_TASK_PARAMETERS = {DAYS_VISITED: {"n": _Whole(1, DAYS_MAX)}, REPEAT_PURCHASE: {"min_fen": _AMOUNT}}


def _task_as_dict(task: TaskTerms) -> dict[str, Any]:
    return {"kind": task.kind} | {field: getattr(task, field) for field in _TASK_PARAMETERS.get(task.kind, {})}


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    outer, _, inner = path.partition(".")
    if inner:
        data.setdefault(outer, {})[inner] = value
    else:
        data[outer] = value
