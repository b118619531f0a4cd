"""What is asked about places: which there are, what lies in them, and that they hold no more than there is."""

from collections import defaultdict

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from suppliers.models import Sku, Supplier, Warehouse, WarehouseStock


def warehouses_of(*, supplier: Supplier) -> list[Warehouse]:
    """Return a supplier's places, the default one first; none where it never asked for more than one."""
    return list(Warehouse.objects.filter(supplier=supplier).order_by("-is_default", "name", "pk"))


def warehouse_of(*, supplier: Supplier, warehouse_id: int) -> Warehouse | None:
    """Return one of a supplier's own places."""
    return Warehouse.objects.filter(supplier=supplier, pk=warehouse_id).first()


def stock_by_place(*, supplier: Supplier) -> dict[int, dict[int, int]]:
    """Return how many pieces lie in each place that is not the default one, by SKU and by place."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = WarehouseStock.objects.filter(warehouse__supplier=supplier, on_hand__gt=0)
    for sku_id, warehouse_id, pieces in rows.values_list("sku_id", "warehouse_id", "on_hand"):
        found[sku_id][warehouse_id] = pieces
    return found


def overfull_skus() -> QuerySet[Sku]:
    """Return SKUs of which more lies in places than there is. There should be none."""
    placed = Coalesce(Sum("warehouse_stocks__on_hand"), 0)
    return Sku.objects.annotate(placed=placed).filter(placed__gt=F("on_hand")).order_by("pk")
