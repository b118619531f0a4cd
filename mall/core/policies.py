"""How a migration keeps the rows of a table to their supplier (`mall.core.own_supplier`).

    operations = [migrations.RunPython(partial(keep_to_supplier, TABLES), migrations.RunPython.noop)]

`TABLES` names for each table the condition on a row, in SQL, with `OWN` for the supplier of the request. Two policies
are made: everybody sees every row, and the supplier's role, besides, only what meets the condition. For all other roles
nothing is left of it when a statement is planned.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

# A constant of the statement, looked up once; nothing without a supplier.
OWN = "(SELECT nullif(current_setting('mall.supplier_id', true), '')::bigint)"
_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def keep_to_supplier(tables: Mapping[str, str], _apps: Any, schema_editor: Any) -> None:
    """Put the policies on the tables. The supplier's role must be there: without it nothing would be kept apart."""
    quote = schema_editor.connection.ops.quote_name
    role = quote(settings.DATABASE_SUPPLIER_ROLE)
    with schema_editor.connection.cursor() as cursor:
        if not _exists(cursor, settings.DATABASE_SUPPLIER_ROLE):
            raise RuntimeError(f"the role {role} is missing: see docs/operations.md, The supplier's role")
        for table, condition in tables.items():
            name = quote(table)
            cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"CREATE POLICY everybody ON {name} USING (true)")
            cursor.execute(f"CREATE POLICY own_supplier ON {name} AS RESTRICTIVE TO {role} USING ({condition})")


def let_go(tables: Mapping[str, str], _apps: Any, schema_editor: Any) -> None:
    """Take the policies off the tables."""
    quote = schema_editor.connection.ops.quote_name
    with schema_editor.connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP POLICY own_supplier ON {quote(table)}")
            cursor.execute(f"DROP POLICY everybody ON {quote(table)}")
            cursor.execute(f"ALTER TABLE {quote(table)} DISABLE ROW LEVEL SECURITY")


def mirror_rights(_apps: Any, schema_editor: Any) -> None:
    """Let the supplier's role do to each table exactly what the application's role may."""
    quote = schema_editor.connection.ops.quote_name
    role = quote(settings.DATABASE_SUPPLIER_ROLE)
    with schema_editor.connection.cursor() as cursor:
        if not (_exists(cursor, settings.DATABASE_APP_ROLE) and _exists(cursor, settings.DATABASE_SUPPLIER_ROLE)):
            return
        for right in _RIGHTS:
            cursor.execute(
                """
                SELECT relname, has_table_privilege(%s, oid, %s) FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relowner = current_user::regrole
                """,
                [settings.DATABASE_APP_ROLE, right],
            )
            for table, may in cursor.fetchall():
                words = f"GRANT {right} ON {quote(table)} TO" if may else f"REVOKE {right} ON {quote(table)} FROM"
                cursor.execute(f"{words} {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


def _exists(cursor: Any, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    return cursor.fetchone() is not None
