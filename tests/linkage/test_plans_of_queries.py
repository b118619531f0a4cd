"""Nothing that a settlement asks for reads a large table from end to end: the plans of its statements."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.db import connection

from bench.population import MEASURED_AT, Mall, chains_of_consumers, found, populate, put_orders, random_tree
from linkage.settlement import settle_shard
from mall.core.statements import FEW

pytestmark = pytest.mark.django_db

MEMBERS = 12_000
LARGE_ROWS = 5_000


def _scans(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _scans(below)


@pytest.mark.parametrize("shape", [random_tree, chains_of_consumers])
@pytest.mark.parametrize("plan", [{"unranked_referrer": "roll_up"}, {"on_promotion": "follow", "peer_rate_bps": 500}])
def test_no_statement_of_a_batch_reads_a_large_table_from_end_to_end(shape: Any, plan: dict[str, Any]) -> None:

    mall = Mall("test")
    found(mall, plan={**plan, "see_point_fen": 12_000})
    populate(mall, shape(MEMBERS, Random(1)))
    chance = Random(2)
    joined = populate(mall, [(chance.randrange(61, MEMBERS), False) for _ in range(400)], at=MEASURED_AT)
    put_orders(mall, [(member, 1) for member in [*joined, *chance.sample(mall.members, 100)]], at=MEASURED_AT)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL random_page_cost = 1.1")
        cursor.execute("ANALYZE")
        # The planner takes every table for fifty times as large: 600,000 members.
        cursor.execute(
            "SELECT relname, pg_restore_relation_stats('schemaname', 'public', 'relname', relname::text,"
            " 'relpages', relpages, 'reltuples', (reltuples * 50)::real)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples >= %s",
            [LARGE_ROWS],
        )
        large = {table for table, _ in cursor.fetchall()}
    assert {"members_member", "linkage_position", "linkage_event"} <= large

    scanned: list[tuple[str, str]] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH", "UPDATE", "INSERT", "EXECUTE")):
            with connection.connection.cursor() as plain:
                plain.execute("EXPLAIN (FORMAT JSON) " + sql, params)
                (tree,) = plain.fetchone()[0]
            scanned.extend((table, sql) for table in _scans(tree["Plan"]) if table in large)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        # Few events go by plans that the session keeps, many by plans made for them.
        assert len(settle_shard(0, 0, FEW)) == FEW
        assert len(settle_shard(0, 0)) == 500 - FEW

    assert scanned == []
