"""The guards of used plan versions and of settled events."""

from django.conf import settings
from django.db import migrations

GUARDS = """
-- A version that an event came in under is never edited.
CREATE FUNCTION linkage_refuse_used_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'DELETE' OR NEW.params IS DISTINCT FROM OLD.params OR NEW.version <> OLD.version
            OR (OLD.published_at IS NOT NULL AND NEW.starts_at IS DISTINCT FROM OLD.starts_at))
        AND EXISTS (SELECT 1 FROM linkage_event WHERE plan_version = OLD.version)
    THEN
        RAISE EXCEPTION 'linkage: plan version % was used and is never edited', OLD.version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER linkage_planversion_used BEFORE UPDATE OR DELETE ON linkage_planversion
    FOR EACH ROW EXECUTE FUNCTION linkage_refuse_used_plan();

-- What is settled stays as it was settled: a numbered event is neither changed nor deleted.
CREATE FUNCTION linkage_refuse_settled_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'linkage: event % is settled and is never changed', OLD.number
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER linkage_event_settled BEFORE UPDATE OR DELETE ON linkage_event
    FOR EACH ROW WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION linkage_refuse_settled_event();
"""

UNGUARD = """
DROP TRIGGER linkage_event_settled ON linkage_event;
DROP FUNCTION linkage_refuse_settled_event();
DROP TRIGGER linkage_planversion_used ON linkage_planversion;
DROP FUNCTION linkage_refuse_used_plan();
"""


def revoke(apps, schema_editor):
    """The application's role deletes neither plans, events nor rewards."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None:
            return
        role = schema_editor.connection.ops.quote_name(settings.DATABASE_APP_ROLE)
        cursor.execute(
            "REVOKE DELETE, TRUNCATE, TRIGGER ON linkage_planversion, linkage_event, linkage_reward,"
            " linkage_settledorder,"
            f" linkage_position, linkage_shard, linkage_stream FROM {role}"
        )


class Migration(migrations.Migration):
    dependencies = [("linkage", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARDS, UNGUARD),
        migrations.RunPython(revoke, migrations.RunPython.noop),
    ]
