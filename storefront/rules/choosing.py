"""Which specs of a product can be chosen together."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variant:
    """One SKU by its values on the product's axes. `is_for_sale`: it has a price and there is some of it."""

    sku_id: int
    values: tuple[str, ...]
    is_for_sale: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an axis. `sku_id` is what choosing it leads to; None where it goes with nothing chosen before it."""

    value: str
    sku_id: int | None
    is_chosen: bool
    is_for_sale: bool


@dataclass(frozen=True, slots=True)
class Axis:
    name: str
    choices: tuple[Choice, ...]


def axes(*, names: Sequence[str], variants: Sequence[Variant], chosen: Variant | None) -> list[Axis]:
    """Return the axes of a product with what can be chosen on each, values in the order in which SKUs first have them.

    A value of the first axis can always be chosen; one of a later axis only together with what is chosen before it: so
    everything that exists can be reached. Of several SKUs that a value leads to, one that can be had wins, then the one
    that leaves most of the other axes as they are. SKUs whose values do not fit the names are left out.
    """
    fitting = [variant for variant in variants if len(variant.values) == len(names)]
    return [
        Axis(name=name, choices=tuple(_choice(number, value, fitting, chosen) for value in _values(number, fitting)))
        for number, name in enumerate(names)
    ]


def _values(number: int, variants: Sequence[Variant]) -> list[str]:
    return list(dict.fromkeys(variant.values[number] for variant in variants))


def _choice(number: int, value: str, variants: Sequence[Variant], chosen: Variant | None) -> Choice:
    before = chosen.values[:number] if chosen else ()
    reached = [
        variant for variant in variants if variant.values[number] == value and variant.values[: len(before)] == before
    ]
    best = max(reached, key=lambda variant: (variant.is_for_sale, _shared(variant, chosen)), default=None)
    # What is chosen stays chosen, also where it is sold out and another SKU with this value is not.
    is_chosen = chosen is not None and chosen.values[number : number + 1] == (value,)
    target = chosen if is_chosen and chosen is not None else best
    return Choice(
        value=value,
        sku_id=target.sku_id if target else None,
        is_chosen=is_chosen,
        is_for_sale=any(variant.is_for_sale for variant in reached),
    )


def _shared(variant: Variant, chosen: Variant | None) -> int:
    return sum(one == other for one, other in zip(variant.values, chosen.values, strict=True)) if chosen else 0
