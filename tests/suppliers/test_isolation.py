"""No way through `/supplier/` leads to another supplier: by Python's filters, and by PostgreSQL beneath them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import ProgrammingError
from django.urls import reverse

from mall.core.admin import own_rows, sites, supplier_site
from mall.core.own_supplier import as_the_mall, rows_of
from orders.models import Order, OrderLine, Payment
from suppliers.models import Product, Sku, Supplier
from tests.factories import a_sku
from tests.snapshots import nothing_changes, snapshot

from .firms import Firm, addresses, crawl, views

pytestmark = pytest.mark.django_db

# Tables that a supplier's pages read and that belong to nobody: the catalogue's shelves, and people.
SHARED = {"suppliers_category", "suppliers_brand"}
# Lists that people take away as files.
EXPORTED = {
    *("suppliers_product", "suppliers_sku", "suppliers_stockmovement", "suppliers_restock"),
    *("orders_order", "orders_aftersale", "remittance_statement", "agents_samplerequest"),
    "orders_enterpriserequest",
}


@pytest.fixture
def theirs() -> Firm:
    return Firm("乙家")


@pytest.fixture
def mine() -> Firm:
    return Firm("甲家", whole=False)


@contextmanager
def nobody(_supplier_id: int) -> Iterator[None]:
    """The transaction of a supplier's request, without what PostgreSQL adds."""
    yield


def unfiltered(self: Any, request: Any) -> Any:
    return super(own_rows.OwnRows, self).get_queryset(request)


def test_nothing_of_another_supplier_is_seen_or_changed_anywhere(mine: Firm, theirs: Firm) -> None:
    with nothing_changes():
        assert crawl(mine, theirs) == []


def test_the_crawl_finds_a_filter_that_is_missing(mine: Firm, theirs: Firm, monkeypatch: Any) -> None:
    monkeypatch.setattr(sites, "rows_of", nobody)
    monkeypatch.setattr(own_rows.OwnRows, "get_queryset", unfiltered)
    found = " ".join(crawl(mine, theirs))
    for page in set(theirs.rows) - {"orders_aftersale", "suppliers_supplieruser", "integration_apikey"}:
        assert f"GET {page}_changelist" in found, page
    for page in EXPORTED - {"orders_aftersale"}:
        assert f"FILE {page}_export {{}}" in found, page


def test_where_the_filter_is_missing_the_database_still_shows_nothing(
    mine: Firm, theirs: Firm, monkeypatch: Any
) -> None:
    monkeypatch.setattr(own_rows.OwnRows, "get_queryset", unfiltered)
    monkeypatch.setattr(own_rows.OwnRows, "_owns", lambda self, request, obj: True)
    with nothing_changes():
        assert crawl(mine, theirs) == []


def test_the_presence_of_another_supplier_changes_no_page(mine: Firm) -> None:
    """Not a count, a page more, a figure or a choice in a filter."""
    names = [name for name, parts in views() if not parts and name.endswith(("index", "_changelist", "_add"))]
    before = {name: page_of(mine, name) for name in names}
    Firm("乙家")
    assert {name: page_of(mine, name) for name in names} == before


def page_of(firm: Firm, name: str) -> tuple[int, str]:
    answer = firm.client.get(reverse(f"supplier:{name}"), {"_facets": "1"} if "changelist" in name else {})
    # Categories are everybody's; a form's token and a request's number are its own.
    text = re.sub(r"<option[^>]*>\s*茶饮[^<]*</option>", "", answer.content.decode())
    plain = [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line and "编号" not in line]
    return answer.status_code, "".join("".join(plain).split())


def test_every_table_on_the_site_is_kept_apart_by_the_database() -> None:
    shown = {model._meta.db_table for model in supplier_site._registry}
    for admin in supplier_site._registry.values():
        shown |= {inline.model._meta.db_table for inline in admin.inlines}
    assert shown <= kept_apart() | SHARED
    assert {"orders_orderline", "suppliers_sku", "service_ticketpost", "ledger_posting"} <= kept_apart()


