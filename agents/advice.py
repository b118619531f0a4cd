"""What an adviser could do next for a customer: plain rules over days, for a person to read and to decide."""

from dataclasses import dataclass
from enum import StrEnum


class Advice(StrEnum):
    """One thing to do. The words stand on the page."""

    FOLLOW_UP = "follow_up"
    GREET = "greet"
    ASK_AFTER_ARRIVAL = "ask_after_arrival"
    RELATION_ENDS = "relation_ends"
    LOOKED_WITHOUT_BUYING = "looked_without_buying"
    RESTOCK = "restock"
    LONG_AWAY = "long_away"


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """Whole days: until the relation ends, since it began, since the last order and the last visit (none: never)."""

    days_left: int
    days_since_bound: int
    days_since_order: int | None = None
    days_since_visit: int | None = None
    is_reminder_due: bool = False


def advice(facts: CustomerFacts) -> Advice | None:
    """Return the first that applies: what one wanted oneself, then what cannot wait, then what may be welcome."""
    ordered, visited = facts.days_since_order, facts.days_since_visit
    if facts.is_reminder_due:
        return Advice.FOLLOW_UP
    if ordered is None and facts.days_since_bound <= 3:
        return Advice.GREET
    if ordered is not None and 3 <= ordered <= 10:
        return Advice.ASK_AFTER_ARRIVAL
    if facts.days_left <= 7:
        return Advice.RELATION_ENDS
    if visited is not None and visited <= 3 and (ordered is None or ordered > 14):
        return Advice.LOOKED_WITHOUT_BUYING
    if ordered is not None and 25 <= ordered <= 60:
        return Advice.RESTOCK
    if (ordered is None or ordered > 60) and (visited is None or visited > 30):
        return Advice.LONG_AWAY
    return None
