"""Drawings of figures by day, as numbers for inline SVG. What they show stands beside them in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from insights.models import DayFigures
from insights.rules import IN_TIME
from mall.core.money import yuan

from .words import rate

SPARK_WIDTH, SPARK_HEIGHT = 100, 30
LEFT, WIDTH, TOP, HEIGHT = 56, 620, 14, 170
BAR_PART = 0.68
STEPS = 4
EVERY = 5


@dataclass(frozen=True, slots=True)
class Spark:
    """A line of a figure by day in a box of 100 by 30; without two points there is none."""

    line: str
    area: str
    end: tuple[int, int]


def spark(values: Sequence[int | None]) -> Spark | None:
    """Return the line through the values that are known."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _, value in known), max(value for _, value in known)
    span, last = (high - low) or 1, len(values) - 1
    points = [
        (place * SPARK_WIDTH // last, SPARK_HEIGHT - 3 - (value - low) * (SPARK_HEIGHT - 6) // span)
        for place, value in known
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    area = f"{points[0][0]},{SPARK_HEIGHT} {line} {points[-1][0]},{SPARK_HEIGHT}"
    return Spark(line, area, points[-1])


def ceiling(value: int, step: int = 1) -> int:
    """Return a round number of at least `value` that divides by the steps of an axis: 1, 2, 2.5, 4, 5 or 8 times a
    power of ten."""
    size = step
    while True:
        for tens in (10, 20, 25, 40, 50, 80):
            if tens * size >= value * 10 and (tens * size) % 10 == 0:
                found = tens * size // 10
                return found if found % STEPS == 0 else found + STEPS - found % STEPS
        size *= 10


def sales_chart(rows: Sequence[DayFigures]) -> dict[str, Any]:
    """Return bars of what was sold by day, goods below and gift packs on top, and the line of orders."""
    top_fen = ceiling(max((row.gmv_fen for row in rows), default=0) or 1, 400)
    top_orders = ceiling(max((row.orders for row in rows), default=0) or 1, 4)
    step = WIDTH / max(1, len(rows))
    bars, line = [], []
    for place, row in enumerate(rows):
        packs = _part(row.pack_fen, top_fen)
        goods = _part(row.gmv_fen, top_fen) - packs
        middle = round(LEFT + (place + 0.5) * step, 1)
        line.append(f"{middle},{TOP + HEIGHT - _part(row.orders, top_orders)}")
        bars.append(
            {
                "row": row,
                "x": round(LEFT + place * step + step * (1 - BAR_PART) / 2, 1),
                "width": round(step * BAR_PART, 1),
                "middle": middle,
                "goods_y": TOP + HEIGHT - goods,
                "goods": goods,
                "packs_y": TOP + HEIGHT - goods - packs,
                "packs": packs,
                "is_named": place % EVERY == 0 or place == len(rows) - 1,
                "words": f"{row.date:%m-%d} {yuan(row.gmv_fen)}",
            }
        )
    axis = [
        {
            "y": TOP + HEIGHT - HEIGHT * part // STEPS,
            "yuan": _short_yuan(top_fen * part // STEPS),
            "orders": f"{top_orders * part // STEPS:,}",
        }
        for part in range(STEPS + 1)
    ]
    return {"bars": bars, "line": " ".join(line), "axis": axis, "right": LEFT + WIDTH, "bottom": TOP + HEIGHT}


def rate_chart(days: Sequence[date], values: Sequence[int | None], limit_bps: int | None) -> dict[str, Any] | None:
    """Return the line of a rate by day, with the band beyond its limit; none without two days."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    top = ceiling(max([*(value for _, value in known), limit_bps or 0]) * 6 // 5 or 400, 400)
    last = len(values) - 1
    points = [(LEFT + place * WIDTH // last, TOP + HEIGHT - _part(value, top)) for place, value in known]
    line = " ".join(f"{x},{y}" for x, y in points)
    return {
        "line": line,
        "area": f"{points[0][0]},{TOP + HEIGHT} {line} {points[-1][0]},{TOP + HEIGHT}",
        "end": points[-1],
        "end_words": rate(known[-1][1]),
        "limit_y": None if limit_bps is None else TOP + HEIGHT - _part(limit_bps, top),
        "limit_words": "" if limit_bps is None else rate(limit_bps),
        "band": 0 if limit_bps is None else HEIGHT - _part(limit_bps, top),
        "axis": [
            {"y": TOP + HEIGHT - HEIGHT * part // STEPS, "words": rate(top * part // STEPS)}
            for part in range(STEPS + 1)
        ],
        "days": [
            {"x": LEFT + place * WIDTH // last, "words": f"{day:%m-%d}"}
            for place, day in enumerate(days)
            if place % 10 == 0 or place == last
        ],
        "right": LEFT + WIDTH,
    }


def strip(rows: Sequence[DayFigures], *, good_bps: int, fair_bps: int) -> list[dict[str, Any]]:
    """Return a cell for each day: good, fair or bad by how much of what left was in time, or none where nothing did."""
    cells = []
    for row in rows:
        share = row.in_time * 10_000 // row.shipped if row.shipped else None
        if share is None:
            tone = "none"
        else:
            tone = "good" if share >= good_bps else "warn" if share >= fair_bps else "bad"
        cells.append({"row": row, "tone": tone, "share": "—" if share is None else rate(share), "kind": IN_TIME})
    return cells


def _part(value: int, top: int) -> int:
    return max(0, value) * HEIGHT // top


def _short_yuan(fen: int) -> str:
    """Return an amount on an axis: `5 万`, `2.5 万`, `800`; in English `50k`."""
    whole = fen // 100
    if whole < 10_000:
        return f"{whole:,}"
    if (get_language() or "").startswith("en"):
        return f"{whole // 1_000:,}k"
    tenths = whole // 1_000
    return f"{tenths // 10:,}{f'.{tenths % 10}' if tenths % 10 else ''} 万"
