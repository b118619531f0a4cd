"""What keeps the trail of operators' acts: it is appended to, and never changed."""

from django.conf import settings
from django.db import migrations

GUARD = """
CREATE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'core: % of % is refused, the trail is only appended to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER core_operatoract_append_only BEFORE UPDATE OR DELETE ON core_operatoract
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""

UNGUARD = """
DROP TRIGGER core_operatoract_append_only ON core_operatoract;
DROP FUNCTION core_refuse_change();
"""


def revoke(apps, schema_editor):
    """The application's role reads and appends, nothing else."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None:
            return
        role = schema_editor.connection.ops.quote_name(settings.DATABASE_APP_ROLE)
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON core_operatoract FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_operator_acts")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(revoke, migrations.RunPython.noop),
    ]
