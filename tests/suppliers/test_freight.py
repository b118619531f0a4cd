"""What sending costs: the pure rule as a table, and the query over a supplier's templates."""

from collections.abc import Callable
from typing import Any

import pytest

from suppliers.commands import ForeignTemplate, add_freight_template, add_product
from suppliers.models import FreightTemplate, Product, Sku, Supplier
from suppliers.queries import FreightItem, SupplierFreight, freight
from suppliers.rules import PROVINCES, Fees, Parcel, Tariff, parcel_fee, province_of
from tests.factories import a_category, a_sku, a_supplier
from tests.snapshots import nothing_changes

Counted = Callable[[int], Any]

BY_PIECE = Tariff(fees=Fees(1, 800, 1, 200))
BY_WEIGHT = Tariff(
    fees=Fees(1_000, 1_000, 500, 300),
    by_weight=True,
    regions=[(frozenset({"内蒙古", "青海"}), Fees(1_000, 1_800, 500, 600)), (frozenset({"青海"}), Fees(1, 1, 1, 1))],
    free_above_fen=9_900,
    unserved=frozenset({"新疆", "西藏"}),
)


@pytest.mark.parametrize(
    ("tariff", "pieces", "weight_g", "amount_fen", "province", "fee_fen"),
    [
        (BY_PIECE, 1, 0, 100, "浙江", 800),
        (BY_PIECE, 2, 9_000, 100, "浙江", 1_000),
        (BY_PIECE, 10, 0, 1_000_000, "", 2_600),
        (BY_WEIGHT, 3, 1_000, 9_899, "浙江", 1_000),
        (BY_WEIGHT, 3, 1_001, 9_899, "浙江", 1_300),
        (BY_WEIGHT, 3, 1_500, 9_899, "浙江", 1_300),
        (BY_WEIGHT, 3, 1_501, 9_899, "浙江", 1_600),
        (BY_WEIGHT, 3, 0, 9_899, "浙江", 1_000),
        (BY_WEIGHT, 3, 1_501, 9_900, "浙江", 0),
        (BY_WEIGHT, 1, 1_200, 100, "内蒙古", 2_400),
        (BY_WEIGHT, 1, 1_200, 100, "青海", 2_400),
        (BY_WEIGHT, 1, 1_200, 100, "新疆", None),
        (BY_WEIGHT, 1, 1_200, 1_000_000, "西藏", None),
    ],
)
def test_a_parcel_costs_its_first_units_and_every_further_step_begun(
    tariff: Tariff, pieces: int, weight_g: int, amount_fen: int, province: str, fee_fen: int | None
) -> None:
    assert parcel_fee(tariff, Parcel(pieces, weight_g, amount_fen), province=province) == fee_fen


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("新疆维吾尔自治区", "新疆"),
        (" 浙江省 ", "浙江"),
        ("内蒙古自治区", "内蒙古"),
        ("北京市", "北京"),
        ("黑龙江省", "黑龙江"),
        ("香港特别行政区", "香港"),
        ("加州", ""),
        ("", ""),
        ("'; DROP TABLE", ""),
    ],
)
def test_a_province_is_known_by_its_long_name(name: str, province: str) -> None:
    assert province_of(name) == province


def test_no_province_begins_like_another() -> None:
    assert [province_of(province) for province in PROVINCES] == list(PROVINCES)
    assert len(set(PROVINCES)) == 34


def send_by(template: FreightTemplate | None, *, weight_g: int = 0, supplier: Supplier | None = None) -> Sku:
    sku = a_sku(supplier=supplier or (template.supplier if template else None))
    Product.objects.filter(pk=sku.product_id).update(freight_template=template)
    Sku.objects.filter(pk=sku.pk).update(weight_g=weight_g)
    return sku


@pytest.fixture
def template(db: None) -> FreightTemplate:
    return add_freight_template(
        supplier=a_supplier(),
        name="标准",
        fees=Fees(1_000, 1_000, 1_000, 500),
        by_weight=True,
        regions=[(("云南", "贵州"), Fees(1_000, 1_500, 1_000, 900))],
        free_above_fen=9_900,
        unserved=("新疆", "西藏"),
    )


def test_items_of_one_template_are_one_parcel(template: FreightTemplate) -> None:
    one, other = send_by(template, weight_g=600), send_by(template, weight_g=500)
    items = [FreightItem(one.pk, 1, 3_000), FreightItem(other.pk, 2, 4_000)]
    assert freight(items=items, province="浙江省").by_supplier == {template.supplier_id: SupplierFreight(1_500, 2_900)}
    assert freight(items=items, province="云南省").fee_fen == 2_400
    assert freight(items=items, province="").fee_fen == 1_500


def test_several_templates_of_a_supplier_add_up_and_goods_without_one_go_free(template: FreightTemplate) -> None:
    second = add_freight_template(supplier=template.supplier, name="小件", fees=Fees(1, 600, 1, 100))
    skus = [send_by(template), send_by(second), send_by(None, supplier=template.supplier), send_by(None)]
    found = freight(items=[FreightItem(sku.pk, 2, 2_000) for sku in skus], province="浙江省")
    assert found.by_supplier == {
        template.supplier_id: SupplierFreight(1_700, 7_900),
        skus[3].product.supplier_id: SupplierFreight(0, None),
    }
    assert found.fee_fen == 1_700


def test_from_its_free_amount_on_a_parcel_costs_nothing(template: FreightTemplate) -> None:
    sku = send_by(template, weight_g=9_000)
    found = freight(items=[FreightItem(sku.pk, 1, 9_900)], province="浙江省")
    assert found.by_supplier == {template.supplier_id: SupplierFreight(0, None)}


def test_what_is_not_sent_somewhere_is_named_line_by_line(template: FreightTemplate) -> None:
    barred, free = send_by(template), send_by(None, supplier=template.supplier)
    items = [FreightItem(barred.pk, 1, 100), FreightItem(free.pk, 1, 100)]
    found = freight(items=items, province="新疆维吾尔自治区")
    assert found.unserved_sku_ids == {barred.pk}
    assert found.fee_fen == 0
    assert freight(items=items, province="浙江省").unserved_sku_ids == frozenset()


def test_freight_takes_two_queries_for_any_number_of_lines(
    template: FreightTemplate, django_assert_num_queries
) -> None:
    skus = [send_by(template, weight_g=100) for _ in range(6)]
    with django_assert_num_queries(2):
        freight(items=[FreightItem(sku.pk, 1, 100) for sku in skus], province="浙江省")
    with django_assert_num_queries(1):
        assert freight(items=[FreightItem(0, 1, 1)], province="").by_supplier == {}


def test_a_product_is_never_sent_by_another_suppliers_template(template: FreightTemplate) -> None:
    category, supplier = a_category(), a_supplier()
    with nothing_changes(), pytest.raises(ForeignTemplate):
        add_product(supplier=supplier, category=category, name="茶", slug="tea", freight_template=template)
