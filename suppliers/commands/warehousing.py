"""Where goods lie, and moving them from one place to another. Orders reserve a SKU, not a place.

Every command takes the lock of the SKU first, as reserving and shipping do, so that the places never hold more than the
SKU has.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mall.core.text import clean_line
from suppliers.models import MovementKind, Sku, StockMovement, Supplier, Warehouse, WarehouseStock

NAME_MAX = 20
WAREHOUSES_MAX = 20

# What the places hold too much, after stock has left, is taken from them in the order of their ids: the default place,
# which holds the rest, gave all that it had.
_SETTLE = """
WITH over AS (
    SELECT stock.id, stock.on_hand,
        sum(stock.on_hand) OVER (PARTITION BY stock.sku_id) - sku.on_hand AS too_much,
        sum(stock.on_hand) OVER (PARTITION BY stock.sku_id ORDER BY stock.warehouse_id) - stock.on_hand AS before
    FROM suppliers_warehousestock AS stock JOIN suppliers_sku AS sku ON sku.id = stock.sku_id
    WHERE stock.sku_id = ANY(%s)
)
UPDATE suppliers_warehousestock AS stock
SET on_hand = stock.on_hand - least(stock.on_hand, over.too_much - over.before)
FROM over WHERE over.id = stock.id AND over.too_much > over.before AND stock.on_hand > 0
"""


class WarehouseRefused(Exception):
    """It cannot be kept or moved so. Nothing was changed."""


def default_warehouse(*, supplier: Supplier) -> Warehouse:
    """Return where everything lies that lies nowhere else; made when it is first asked for."""
    found, _made = Warehouse.objects.get_or_create(
        supplier=supplier, is_default=True, defaults={"name": str(_("默认仓"))}
    )
    return found


def open_warehouse(*, supplier: Supplier, name: str) -> Warehouse:
    """Add a place. Raises WarehouseRefused where the name is missing or taken, or there are too many."""
    try:
        name = clean_line(name, NAME_MAX)
    except ValueError as error:
        raise WarehouseRefused(_("仓库名太长")) from error
    if not name:
        raise WarehouseRefused(_("请填写仓库名"))
    with transaction.atomic():
        Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
        default_warehouse(supplier=supplier)
        if Warehouse.objects.filter(supplier=supplier).count() >= WAREHOUSES_MAX:
            raise WarehouseRefused(_("最多 %d 个仓库") % WAREHOUSES_MAX)
        if Warehouse.objects.filter(supplier=supplier, name=name).exists():
            raise WarehouseRefused(_("已有同名的仓库"))
        return Warehouse.objects.create(supplier=supplier, name=name)


def move_stock(
    *, sku: Sku, source: Warehouse, target: Warehouse, quantity: int, reason: str, by: Any, at: datetime
) -> None:
    """Move pieces from one place to another; what the SKU has stays the same. Leaves a movement in each place.

    Raises WarehouseRefused where there are not so many, or a place is another supplier's.
    """
    if source.pk == target.pk or quantity < 1:
        raise WarehouseRefused(_("请选两个不同的仓库，并填写件数"))
    with transaction.atomic():
        locked = Sku.objects.select_for_update(of=("self",), no_key=True).select_related("product").get(pk=sku.pk)
        if {source.supplier_id, target.supplier_id} != {locked.product.supplier_id}:
            raise WarehouseRefused(_("这不是你的仓库"))
        there = on_hand_at(sku=locked, warehouse=source)
        if there < quantity:
            raise WarehouseRefused(_("%(name)s 只有 %(count)d 件") % {"name": source.name, "count": there})
        _put(locked, source, -quantity)
        _put(locked, target, quantity)
        StockMovement.objects.bulk_create(
            StockMovement(
                sku=locked,
                kind=MovementKind.MOVED,
                on_hand_delta=delta,
                warehouse=place,
                reason=reason[:80],
                by=by,
                at=at,
            )
            for place, delta in ((source, -quantity), (target, quantity))
        )


def on_hand_at(*, sku: Sku, warehouse: Warehouse) -> int:
    """Return how many pieces of a SKU lie in a place."""
    elsewhere = dict(WarehouseStock.objects.filter(sku=sku).values_list("warehouse_id", "on_hand"))
    if warehouse.is_default:
        return sku.on_hand - sum(elsewhere.values())
    return elsewhere.get(warehouse.pk, 0)


def put_in(*, sku_id: int, warehouse: Warehouse, quantity: int) -> None:
    """Let pieces that were just added to a SKU lie in this place. In the transaction that added them."""
    _put(Sku(pk=sku_id), warehouse, quantity)


def settle_places(*, sku_ids: Iterable[int]) -> None:
    """Take from the places what they hold too much, once stock has left. In the transaction that took it, under the
    locks of the SKUs."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [list(sku_ids)])


def _put(sku: Sku, warehouse: Warehouse, quantity: int) -> None:
    """Write what lies in a place. The default one has no row: it holds the rest."""
    if warehouse.is_default:
        return
    WarehouseStock.objects.get_or_create(sku_id=sku.pk, warehouse=warehouse)
    WarehouseStock.objects.filter(sku_id=sku.pk, warehouse=warehouse).update(on_hand=F("on_hand") + quantity)