def kept_apart() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tablename FROM pg_policies JOIN pg_class ON relname = tablename AND relrowsecurity
            WHERE permissive = 'RESTRICTIVE' AND %s = ANY (roles)
            """,
            [settings.DATABASE_SUPPLIER_ROLE],
        )
        return {row[0] for row in cursor.fetchall()}


def test_within_a_suppliers_request_a_bare_query_finds_own_rows_alone(theirs: Firm) -> None:
    own = a_sku()
    with rows_of(own.product.supplier_id):
        assert list(Sku.objects.all()) == [own]
        assert Product.objects.count() == 1
        assert Supplier.objects.count() == 1
        assert not Order.objects.exists()
        assert not OrderLine.objects.exists()
        assert not Payment.objects.exists()
        assert not Product.objects.filter(pk=theirs.sku.product_id).update(name="偷改")
        with as_the_mall():
            assert Order.objects.count() == 3
        assert not Order.objects.exists()
    assert Order.objects.count() == 3


def test_a_row_cannot_be_given_to_another_supplier(theirs: Firm) -> None:
    own = a_sku()
    before = snapshot()
    with pytest.raises(ProgrammingError, match="row-level security"), rows_of(own.product.supplier_id):
        Product.objects.filter(pk=own.product_id).update(supplier=theirs.supplier)
    with pytest.raises(ProgrammingError, match="row-level security"), rows_of(own.product.supplier_id):
        Sku.objects.create(
            product_id=theirs.sku.product_id,
            code="NEW",
            spec="x",
            supply_price_fen=1,
            list_price_fen=1,
            sale_price_fen=1,
        )
    assert snapshot() == before


def test_without_a_supplier_the_role_sees_nothing(theirs: Firm) -> None:
    with rows_of(0):
        assert not Product.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [settings.DATABASE_SUPPLIER_ROLE])
        cursor.execute("SELECT count(*) FROM orders_order")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('role', 'none', true)")


def test_a_refusal_inside_a_command_leaves_the_request_with_its_supplier(theirs: Firm) -> None:
    own = a_sku()
    with rows_of(own.product.supplier_id):
        with pytest.raises(ValueError, match="refused"), as_the_mall():
            raise ValueError("refused")
        assert list(Sku.objects.all()) == [own]


@pytest.mark.django_db(transaction=True)
def test_the_application_plans_as_if_there_were_no_policies_and_reaches_everything(app_db: Any) -> None:
    Firm("乙家")
    statements = (
        "SELECT * FROM suppliers_product WHERE is_published ORDER BY position, sales_count DESC, id LIMIT 20",
        "SELECT * FROM suppliers_sku WHERE id IN (1, 2, 3) FOR NO KEY UPDATE",
        "SELECT * FROM orders_order WHERE member_id = 1 ORDER BY placed_at DESC LIMIT 20",
        "SELECT * FROM orders_orderline WHERE order_id IN (1, 2)",
        "SELECT product_id FROM suppliers_searchdocument WHERE vector @@ to_tsquery('simple', 'x')",
    )
    with app_db.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_order")
        assert cursor.fetchone() == (3,)
        for statement in statements:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "current_setting" not in plan, plan
            assert "SubPlan" not in plan, plan
            assert "InitPlan" not in plan, plan


@pytest.mark.django_db(transaction=True)
def test_after_the_request_the_connection_is_the_applications_again(app_db: Any, theirs: Firm) -> None:
    """The application's own role takes the supplier's for one transaction, as behind a pool."""
    with app_db.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('mall.supplier_id', %s, true)",
            [settings.DATABASE_SUPPLIER_ROLE, str(theirs.supplier.pk + 1)],
        )
        cursor.execute("SELECT current_user, count(*) FROM suppliers_product GROUP BY 1")
        assert cursor.fetchall() == []
    app_db.commit()
    with app_db.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('mall.supplier_id', true), count(*) FROM suppliers_product"
        )
        assert cursor.fetchone() == ("mall_app", "", 1)


def test_the_suppliers_role_may_do_what_the_application_may_and_no_more() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname, right_name FROM pg_class
            CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS right_name
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                AND has_table_privilege(%s, oid, right_name) <> has_table_privilege(%s, oid, right_name)
            """,
            [settings.DATABASE_APP_ROLE, settings.DATABASE_SUPPLIER_ROLE],
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT pg_has_role(%s, %s, 'USAGE'), rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s",
            [settings.DATABASE_APP_ROLE, settings.DATABASE_SUPPLIER_ROLE, settings.DATABASE_SUPPLIER_ROLE],
        )
        assert cursor.fetchone() == (False, False, False)


def test_the_crawl_reaches_every_address(theirs: Firm) -> None:
    assert {name for name, _address in addresses(theirs)} == {name for name, _ in views()} - {"login", "logout"}
