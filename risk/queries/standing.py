"""How the rules stand, and what they have found."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from risk.models import Hit, HitState, RuleVersion, SignalKind
from risk.rules import MEASURES, Measure, false_percent

COUNTED_MAX = 100


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """How a signal is set now. Version 0 is what the mall came with; nobody has set it."""

    kind: str
    version: int
    is_on: bool
    threshold: int

    @property
    def measure(self) -> Measure:
        return MEASURES[self.kind]


@dataclass(frozen=True, slots=True)
class Card:
    """A rule with its hits by state; `false_percent` is none where nothing was decided."""

    rule: RuleInForce
    label: str
    open: int
    confirmed: int
    false_alarms: int
    last_seen_at: datetime | None

    @property
    def hits(self) -> int:
        return self.open + self.confirmed + self.false_alarms

    @property
    def false_percent(self) -> int | None:
        return false_percent(false_alarms=self.false_alarms, confirmed=self.confirmed)


def rules_in_force() -> list[RuleInForce]:
    """Return every rule as it stands, in the order in which people see them."""
    rows = RuleVersion.objects.order_by("kind", "-version").distinct("kind")
    found = {row.kind: RuleInForce(row.kind, row.version, row.is_on, row.threshold) for row in rows}
    return [found.get(kind) or _first(kind) for kind in SignalKind.values]


def rule_in_force(kind: str) -> RuleInForce:
    """Return one rule as it stands."""
    row = RuleVersion.objects.filter(kind=kind).order_by("-version").first()
    return RuleInForce(row.kind, row.version, row.is_on, row.threshold) if row else _first(kind)


def rule_history(kind: str) -> list[RuleVersion]:
    """Return the versions of a rule, newest first."""
    return list(RuleVersion.objects.filter(kind=kind).select_related("set_by").order_by("-version")[:50])


def cards() -> list[Card]:
    """Return every rule with what it has found, in two questions."""
    rows = Hit.objects.values("kind", "state").annotate(count=Count("pk"), last=Max("seen_at"))
    counts = {(row["kind"], row["state"]): row["count"] for row in rows}
    last: dict[str, datetime] = {}
    for row in rows:
        last[row["kind"]] = max(last.get(row["kind"], row["last"]), row["last"])
    return [
        Card(
            rule,
            str(SignalKind(rule.kind).label),
            counts.get((rule.kind, HitState.OPEN.value), 0),
            counts.get((rule.kind, HitState.CONFIRMED.value), 0),
            counts.get((rule.kind, HitState.FALSE_ALARM.value), 0),
            last.get(rule.kind),
        )
        for rule in rules_in_force()
    ]


def hit_counts() -> dict[str, int]:
    """Return how many hits there are of each state, none more than a hundred."""
    return {state: Hit.objects.filter(state=state)[:COUNTED_MAX].count() for state in HitState.values}


def hits_waiting() -> QuerySet[Hit]:
    """Return the hits that wait for a decision."""
    return Hit.objects.filter(state=HitState.OPEN)


def _first(kind: str) -> RuleInForce:
    return RuleInForce(kind, 0, True, MEASURES[kind].threshold)
