"""What was measured: one row of the table and of `bench/results.json`."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.table import Table

RESULTS_FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Result:
    """`ratio` is `ours` to `reference`, what it is held against; without one the figure is only reported.

    `at_least` and `at_most` say what the ratio must be.
    """

    name: str
    unit: str
    ours: float
    reference: float | None = None
    ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        if self.ratio is None:
            return True
        return (self.at_least is None or self.ratio >= self.at_least) and (
            self.at_most is None or self.ratio <= self.at_most
        )

    @property
    def wanted(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"


def pair(
    name: str,
    unit: str,
    ours: Sequence[float],
    reference: Sequence[float],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Result:
    """Hold the median of our runs against the median of the reference's, which were made in turns."""
    ratio = median(ours) / median(reference)
    return Result(name, unit, median(ours), median(reference), ratio, at_least=at_least, at_most=at_most)


def floor(name: str, unit: str, ours: Sequence[float], least: float) -> Result:
    """Hold the median of our runs against the least that is asked for."""
    return Result(name, unit, median(ours), least, median(ours) / least, at_least=1)


def ceiling(name: str, unit: str, ours: Sequence[float], most: float) -> Result:
    """Hold the median of our runs against the most that is allowed."""
    return Result(name, unit, median(ours), most, median(ours) / most, at_most=1)


def table(results: Sequence[Result]) -> Table:
    """Return the results as a table for the terminal."""
    drawn = Table(title="make bench")
    for column in ("measure", "unit"):
        drawn.add_column(column)
    for column in ("ours", "reference", "ratio", "wanted"):
        drawn.add_column(column, justify="right")
    for result in results:
        style = "" if result.holds else "bold red"
        drawn.add_row(
            result.name,
            result.unit,
            _figure(result.ours),
            _figure(result.reference),
            "" if result.ratio is None else f"{result.ratio:.2f}",
            result.wanted,
            style=style,
        )
    return drawn


def write(results: Sequence[Result], path: Path = RESULTS_FILE) -> None:
    """Write the results, in place of the earlier ones of the same names."""
    known = {row["name"]: row for row in json.loads(path.read_text())} if path.exists() else {}
    for result in results:
        known[result.name] = {
            "name": result.name,
            "unit": result.unit,
            "ours": _rounded(result.ours),
            "reference": _rounded(result.reference),
            "ratio": _rounded(result.ratio),
        }
    path.write_text(json.dumps(list(known.values()), ensure_ascii=False, indent=1) + "\n")


def _rounded(figure: float | None) -> float | None:
    """Return the figure with four significant digits."""
    return figure if not figure else round(figure, 3 - math.floor(math.log10(abs(figure))))


def _figure(figure: float | None) -> str:
    if figure is None:
        return ""
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.3g}"
