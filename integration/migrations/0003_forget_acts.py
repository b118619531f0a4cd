"""Acts of keys are forgotten after three years, by one function alone: nobody has the right to delete one."""

from typing import Any

from django.conf import settings
from django.db import migrations

FORGETTING = """
CREATE FUNCTION integration_refuse_early_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > now() - interval '3 years' THEN
        RAISE EXCEPTION 'integration: % of % is refused before three years are over', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER integration_apiact_append_only ON integration_apiact;
CREATE TRIGGER integration_apiact_append_only BEFORE UPDATE ON integration_apiact
    FOR EACH STATEMENT EXECUTE FUNCTION integration_refuse_change();
CREATE TRIGGER integration_apiact_kept BEFORE DELETE ON integration_apiact
    FOR EACH ROW EXECUTE FUNCTION integration_refuse_early_delete();

-- Runs as the owner of the table. It looks at the oldest rows alone, so that it needs no index by time.
CREATE FUNCTION integration_forget_acts(before timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    forgotten bigint;
BEGIN
    DELETE FROM integration_apiact
    WHERE id IN (SELECT id FROM integration_apiact ORDER BY id LIMIT 10000)
        AND at < least(before, now() - interval '3 years');
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;
REVOKE ALL ON FUNCTION integration_forget_acts(timestamptz) FROM PUBLIC;
"""
KEEPING = """
DROP FUNCTION integration_forget_acts(timestamptz);
DROP TRIGGER integration_apiact_kept ON integration_apiact;
DROP TRIGGER integration_apiact_append_only ON integration_apiact;
DROP FUNCTION integration_refuse_early_delete();
CREATE TRIGGER integration_apiact_append_only BEFORE UPDATE OR DELETE ON integration_apiact
    FOR EACH STATEMENT EXECUTE FUNCTION integration_refuse_change();
"""


def let_the_mall_forget(_apps: Any, schema_editor: Any) -> None:
    """Give the application's role the function; the role of suppliers' requests has none of it."""
    quote = schema_editor.connection.ops.quote_name
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        for (name,) in cursor.fetchall():
            cursor.execute(f"GRANT EXECUTE ON FUNCTION integration_forget_acts(timestamptz) TO {quote(name)}")


class Migration(migrations.Migration):
    dependencies = [("integration", "0002_safeguards")]

    operations = [
        migrations.RunSQL(FORGETTING, KEEPING),
        migrations.RunPython(let_the_mall_forget, migrations.RunPython.noop),
    ]
