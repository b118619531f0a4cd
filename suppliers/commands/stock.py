"""Stock moves by conditional UPDATE, one SKU after the other in the order of their ids, and each leaves a movement.

A movement with a reference (an order's number) happens once: a repeat finds it and changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mall.core.statements import FEW, run
from suppliers.models import MovementKind, Product, Sku, Warehouse

from .interest import announce_arrivals
from .warehousing import on_hand_at, put_in, settle_places

Items = Iterable[tuple[int, int]]


class OutOfStock(Exception):
    """There is not enough of a SKU; `sku_id` says of which, `available` how many there are."""

    def __init__(self, sku_id: int, available: int) -> None:
        super().__init__(_("库存不足，可用 %(count)d 件") % {"count": available})
        self.sku_id = sku_id
        self.available = available


class StockMoved(Exception):
    """Stock is not what it was taken for; `sku` says what it is now."""

    def __init__(self, sku: Sku) -> None:
        super().__init__(_("在库已变成 %(count)d 件") % {"count": sku.on_hand})
        self.sku = sku


class StockConflict(Exception):
    """Stock was to be released or consumed that nobody had reserved: a mistake of the caller."""


_ONCE = """
INSERT INTO suppliers_stockmovement
    (sku_id, kind, on_hand_delta, reserved_delta, reason, reference, by_id, warehouse_id, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (reference, kind, sku_id) WHERE reference <> '' DO NOTHING
"""

# Adding nothing where the result would break the CHECK: the row itself decides, under its own lock.
_MOVE = """
UPDATE suppliers_sku SET on_hand = on_hand + %s, reserved = reserved + %s
WHERE id = %s AND on_hand + %s >= reserved + %s AND reserved + %s >= 0
"""


# All SKUs of a purchase at once: locked in the order of their ids first, then moved where the CHECK allows it.
_RESERVE = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%s::bigint[], %s::int[], %s::text[]) AS wanted(sku_id, quantity, reference)
), locked AS MATERIALIZED (
    SELECT sku.id FROM suppliers_sku AS sku WHERE sku.id IN (SELECT sku_id FROM wanted)
    ORDER BY sku.id FOR NO KEY UPDATE
), moved AS (
    UPDATE suppliers_sku AS sku SET reserved = sku.reserved + wanted.quantity
    FROM locked JOIN wanted ON wanted.sku_id = locked.id
    WHERE sku.id = locked.id AND sku.on_hand >= sku.reserved + wanted.quantity
    RETURNING sku.id AS sku_id, wanted.quantity, wanted.reference
)
INSERT INTO suppliers_stockmovement (sku_id, kind, on_hand_delta, reserved_delta, reason, reference, at)
SELECT sku_id, 'reserved', 0, quantity, '', reference, %s::timestamptz FROM moved RETURNING sku_id
"""


def reserve_orders(*, items: Sequence[tuple[int, int, str]], at: datetime) -> None:
    """Keep stock for the new orders of one purchase: `items` are (SKU id, quantity, reference), each SKU once.

    Raises OutOfStock, and the caller undoes its transaction; IntegrityError where a reference has it reserved already.
    """
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*items, strict=True)]
        run(cursor, _RESERVE, [*columns, at], keep=len(items) <= FEW)
        kept = {row[0] for row in cursor.fetchall()}
    for sku_id, _quantity, _reference in items:
        if sku_id not in kept:
            raise OutOfStock(sku_id, _available(sku_id))


def reserve_stock(*, items: Items, reference: str, at: datetime) -> None:
    """Keep stock for an order. `items` are (SKU id, quantity). Raises OutOfStock, having reserved nothing."""
    _move(MovementKind.RESERVED, items, 0, 1, reference=reference, at=at)


def release_stock(*, items: Items, reference: str, at: datetime) -> None:
    """Give back what was kept for an order. Raises StockConflict where that much is not reserved."""
    _move(MovementKind.RELEASED, items, 0, -1, reference=reference, at=at)


def consume_stock(*, items: Items, reference: str, at: datetime) -> None:
    """Take out what was kept for an order, because it leaves the house; counts as sold. Raises StockConflict."""
    with transaction.atomic():
        moved = _move(MovementKind.CONSUMED, items, -1, -1, reference=reference, at=at)
        by_product: Counter[int] = Counter()
        for product_id, sku_id in Sku.objects.filter(pk__in=moved).values_list("product_id", "pk"):
            by_product[product_id] += moved[sku_id]
        for product_id, quantity in sorted(by_product.items()):
            Product.objects.filter(pk=product_id).update(sales_count=F("sales_count") + quantity)


def return_stock(*, items: Items, reference: str, at: datetime, by: Any = None, reason: str = "") -> None:
    """Put back on the shelf what came back from a buyer."""
    _move(MovementKind.RETURNED, items, 1, 0, reference=reference, at=at, by=by, reason=reason)


