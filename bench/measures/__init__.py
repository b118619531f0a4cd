"""All that is measured, by group and name, in the order in which it is measured."""

from collections.abc import Callable, Iterator

from bench.results import Result
from bench.run import Run

from . import (
    catalogue_import,
    cockpit,
    desk,
    exports,
    goods_sheet,
    growth,
    imports,
    joining,
    latency,
    ledger,
    memory,
    money_pages,
    pages,
    plan_simulation,
    posters,
    proof,
    settlement,
    simulation,
    single,
    statements,
)

Measure = Callable[[Run], Iterator[Result]]

# What is measured together: each within 25 minutes.
GROUPS: dict[str, dict[str, Measure]] = {
    "books": {
        "settlement": settlement.measure,
        "single": single.measure,
        "latency": latency.measure,
        "growth": growth.measure,
        "follow": growth.measure_follow,
        "joining": joining.measure,
        "memory": memory.measure,
        "simulate": simulation.measure,
        "import": imports.measure,
        "ledger": ledger.measure,
        "proof": proof.measure,
    },
    "pages": {
        "pages": pages.measure,
        "posters": posters.measure,
        "desk": desk.measure,
        "statements": statements.measure,
    },
    "desks": {
        "money_pages": money_pages.measure,
        "cockpit": cockpit.measure,
        "exports": exports.measure,
        "goods_sheet": goods_sheet.measure,
        "catalogue_import": catalogue_import.measure,
        "plan_simulation": plan_simulation.measure,
    },
}
MEASURES: dict[str, Measure] = {name: measure for group in GROUPS.values() for name, measure in group.items()}
