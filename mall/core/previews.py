"""What refunding an order would do above the floor of orders, for the page that asks before it does.

`settings.REFUND_EFFECTS` names the query of the app that knows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Effect:
    """What would be taken back from one member, or from the support fund (no member), in fen; `debt_fen` is what the
    member would owe, `debt_before_fen` what it owes already."""

    member_id: int | None
    name: str
    why: str
    held_fen: int = 0
    pending_fen: int = 0
    available_fen: int = 0
    debt_fen: int = 0
    debt_before_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.held_fen + self.pending_fen + self.available_fen + self.debt_fen


def refund_effects(order_id: int, kept_fen: Mapping[int, int] | None = None) -> list[Effect]:
    """Return what would be taken back if an order were refunded now; nothing if nobody answers.

    `kept_fen` says for some lines, by their id, what of their price would stay paid; without it all that is left of the
    order goes back.
    """
    path = settings.REFUND_EFFECTS
    if not path:
        return []
    query: Callable[..., list[Effect]] = import_string(path)
    return query(order_id=order_id, kept_fen=kept_fen)


@dataclass(frozen=True, slots=True)
class Sums:
    """What effects come to together, in fen."""

    held_fen: int
    pending_fen: int
    available_fen: int
    debt_fen: int

    @property
    def total_fen(self) -> int:
        return self.held_fen + self.pending_fen + self.available_fen + self.debt_fen


def sums_of(effects: list[Effect]) -> Sums:
    """Return what effects come to together."""
    return Sums(
        held_fen=sum(one.held_fen for one in effects),
        pending_fen=sum(one.pending_fen for one in effects),
        available_fen=sum(one.available_fen for one in effects),
        debt_fen=sum(one.debt_fen for one in effects),
    )
