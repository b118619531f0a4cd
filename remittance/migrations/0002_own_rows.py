"""Row-level security under the supplier's site, on what suppliers are owed."""

from functools import partial

from django.db import migrations

from mall.core.policies import OWN, keep_to_supplier, let_go


def _through(key, holder):
    return f"EXISTS (SELECT 1 FROM {holder} AS holder WHERE holder.id = {key})"


# What hangs on a row that has a policy of its own is as visible as that row.
OF_STATEMENT = _through("statement_id", "remittance_statement")

TABLES = {
    "remittance_supplierterms": f"supplier_id = {OWN}",
    "remittance_supplieraccount": f"supplier_id = {OWN}",
    "remittance_statement": f"supplier_id = {OWN}",
    "remittance_statementline": OF_STATEMENT,
    "remittance_statementdispute": _through("line_id", "remittance_statementline"),
    "remittance_statementinvoice": OF_STATEMENT,
}


class Migration(migrations.Migration):
    dependencies = [("remittance", "0001_tables")]

    operations = [migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES))]
