"""Everything that was written before there was a search is found by it."""

from django.db import migrations

from suppliers.commands.search import rebuild_search


def write_documents(apps, schema_editor):
    rebuild_search(products=apps.get_model("suppliers", "Product").objects.all())


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0002_catalogue_freight_interest_search")]

    operations = [migrations.RunPython(write_documents, migrations.RunPython.noop)]
