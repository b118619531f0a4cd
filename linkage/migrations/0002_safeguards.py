"""The guards of plans that are published, used or wait for a second person, of settled events, of finished
simulations and of acknowledgements."""

from django.db import migrations

from mall.core.tables import withhold

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
DROP TRIGGER linkage_event_settled ON linkage_event;
DROP FUNCTION linkage_refuse_settled_event();
DROP TRIGGER linkage_planversion_used ON linkage_planversion;
DROP FUNCTION linkage_refuse_used_plan();
"""


class Migration(migrations.Migration):
    replaces = [("linkage", "0002_guards"), ("linkage", "0008_governing_guards")]
    dependencies = [("linkage", "0001_tables")]

    operations = [
        migrations.RunSQL(GUARDS, UNGUARD),
        # The application deletes neither plans, events, rewards nor simulations, and changes no acknowledgement.
        withhold(
            "DELETE, TRUNCATE, TRIGGER",
            *("linkage_planversion", "linkage_event", "linkage_reward", "linkage_settledorder"),
            *("linkage_position", "linkage_shard", "linkage_stream", "linkage_simulationrun"),
        ),
        withhold("UPDATE, DELETE, TRUNCATE, TRIGGER", "linkage_acknowledgement"),
    ]
