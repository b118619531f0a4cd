"""Orders of another mall's history, many at once: the same rows and entries as live orders leave, set by set.

Nothing here speaks to a provider: their payments have the provider `import`. Stock is reserved by the import of a paid
order, consumed by that of its receipt, and released by that of a refund before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from ledger.commands import Entry, write_entries
from mall.core.events import publish
from members.models import Member
from orders.events import OrdersPaid, PaidOrder
from orders.models import OrderLine
from orders.rules import AUTO_RECEIVE_DAYS, IMPORTED, PAY_MINUTES
from suppliers.commands import consume_stock, release_stock, reserve_stock
from suppliers.models import Sku

from . import books


@dataclass(frozen=True, slots=True)
class ImportedOrder:
    """One paid gift-pack order of another mall. `number` is that mall's, unique here too."""

    number: str
    member_id: int
    packs: int
    paid_at: datetime


_ORDERS = f"""
WITH row AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('orders_order', 'id')) AS id,
        nextval(pg_get_serial_sequence('orders_purchase', 'id')) AS purchase_id,
        row.*, member.shard, member.referrer_id
    FROM unnest(%(numbers)s::text[], %(members)s::bigint[], %(packs)s::int[], %(at)s::timestamptz[])
        WITH ORDINALITY AS row(number, member_id, packs, at, place)
    JOIN members_member AS member ON member.id = row.member_id
    ORDER BY place
), purchased AS (
    INSERT INTO orders_purchase (
        id, number, member_id, state, total_fen, placed_at, expires_at, paid_at, idempotency_key
    )
    SELECT purchase_id, 'HP' || number, member_id, 'paid', packs * %(price)s::bigint, at,
        at + interval '{PAY_MINUTES} minutes', at, '{IMPORTED}:' || number
    FROM row ORDER BY place
), ordered AS (
    INSERT INTO orders_order (
        id, number, purchase_id, member_id, supplier_id, state, packs, goods_fen, total_fen, supply_total_fen,
        placed_at, expires_at, paid_at, cooling_off_days, plan_version, referrer_id
    )
    SELECT id, number, purchase_id, member_id, %(supplier)s, 'paid', packs, packs * %(price)s::bigint,
        packs * %(price)s::bigint, packs * %(supply)s::bigint, at, at + interval '{PAY_MINUTES} minutes', at,
        %(cooling_off)s, %(plan_version)s, referrer_id
    FROM row ORDER BY place
), lined AS (
    INSERT INTO orders_orderline (
        order_id, sku_id, product_name, spec, label, image, unit_price_fen, supply_price_fen, quantity, amount_fen,
        paid_fen
    )
    SELECT id, %(sku)s, %(name)s, %(spec)s, %(label)s, %(image)s, %(price)s, %(supply)s, packs,
        packs * %(price)s::bigint, packs * %(price)s::bigint
    FROM row ORDER BY place
), paid AS (
    INSERT INTO orders_payment (number, purchase_id, provider, amount_fen, currency, state, captured_at, created_at)
    SELECT 'IM' || number, purchase_id, '{IMPORTED}', packs * %(price)s::bigint, 'CNY', 'captured', at, at
    FROM row ORDER BY place
)
SELECT id, number, member_id, shard, packs, packs * %(price)s::bigint, at FROM row ORDER BY place
"""

# Lateral look-ups by number and by key: each batch costs the same, whatever the tables' statistics say.

_RECEIVE = f"""
WITH row AS MATERIALIZED (
    SELECT found.id, row.at
    FROM unnest(%s::text[], %s::timestamptz[]) AS row(number, at)
    CROSS JOIN LATERAL (
        SELECT o.id, o.state FROM orders_order AS o WHERE o.number = row.number LIMIT 1 FOR NO KEY UPDATE
    ) AS found
    WHERE found.state = 'paid'
), lined AS (
    UPDATE orders_orderline AS line SET shipped_quantity = line.quantity FROM row WHERE line.order_id = row.id
)
UPDATE orders_order AS o
SET state = 'received', shipped_at = row.at, received_at = row.at,
    auto_receive_at = row.at + interval '{AUTO_RECEIVE_DAYS} days'
FROM row WHERE o.id = row.id
RETURNING o.id, o.number
"""

_REFUND = """
WITH row AS MATERIALIZED (
    SELECT found.*, row.at, paid.id AS payment_id, paid.number AS payment_number, paid.amount_fen
    FROM unnest(%(numbers)s::text[], %(at)s::timestamptz[]) AS row(number, at)
    CROSS JOIN LATERAL (
        SELECT o.id, o.purchase_id, o.number, o.state, o.supplier_id, o.total_fen, o.supply_total_fen
        FROM orders_order AS o WHERE o.number = row.number LIMIT 1 FOR NO KEY UPDATE
    ) AS found
    CROSS JOIN LATERAL (
        SELECT p.id, p.number, p.amount_fen FROM orders_payment AS p
        WHERE p.purchase_id = found.purchase_id AND p.state = 'captured' AND p.provider = %(provider)s LIMIT 1
    ) AS paid
    WHERE found.state IN ('paid', 'shipped', 'received', 'completed')
), ordered AS (
    UPDATE orders_order AS o
    SET state = 'refunded', refunded_at = row.at, refund_reason = %(reason)s, refunded_fen = o.total_fen
    FROM row WHERE o.id = row.id
), lined AS (
    UPDATE orders_orderline AS line SET refunded_quantity = line.quantity, refunded_fen = line.paid_fen
    FROM row WHERE line.order_id = row.id
), payment AS (
    UPDATE orders_payment AS p SET state = 'refunded', refunded_fen = p.amount_fen
    FROM row WHERE p.id = row.payment_id
), refund AS (
    INSERT INTO orders_refund (
        number, payment_id, order_id, amount_fen, state, reason, created_at, sent_at, succeeded_at
    )
    SELECT 'R' || payment_number, payment_id, id, amount_fen, 'succeeded', %(reason)s, at, at, at FROM row
)
SELECT id, number, state, at, 'R' || payment_number, supplier_id, total_fen, supply_total_fen FROM row ORDER BY at, id
"""

