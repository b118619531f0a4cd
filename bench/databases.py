"""Databases for the measurements: made by the migrations in the owner's role, used in the application's.

A copy of a database is a copy of its files, so that two ways of doing the same work can begin with the same rows on the
same pages.
"""

import os
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg2
from django.core.management import call_command
from django.db import connection
from psycopg2 import sql

PREFIX = "mall_bench"
EMPTY = f"{PREFIX}_empty"


class NoServers(Exception):
    """The measurements were started without servers."""


def check() -> None:
    """Raise NoServers where nobody says which servers to use."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        if name not in os.environ:
            raise NoServers("There are no servers: run `make bench`, or `python -m mall.services -- python -m bench`.")


def owner_connection(database: str | None = None) -> "psycopg2.extensions.connection":
    """Return a connection of the owner outside any transaction, to its own database or another."""
    owned = _owner()
    opened = psycopg2.connect(
        host=owned["HOST"],
        port=owned["PORT"],
        user=owned["USER"],
        password=owned["PASSWORD"],
        dbname=database or owned["NAME"],
    )
    opened.autocommit = True
    return opened


def use(database: str) -> None:
    """Point Django's connection, of the application's role, to a database."""
    connection.close()
    connection.settings_dict["NAME"] = database


def make_empty() -> None:
    """Make the database that all others are copies of: every migration, no row of people's."""
    drop_all()
    _create(EMPTY, template="template1")
    application = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    owned = _owner()
    connection.settings_dict.update({"USER": owned["USER"], "PASSWORD": owned["PASSWORD"]})
    use(EMPTY)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict.update(application)


def copy(template: str, name: str) -> str:
    """Make `name`, in place of an old one, a copy of the database `template`, and use it."""
    drop(name)
    _create(name, template=template)
    use(name)
    return name


def make_blank(name: str) -> str:
    """Make a database without any table, for what is not ours."""
    drop(name)
    _create(name, template="template1")
    return name


def settle_down(database: str) -> None:
    """Vacuum and analyse, so that no plan and no measurement depends on when the autovacuum comes by."""
    connection.close()
    owner = owner_connection(database)
    with owner.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    owner.close()


def drop(name: str) -> None:
    connection.close()
    _run(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def drop_all() -> None:
    """Drop every database of the measurements, also what an interrupted run has left."""
    connection.close()
    owner = owner_connection()
    with owner.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        names = [name for (name,) in cursor.fetchall()]
    owner.close()
    for name in names:
        drop(name)


def _create(name: str, *, template: str) -> None:
    _run(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def _run(statement: "sql.Composed") -> None:
    owner = owner_connection()
    with owner.cursor() as cursor:
        cursor.execute(statement)
    owner.close()


def _owner() -> dict[str, Any]:
    return environ.Env().db("DATABASE_OWNER_URL")


def server_version() -> str:
    """Return the name and version of the database server."""
    owner = owner_connection()
    version = owner.info.server_version
    owner.close()
    return f"PostgreSQL {version // 10_000}.{version % 10_000}"


def environment(database: str) -> dict[str, str]:
    """Return the environment of a process that works on a database in the application's role."""
    address = urlsplit(os.environ["DATABASE_URL"])
    return os.environ | {
        "DATABASE_URL": urlunsplit(address._replace(path=f"/{database}")),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }
