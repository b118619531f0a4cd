"""Sums by day have what became available, too: all of them are made anew by the next task."""

from django.db import migrations

ANEW = """
DELETE FROM agents_earningsum;
DELETE FROM agents_summark;
UPDATE agents_sumcursor SET before_xact_id = 0;
"""


class Migration(migrations.Migration):
    dependencies = [("agents", "0001_tables")]

    operations = [migrations.RunSQL(ANEW, migrations.RunSQL.noop)]
