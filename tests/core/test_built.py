"""Queries that are built once answer what Django's own answer, whatever the values."""

from datetime import date

import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Value

from mall.core.built import Built, BuiltInsert, NotBuilt, among, keep_prefetched
from suppliers.models import MovementKind, Product, Sku, StockMovement, Supplier
from tests.factories import AT, a_sku, a_supplier

pytestmark = pytest.mark.django_db


def _skus(code: str, most: int) -> "object":
    return (
        Sku.objects.filter(code__gte=code, on_hand__lte=most)
        .select_related("product__supplier", "product__brand")
        .annotate(left=F("on_hand") - F("reserved"), per_cent=Value("100%"))
        .order_by("code")
    )


def test_rows_are_those_of_the_query_with_all_that_is_related():
    for number in range(5):
        Sku.objects.filter(pk=a_sku(on_hand=number * 10 + 1).pk).update(code=f"C{number}")
    built = Built(_skus, code=str, most=int)
    for code, most in (("C1", 31), ("C0", 100), ("C3", 0)):
        wanted = list(_skus(code, most))
        found = built.rows(code=code, most=most)
        assert [vars(row).keys() - {"_state"} for row in found] == [vars(row).keys() - {"_state"} for row in wanted]
        assert [(row, row.left, row.per_cent, row.spec_values) for row in found] == [
            (row, row.left, row.per_cent, row.spec_values) for row in wanted
        ]
        for row, other in zip(found, wanted, strict=True):
            assert row.product.supplier.name == other.product.supplier.name
            assert row.product.brand == other.product.brand


def test_nothing_is_asked_for_what_came_along(django_assert_num_queries):
    sku = a_sku()
    built = Built(_skus, code=str, most=int)
    built.rows(code="", most=0)
    with django_assert_num_queries(1):
        row = built.first(code=sku.code, most=10**6)
        assert row is not None
        assert row.product.supplier.name


def test_ids_are_an_array():
    rows = [a_sku() for _ in range(4)]
    built = Built(lambda ids: Sku.objects.filter(among('"suppliers_sku"."id"', ids)).order_by("pk"), ids=list)
    assert built.rows(ids=[rows[0].pk, rows[2].pk]) == [rows[0], rows[2]]
    assert built.rows(ids=[]) == []
    assert built.rows(ids=[row.pk for row in rows]) == rows


def test_a_value_is_never_part_of_the_text():
    a_supplier("山里人")
    built = Built(lambda name: Supplier.objects.filter(name=name), name=str)
    assert [row.name for row in built.rows(name="山里人")] == ["山里人"]
    assert built.rows(name="' OR true --") == []
    assert built.rows(name="%s %(name)s") == []


def test_a_value_that_the_query_changes_or_drops_is_refused():
    with pytest.raises(NotBuilt, match="name"):
        Built(lambda name: Supplier.objects.filter(name__contains=name), name=str).rows(name="x")
    with pytest.raises(NotBuilt, match="day"):
        Built(lambda day: Supplier.objects.all(), day=date).rows(day=date(2026, 1, 1))


def test_related_rows_given_are_asked_for_no_more(django_assert_num_queries):
    sku = a_sku()
    product = Product.objects.get(pk=sku.product_id)
    keep_prefetched(product, "skus", [sku])
    with django_assert_num_queries(0):
        assert list(product.skus.all()) == [sku]
    assert list(product.skus.filter(pk=sku.pk + 1)) == []


def test_written_rows_are_as_bulk_create_writes_them():
    sku = a_sku()
    rows = [
        StockMovement(sku=sku, kind=MovementKind.ADJUSTED, on_hand_delta=number, reason=f"盘点 {number} %s", at=AT)
        for number in (1, 2, 3)
    ]
    written = BuiltInsert(StockMovement).write(rows)
    assert [row.pk for row in written] == sorted({row.pk for row in rows})
    for row in written:
        found = StockMovement.objects.get(pk=row.pk)
        assert (found.on_hand_delta, found.reason, found.by_id, found.at) == (row.on_hand_delta, row.reason, None, AT)
    assert BuiltInsert(StockMovement).write([]) == []


def test_what_a_column_refuses_is_refused_not_cut():
    sku = a_sku()
    before = StockMovement.objects.count()
    row = StockMovement(sku=sku, kind=MovementKind.ADJUSTED, on_hand_delta=1, reason="长" * 81, at=AT)
    with pytest.raises(DataError), transaction.atomic():
        BuiltInsert(StockMovement).write([row])
    row = StockMovement(sku=sku, kind=MovementKind.ADJUSTED, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        BuiltInsert(StockMovement).write([row])
    assert StockMovement.objects.count() == before