def receive_stock(
    *,
    sku: Sku,
    quantity: int,
    at: datetime,
    by: Any = None,
    reason: str = "",
    reference: str = "",
    warehouse: Warehouse | None = None,
) -> None:
    """Add goods that came in, to the default place or another of the SKU's supplier. `quantity` is positive."""
    _move(
        MovementKind.RECEIVED,
        [(sku.pk, quantity)],
        1,
        0,
        reference=reference,
        at=at,
        by=by,
        reason=reason,
        warehouse=warehouse,
    )


def adjust_stock(
    *, sku: Sku, on_hand_delta: int, reason: str, by: Any, at: datetime, warehouse: Warehouse | None = None
) -> None:
    """Correct what is on hand, up or down, for a reason; without a place, whatever place it lies in. Raises OutOfStock
    where less would remain than is reserved, or than lies in the place."""
    if not on_hand_delta or not reason.strip():
        raise ValueError("an adjustment changes something and has a reason")
    sign = 1 if on_hand_delta > 0 else -1
    _move(
        MovementKind.ADJUSTED,
        [(sku.pk, abs(on_hand_delta))],
        sign,
        0,
        reference="",
        at=at,
        by=by,
        reason=reason.strip(),
        warehouse=warehouse,
    )


def correct_stock(
    *,
    sku: Sku,
    reason: str,
    by: Any,
    at: datetime,
    on_hand: int | None = None,
    delta: int = 0,
    expected: int | None = None,
) -> Sku:
    """Correct what is on hand of a SKU to `on_hand`, or by `delta`, and return the SKU as it is then.

    With `expected` only if so many are on hand now; what changes nothing leaves no movement. Raises StockMoved where it
    is another number, OutOfStock where less would remain than is reserved, ValueError without a reason.
    """
    with transaction.atomic():
        locked = Sku.objects.select_for_update(of=("self",), no_key=True).select_related("product").get(pk=sku.pk)
        if expected is not None and locked.on_hand != expected:
            raise StockMoved(locked)
        change = delta if on_hand is None else on_hand - locked.on_hand
        if change:
            adjust_stock(sku=locked, on_hand_delta=change, reason=reason, by=by, at=at)
            locked.on_hand += change
        elif not reason.strip():
            raise ValueError("a correction has a reason")
    return locked


def _move(
    kind: MovementKind,
    items: Items,
    on_hand_sign: int,
    reserved_sign: int,
    *,
    reference: str,
    at: datetime,
    by: Any = None,
    reason: str = "",
    warehouse: Warehouse | None = None,
) -> dict[int, int]:
    """Move every SKU of `items` and return (id, quantity) of those moved now, not before."""
    quantities: Counter[int] = Counter()
    for sku_id, quantity in items:
        if quantity < 1:
            raise ValueError("a quantity is positive")
        quantities[sku_id] += quantity
    moved: dict[int, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for sku_id, quantity in sorted(quantities.items()):
            on_hand, reserved = on_hand_sign * quantity, reserved_sign * quantity
            place = warehouse.pk if warehouse is not None else None
            row = [sku_id, kind.value, on_hand, reserved, reason, reference, by.pk if by else None, place, at]
            cursor.execute(_ONCE, row)
            if not cursor.rowcount:
                continue
            cursor.execute(_MOVE, [on_hand, reserved, sku_id, on_hand, reserved, reserved])
            if not cursor.rowcount:
                if kind in (MovementKind.RELEASED, MovementKind.CONSUMED):
                    raise StockConflict(f"SKU {sku_id}: {quantity} for {reference or 'no order'} are not reserved")
                raise OutOfStock(sku_id, _available(sku_id))
            moved[sku_id] = quantity
            if warehouse is not None:
                _place(sku_id, warehouse, on_hand)
        if moved and on_hand_sign < 0:
            settle_places(sku_ids=moved)
        if moved and on_hand_sign > reserved_sign:
            announce_arrivals(sku_ids=moved, at=at)
    return moved


def _place(sku_id: int, warehouse: Warehouse, on_hand: int) -> None:
    """Let what was added or taken be added to a place, or taken from it, under the SKU's lock. Raises OutOfStock where
    there is less."""
    sku = Sku.objects.get(pk=sku_id)
    there = on_hand_at(sku=sku, warehouse=warehouse) - (on_hand if warehouse.is_default else 0)
    if there + on_hand < 0:
        raise OutOfStock(sku_id, there)
    put_in(sku_id=sku_id, warehouse=warehouse, quantity=on_hand)


def _available(sku_id: int) -> int:
    stock = Sku.objects.filter(pk=sku_id).values_list("on_hand", "reserved").first()
    return stock[0] - stock[1] if stock else 0
