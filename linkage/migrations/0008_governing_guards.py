"""The guards of plans that are published or wait for a second person, of finished simulations, of acknowledgements."""

from django.conf import settings
from django.db import migrations

GUARDS = """
-- What was published is never edited; what waits for a second person stays as it was handed in.
CREATE FUNCTION linkage_refuse_fixed_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND (NEW.params IS DISTINCT FROM OLD.params OR NEW.version <> OLD.version
        OR NEW.starts_at IS DISTINCT FROM OLD.starts_at OR NEW.published_at IS DISTINCT FROM OLD.published_at
        OR NEW.published_by_id IS DISTINCT FROM OLD.published_by_id
        OR NEW.created_by_id IS DISTINCT FROM OLD.created_by_id
        OR NEW.submitted_at IS DISTINCT FROM OLD.submitted_at
        OR NEW.simulation_id IS DISTINCT FROM OLD.simulation_id
        OR NEW.acknowledgement_id IS DISTINCT FROM OLD.acknowledgement_id)
    THEN
        RAISE EXCEPTION 'linkage: plan version % is published and is never edited', OLD.version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS NOT NULL AND (NEW.params IS DISTINCT FROM OLD.params
        OR NEW.created_by_id IS DISTINCT FROM OLD.created_by_id
        OR NEW.simulation_id IS DISTINCT FROM OLD.simulation_id
        OR NEW.acknowledgement_id IS DISTINCT FROM OLD.acknowledgement_id)
    THEN
        RAISE EXCEPTION 'linkage: plan version % waits for a second person and stays as it is', OLD.version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER linkage_planversion_fixed BEFORE UPDATE ON linkage_planversion
    FOR EACH ROW EXECUTE FUNCTION linkage_refuse_fixed_plan();

CREATE FUNCTION linkage_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'linkage: % of % is refused, it is kept as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER linkage_acknowledgement_kept BEFORE UPDATE OR DELETE ON linkage_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION linkage_refuse_change();
CREATE TRIGGER linkage_simulationrun_kept BEFORE UPDATE OR DELETE ON linkage_simulationrun
    FOR EACH ROW WHEN (OLD.state = 'done') EXECUTE FUNCTION linkage_refuse_change();
"""

UNGUARD = """
DROP TRIGGER linkage_simulationrun_kept ON linkage_simulationrun;
DROP TRIGGER linkage_acknowledgement_kept ON linkage_acknowledgement;
DROP FUNCTION linkage_refuse_change();
DROP TRIGGER linkage_planversion_fixed ON linkage_planversion;
DROP FUNCTION linkage_refuse_fixed_plan();
"""


def revoke(apps, schema_editor):
    """The application's role deletes neither simulations nor acknowledgements."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None:
            return
        role = schema_editor.connection.ops.quote_name(settings.DATABASE_APP_ROLE)
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON linkage_acknowledgement FROM {role}")
        cursor.execute(f"REVOKE DELETE, TRUNCATE, TRIGGER ON linkage_simulationrun FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("linkage", "0007_governing")]

    operations = [
        migrations.RunSQL(GUARDS, UNGUARD),
        migrations.RunPython(revoke, migrations.RunPython.noop),
    ]
