"""What all tests share. Servers come from `python -m mall.services`, which the Makefile wraps around pytest."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.cache import cache
from django.db import connection


def pytest_configure(config: pytest.Config) -> None:
    if "DATABASE_URL" not in os.environ:
        raise pytest.UsageError("no servers: run `make test`, or `python -m mall.services --fast -- pytest …`")


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
