"""Row-level security under the supplier's site, on everything of suppliers up to this floor."""

from functools import partial

from django.db import migrations

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights


def _through(key, holder, more=f"holder.supplier_id = {OWN}"):
    return f"EXISTS (SELECT 1 FROM {holder} AS holder WHERE holder.id = {key} AND {more})"


OF_PURCHASE = "EXISTS (SELECT 1 FROM orders_order AS holder WHERE holder.purchase_id = {} AND holder.supplier_id = {})"
OF_SUPPLIER = f"supplier_id = {OWN}"
OF_PRODUCT = _through("product_id", "suppliers_product")
OF_ORDER = _through("order_id", "orders_order")
# What hangs on a row that has a policy of its own is as visible as that row.
OF_SKU = _through("sku_id", "suppliers_sku", "true")
OF_PARCEL = _through("parcel_id", "orders_parcel", "true")
OF_CASE = _through("after_sale_id", "orders_aftersale", "true")

TABLES = {
    "suppliers_supplier": f"id = {OWN}",
    "suppliers_supplieruser": OF_SUPPLIER,
    "suppliers_seatoffer": OF_SUPPLIER,
    "suppliers_product": OF_SUPPLIER,
    "suppliers_sku": OF_PRODUCT,
    "suppliers_productmedia": OF_PRODUCT,
    "suppliers_qualification": OF_SUPPLIER,
    "suppliers_freighttemplate": OF_SUPPLIER,
    "suppliers_freightrule": _through("template_id", "suppliers_freighttemplate"),
    "suppliers_stockmovement": OF_SKU,
    "suppliers_sheet": OF_SUPPLIER,
    "suppliers_searchdocument": OF_PRODUCT,
    "orders_purchase": OF_PURCHASE.format("orders_purchase.id", OWN),
    "orders_payment": OF_PURCHASE.format("orders_payment.purchase_id", OWN),
    "orders_order": OF_SUPPLIER,
    "orders_orderline": OF_ORDER,
    "orders_refund": OF_ORDER,
    "orders_parcel": OF_ORDER,
    "orders_parcelline": OF_PARCEL,
    "orders_trackevent": OF_PARCEL,
    "orders_reminder": OF_ORDER,
    "orders_recipientreveal": OF_ORDER,
    "orders_invoice": OF_ORDER,
    "orders_aftersale": OF_ORDER,
    "orders_casestep": OF_CASE,
    "orders_casephoto": OF_CASE,
    "orders_returnaddress": OF_SUPPLIER,
    "orders_review": OF_PRODUCT,
    "orders_reviewphoto": _through("review_id", "orders_review", "true"),
    "service_ticket": f"asked_id = {OWN}",
    "service_ticketpost": _through("ticket_id", "service_ticket", "true"),
    "service_ticketphoto": _through("post_id", "service_ticketpost", "true"),
    # Of the books only what the mall owes this supplier: account = holder * 32 + kind.
    "ledger_account": f"id = {OWN} * 32 + 23",
    "ledger_posting": f"account_id = {OWN} * 32 + 23",
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_safeguards"),
        ("members", "0003_staff"),
        ("ledger", "0003_desk"),
        ("payouts", "0002_safeguards"),
        ("suppliers", "0002_desk"),
        ("orders", "0002_desk"),
        ("linkage", "0002_safeguards"),
        ("agents", "0001_tables"),
        ("service", "0001_tables"),
    ]

    operations = [
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
    ]
