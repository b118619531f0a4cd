"""What all tests share. Servers come from `python -m mall.services`, which the Makefile wraps around pytest."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations


def pytest_configure(config: pytest.Config) -> None:
    if "DATABASE_URL" not in os.environ:
        raise pytest.UsageError("no servers: run `make test`, or `python -m mall.services --fast -- pytest …`")


def _sql_flush(self: Any, style: Any, tables: Any, **options: bool) -> list[str]:
    """Empty the tables that hold something, row by row. Truncating makes new files for each of two hundred tables and
    all of their indexes: most of a second, after every test that commits. Types and permissions stay as `migrate` made
    them: making them anew takes a third of a second more."""
    tables = [table for table in tables if table not in MADE_BY_MIGRATE]
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        if options.get("reset_sequences") or not tables or not cursor.fetchone()[0]:
            return TRUNCATE(self, style, tables, **options)
        names = {table: self.quote_name(table) for table in tables}
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {names[table]})" for table in names)
        )
        filled = [names[table] for (table,) in cursor.fetchall()]
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in filled)]


MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}
TRUNCATE = DatabaseOperations.sql_flush
DatabaseOperations.sql_flush = _sql_flush
flush.emit_post_migrate_signal = lambda *args, **options: None


@pytest.fixture
def app_db(transactional_db: None) -> Iterator["psycopg2.extensions.connection"]:
    """A connection to the test database as the application's role, which owns nothing; it sees committed rows only."""
    address = urlsplit(os.environ["DATABASE_URL"])
    application = psycopg2.connect(
        host=address.hostname,
        port=address.port,
        user=address.username,
        password=address.password,
        dbname=connection.settings_dict["NAME"],
    )
    try:
        yield application
    finally:
        application.close()


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Limits and cached fragments of one test never reach the next."""
    yield
    cache.clear()
