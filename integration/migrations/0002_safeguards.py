"""Row-level security under the supplier's requests, and a trail that is only added to."""

from functools import partial

from django.db import migrations

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights
from mall.core.tables import withhold

OF_SUPPLIER = f"supplier_id = {OWN}"
TABLES = {
    "integration_apikey": OF_SUPPLIER,
    "integration_apianswer": OF_SUPPLIER,
    "integration_apiact": OF_SUPPLIER,
    "integration_webhook": OF_SUPPLIER,
    "integration_delivery": "EXISTS (SELECT 1 FROM integration_webhook AS holder WHERE holder.id = webhook_id)",
    "integration_deliveryattempt": "EXISTS (SELECT 1 FROM integration_delivery AS holder WHERE holder.id = delivery_id)",
}

GUARD = """
CREATE FUNCTION integration_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'integration: % of % is refused, rows are only added', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER integration_apiact_append_only BEFORE UPDATE OR DELETE ON integration_apiact
    FOR EACH STATEMENT EXECUTE FUNCTION integration_refuse_change();
"""
NO_GUARD = """
DROP TRIGGER integration_apiact_append_only ON integration_apiact;
DROP FUNCTION integration_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("integration", "0001_tables")]

    operations = [
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunSQL(GUARD, NO_GUARD),
        withhold("UPDATE, DELETE, TRUNCATE", "integration_apiact"),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
