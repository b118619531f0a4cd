"""A closed day is locked: neither its figures nor its items change; steps are never changed."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION reconciliation_refuse_closed_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM reconciliation_day day
        WHERE day.id IN (OLD.day_id, NEW.day_id) AND day.state IN ('closed', 'reopening')
    ) THEN
        RAISE EXCEPTION 'reconciliation: % of an item of a closed day is refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER reconciliation_item_locked BEFORE INSERT OR UPDATE OR DELETE ON reconciliation_item
    FOR EACH ROW EXECUTE FUNCTION reconciliation_refuse_closed_item();

CREATE FUNCTION reconciliation_refuse_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.figures IS DISTINCT FROM OLD.figures OR NEW.date <> OLD.date
        OR NEW.checked_at IS DISTINCT FROM OLD.checked_at
    THEN
        RAISE EXCEPTION 'reconciliation: the figures of %, a closed day, are locked', OLD.date
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER reconciliation_day_locked BEFORE UPDATE OR DELETE ON reconciliation_day
    FOR EACH ROW WHEN (OLD.state IN ('closed', 'reopening')) EXECUTE FUNCTION reconciliation_refuse_closed_day();

CREATE FUNCTION reconciliation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reconciliation: % of % is refused, it is kept as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER reconciliation_daystep_kept BEFORE UPDATE OR DELETE ON reconciliation_daystep
    FOR EACH ROW EXECUTE FUNCTION reconciliation_refuse_change();
"""

UNGUARD = """
DROP TRIGGER reconciliation_daystep_kept ON reconciliation_daystep;
DROP FUNCTION reconciliation_refuse_change();
DROP TRIGGER reconciliation_day_locked ON reconciliation_day;
DROP FUNCTION reconciliation_refuse_closed_day();
DROP TRIGGER reconciliation_item_locked ON reconciliation_item;
DROP FUNCTION reconciliation_refuse_closed_item();
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0001_tables")]

    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
