"""What is in the database, so that a test can prove that a refusal changed nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

APPS = (
    *(
        "members",
        "ledger",
        "payouts",
        "suppliers",
        "orders",
        "integration",
        "remittance",
        "onboarding",
        "linkage",
        "agents",
        "service",
        "storefront",
    ),
    *("reconciliation", "risk", "insights", "sandbox", "sandbox_payments"),
)


def snapshot(*, without: tuple[str, ...] = ()) -> dict[str, str]:
    """Return count and digest of every table of the mall, but for the tables named in `without`."""
    tables = sorted(
        model._meta.db_table
        for label in APPS
        for model in apps.get_app_config(label).get_models()
        if model._meta.db_table not in without
    )
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT count(*) || ' ' || coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') "
                f"FROM {connection.ops.quote_name(table)} AS row"
            )
            found[table] = cursor.fetchone()[0]
    return found


@contextmanager
def nothing_changes(*, without: tuple[str, ...] = ()) -> Iterator[None]:
    """Assert that the block leaves every table as it was."""
    before = snapshot(without=without)
    yield
    after = snapshot(without=without)
    changed = sorted(table for table in before if before[table] != after[table])
    assert not changed, f"changed: {', '.join(changed)}"
