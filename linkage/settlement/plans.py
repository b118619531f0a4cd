"""Plans by version, parsed once."""

import json
from collections.abc import Iterable

from django.db import connection

from linkage.rules.plan import Plan, parse_plan
from mall.core import arrays

# By the row that they were read from, too: a used version never changes, but a draft may.
_parsed: dict[tuple[int, str | None], Plan] = {}


def parsed_plans(rows: Iterable[tuple[int, str | None]]) -> dict[int, Plan]:
    """Return those plans, by version and row, that were parsed before."""
    return {row[0]: _parsed[row] for row in rows if row in _parsed}


def plans_by_version(versions: Iterable[int]) -> dict[int, Plan]:
    """Return the plans of these versions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version, xmin::text, params FROM linkage_planversion"
            " WHERE version = ANY (%s::int[]) AND params IS NOT NULL",
            [arrays.numbers(sorted(versions))],
        )
        rows = cursor.fetchall()
    plans: dict[int, Plan] = {}
    for version, row, params in rows:
        plan = _parsed.get((version, row))
        if plan is None:
            plan = _parsed[version, row] = parse_plan(params if isinstance(params, dict) else json.loads(params))[0]
        plans[version] = plan
    return plans