REFUND_REASON = "历史导入"


def record_paid_orders(
    rows: Sequence[ImportedOrder], *, sku: Sku, unit_price_fen: int, cooling_off_days: int, plan_version: int | None
) -> list[int]:
    """Import paid orders and publish one `OrdersPaid`. See `import_paid_orders`."""
    with transaction.atomic():
        paid = _import(rows, sku, unit_price_fen, cooling_off_days, plan_version)
        if paid:
            publish(OrdersPaid(tuple(paid), is_history=True))
    return [order.order_id for order in paid]


def import_paid_orders(
    rows: Sequence[ImportedOrder], *, sku: Sku, unit_price_fen: int, cooling_off_days: int, plan_version: int | None
) -> list[int]:
    """Write orders of a gift-pack SKU that are paid already, with their ledger entries, and publish nothing.

    Returns their ids in order. The SKU has the stock. Raises IntegrityError where a number is known, ValueError where a
    member is not, OutOfStock.
    """
    with transaction.atomic():
        return [order.order_id for order in _import(rows, sku, unit_price_fen, cooling_off_days, plan_version)]


def import_receipts(receipts: Sequence[tuple[str, datetime]]) -> list[str]:
    """Take paid orders (number, at) as shipped and received at that instant; returns the numbers of which it did."""
    with transaction.atomic():
        rows = _fetch(_RECEIVE, [[number for number, _ in receipts], [at for _, at in receipts]]) if receipts else []
        _move_stock(consume_stock, [row[0] for row in rows], max((at for _, at in receipts), default=None))
    return [row[1] for row in rows]


def import_refunds(refunds: Sequence[tuple[str, datetime]]) -> list[str]:
    """Take imported orders (number, at) as refunded and the money as given back at that instant.

    Returns the numbers of those that were paid and not refunded yet.
    """
    if not refunds:
        return []
    with transaction.atomic():
        rows = _fetch(
            _REFUND,
            {
                "numbers": [number for number, _ in refunds],
                "at": [at for _, at in refunds],
                "reason": REFUND_REASON,
                "provider": IMPORTED,
            },
        )
        write_entries([_refund_entry(*row) for row in rows])
        _move_stock(release_stock, [row[0] for row in rows if row[2] == "paid"], refunds[-1][1])
    return [row[1] for row in rows]


def _import(
    rows: Sequence[ImportedOrder], sku: Sku, unit_price_fen: int, cooling_off_days: int, plan_version: int | None
) -> list[PaidOrder]:
    if not rows:
        return []
    product = sku.product
    written = _fetch(
        _ORDERS,
        {
            "numbers": [row.number for row in rows],
            "members": [row.member_id for row in rows],
            "packs": [row.packs for row in rows],
            "at": [row.paid_at for row in rows],
            "supplier": product.supplier_id,
            "sku": sku.pk,
            "price": unit_price_fen,
            "supply": sku.supply_price_fen,
            "cooling_off": cooling_off_days,
            "plan_version": plan_version,
            "name": product.name,
            "spec": sku.spec,
            "label": product.label,
            "image": product.image,
        },
    )
    if len(written) != len(rows):
        known = set(Member.objects.filter(pk__in=[row.member_id for row in rows]).values_list("pk", flat=True))
        raise ValueError(f"unknown members {sorted({row.member_id for row in rows} - known)}")
    paid = [PaidOrder(*row) for row in written]
    write_entries(
        [
            books.payment_entry(
                number=f"IM{order.number}",
                provider=IMPORTED,
                sales=[(product.supplier_id, order.total_fen, sku.supply_price_fen * order.packs)],
                at=order.paid_at,
                memo=order.number,
            )
            for order in paid
        ]
    )
    packs = sum(order.packs for order in paid)
    reserve_stock(items=[(sku.pk, packs)], reference="", at=paid[-1].paid_at)
    return paid


def _refund_entry(
    order_id: int, number: str, state: str, at: datetime, refund: str, supplier_id: int, total_fen: int, supply_fen: int
) -> Entry:
    return books.refund_entry(
        number=refund,
        provider=IMPORTED,
        supplier_id=supplier_id,
        total_fen=total_fen,
        supply_total_fen=supply_fen,
        at=at,
        memo=number,
        paid=True,
    )


def _move_stock(move: Any, order_ids: Sequence[int], at: datetime | None) -> None:
    """Move the stock of these orders in one movement for each SKU."""
    lines = OrderLine.objects.filter(order__in=order_ids).values_list("sku_id").annotate(Sum("quantity"))
    items = list(lines) if order_ids else []
    if items:
        move(items=items, reference="", at=at)


def _fetch(statement: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
