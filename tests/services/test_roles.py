"""The application's role reads and writes rows; everything else belongs to the owner."""

import psycopg2
import pytest
from django.db import connection

REFUSED = psycopg2.errors.InsufficientPrivilege


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE ledger_posting",
        "TRUNCATE members_member CASCADE",
        "ALTER TABLE ledger_posting DISABLE TRIGGER ALL",
        "ALTER TABLE ledger_posting DISABLE TRIGGER USER",
        "DROP TABLE ledger_posting",
        "CREATE TABLE loot (id int)",
        "CREATE INDEX loot ON ledger_posting (amount_fen)",
        "SET session_replication_role = replica",
        "CREATE ROLE thief SUPERUSER",
        "COPY members_member TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "UPDATE ledger_posting SET amount_fen = amount_fen + 1",
        "DELETE FROM ledger_journalentry",
        "SET ROLE mall_owner",
    ],
)
def test_the_application_is_refused(app_db, statement):
    with app_db.cursor() as cursor, pytest.raises(REFUSED):
        cursor.execute(statement)


def test_the_application_reads_and_writes_rows(app_db):
    with app_db.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_member")
        cursor.execute("INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('k', 'd', now())")
        cursor.execute("UPDATE django_session SET session_data = 'e' WHERE session_key = 'k'")
        cursor.execute("DELETE FROM django_session WHERE session_key = 'k'")
        assert cursor.rowcount == 1


def test_the_application_owns_nothing(app_db):
    with app_db.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)


@pytest.mark.django_db
def test_the_servers_are_what_the_mall_was_built_for():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('data_checksums')")
        version, checksums = cursor.fetchone()
        assert version >= 180000
        assert checksums == "on"
        cursor.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == ("b", "C.UTF-8")
        cursor.execute("SELECT current_setting('random_page_cost')")
        assert cursor.fetchone() == ("1.1",)
