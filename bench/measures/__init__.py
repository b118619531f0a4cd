"""All that is measured, by name and in the order in which it is measured."""

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

MEASURES: dict[str, Callable[[Run], Iterator[Result]]] = {
    "settlement": settlement.measure,
    "single": single.measure,
    "latency": latency.measure,
    "growth": growth.measure,
    "follow": growth.measure_follow,
    "joining": joining.measure,
    "memory": memory.measure,
    "simulate": simulation.measure,
    "plan_simulation": plan_simulation.measure,
    "import": imports.measure,
    "ledger": ledger.measure,
    "proof": proof.measure,
    "desk": desk.measure,
    "goods_sheet": goods_sheet.measure,
    "catalogue_import": catalogue_import.measure,
    "statements": statements.measure,
    "exports": exports.measure,
    "pages": pages.measure,
    "posters": posters.measure,
    "money_pages": money_pages.measure,
    "cockpit": cockpit.measure,
}
