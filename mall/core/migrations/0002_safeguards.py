"""What keeps the trail of operators' acts: it is appended to, and never changed."""

from django.db import migrations

from mall.core.tables import withhold

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


class Migration(migrations.Migration):
    replaces = [("core", "0003_guard_operator_acts")]
    dependencies = [("core", "0001_tables")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        # The application reads and appends, nothing else.
        withhold("UPDATE, DELETE, TRUNCATE, TRIGGER", "core_operatoract"),
    ]
