"""What sending costs to a province, by supplier."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F

from suppliers.models import ChargedBy, FreightRule, FreightTemplate, Sku
from suppliers.rules import Fees, Parcel, Tariff, parcel_fee, province_of


@dataclass(frozen=True, slots=True)
class FreightItem:
    """So many of a SKU, and what they cost together."""

    sku_id: int
    quantity: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class SupplierFreight:
    """What a supplier charges for sending. `missing_fen` is what is missing until its parcel goes free of charge;
    none where it goes free already or never does. What is not sent there is not in the fee."""

    fee_fen: int = 0
    missing_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Freight:
    """Fees by supplier id, and the SKUs that are not sent to the province."""

    by_supplier: Mapping[int, SupplierFreight]
    unserved_sku_ids: frozenset[int]

    @property
    def fee_fen(self) -> int:
        return sum(each.fee_fen for each in self.by_supplier.values())


def freight(*, items: Iterable[FreightItem], province: str) -> Freight:
    """Return what sending `items` costs to a province, written long (`浙江省`) or short. Two queries at most.

    Without a province, or with one that does not exist, the fees are those of no region in particular. Items of one
    supplier by one template are one parcel; several templates of a supplier add up. A SKU that does not exist is left
    out.
    """
    wanted = list(items)
    skus = {sku.pk: sku for sku in _skus([item.sku_id for item in wanted])}
    found = [(skus[item.sku_id], item) for item in wanted if item.sku_id in skus]
    tariffs = _tariffs({sku.freight_template_id for sku, _item in found if sku.freight_template_id})
    parcels: dict[tuple[int, int | None], list[tuple[_SkuFreight, FreightItem]]] = defaultdict(list)
    for sku, item in found:
        parcels[sku.supplier_id, sku.freight_template_id].append((sku, item))
    by_supplier: dict[int, SupplierFreight] = {sku.supplier_id: SupplierFreight() for sku, _item in found}
    unserved: set[int] = set()
    for (supplier_id, template_id), goods in parcels.items():
        if template_id is None:
            continue
        tariff = tariffs[template_id]
        parcel = Parcel(
            pieces=sum(item.quantity for _sku, item in goods),
            weight_g=sum(item.quantity * sku.weight_g for sku, item in goods),
            amount_fen=sum(item.amount_fen for _sku, item in goods),
        )
        fee = parcel_fee(tariff, parcel, province=province_of(province))
        if fee is None:
            unserved |= {sku.pk for sku, _item in goods}
        else:
            by_supplier[supplier_id] = _together(by_supplier[supplier_id], fee, _missing(tariff, parcel, fee))
    return Freight(by_supplier=by_supplier, unserved_sku_ids=frozenset(unserved))


def freight_of(*, sku: Sku, item: FreightItem, province: str) -> SupplierFreight | None:
    """Return what sending one SKU costs, its product loaded, by one query at most. None where it is not sent there."""
    template_id = sku.product.freight_template_id
    if template_id is None:
        return SupplierFreight()
    tariff = _tariffs({template_id})[template_id]
    parcel = Parcel(pieces=item.quantity, weight_g=item.quantity * sku.weight_g, amount_fen=item.amount_fen)
    fee = parcel_fee(tariff, parcel, province=province_of(province))
    return None if fee is None else SupplierFreight(fee_fen=fee, missing_fen=_missing(tariff, parcel, fee))


def tariff_of(template: FreightTemplate, rules: Iterable[FreightRule]) -> Tariff:
    """Return a template and its rules as the pure rule reads them."""
    return Tariff(
        fees=_fees(template),
        by_weight=template.charged_by == ChargedBy.WEIGHT,
        regions=[(frozenset(rule.provinces), _fees(rule)) for rule in rules],
        free_above_fen=template.free_above_fen,
        unserved=frozenset(template.unserved),
    )


@dataclass(frozen=True, slots=True)
class _SkuFreight:
    pk: int
    weight_g: int
    supplier_id: int
    freight_template_id: int | None


def _skus(sku_ids: list[int]) -> list[_SkuFreight]:
    rows = Sku.objects.filter(pk__in=sku_ids).values_list(
        "pk", "weight_g", "product__supplier_id", "product__freight_template_id"
    )
    return [_SkuFreight(*row) for row in rows]


def _tariffs(template_ids: set[int]) -> dict[int, Tariff]:
    """Templates and their rules by one query: a template without rules is one row."""
    if not template_ids:
        return {}
    rules: dict[int, list[FreightRule]] = defaultdict(list)
    templates = {}
    rows = (
        FreightTemplate.objects.filter(pk__in=template_ids)
        .annotate(
            rule_id=F("rules__id"),
            rule_provinces=F("rules__provinces"),
            rule_first_unit=F("rules__first_unit"),
            rule_first_fee_fen=F("rules__first_fee_fen"),
            rule_step_unit=F("rules__step_unit"),
            rule_step_fee_fen=F("rules__step_fee_fen"),
        )
        .order_by("pk", "rules__id")
    )
    for row in rows:
        templates[row.pk] = row
        if row.rule_id is not None:
            rules[row.pk].append(
                FreightRule(
                    provinces=row.rule_provinces,
                    first_unit=row.rule_first_unit,
                    first_fee_fen=row.rule_first_fee_fen,
                    step_unit=row.rule_step_unit,
                    step_fee_fen=row.rule_step_fee_fen,
                )
            )
    return {pk: tariff_of(template, rules[pk]) for pk, template in templates.items()}


def _fees(row: FreightTemplate | FreightRule) -> Fees:
    return Fees(row.first_unit, row.first_fee_fen, row.step_unit, row.step_fee_fen)


def _missing(tariff: Tariff, parcel: Parcel, fee_fen: int) -> int | None:
    if not fee_fen or tariff.free_above_fen is None:
        return None
    return max(0, tariff.free_above_fen - parcel.amount_fen)


def _together(one: SupplierFreight, fee_fen: int, missing_fen: int | None) -> SupplierFreight:
    several = [missing for missing in (one.missing_fen, missing_fen) if missing is not None]
    return SupplierFreight(fee_fen=one.fee_fen + fee_fen, missing_fen=min(several, default=None))
