"""Rows as the interface tells them: plain values, instants in UTC."""

from datetime import UTC, datetime
from typing import Any

from integration.queries import STATES
from mall.core.names import masked_name, masked_phone, masked_place
from orders.models import Parcel
from orders.queries.fulfilment import left_of
from suppliers.models import Sku

NAMES = {state: name for name, state in STATES.items()}


def instant(at: datetime | None) -> str | None:
    """Return an instant as RFC 3339 has it, in UTC to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def order_shown(order: Any) -> dict[str, Any]:
    """Return an order of `integration.queries`, its recipient masked."""
    return {
        "number": order.number,
        "state": NAMES[order.state],
        "paid_at": instant(order.paid_at),
        "ship_by": instant(order.due_at),
        "shipped_at": instant(order.shipped_at),
        "updated_at": instant(order.updated_at),
        "note": order.note,
        "recipient": {
            "name": masked_name(order.recipient_name),
            "phone": masked_phone(order.recipient_phone),
            "address": masked_place(order.recipient_address),
        },
        "lines": [
            {
                "code": line.sku.code,
                "product": line.product_name,
                "spec": line.spec,
                "quantity": line.quantity,
                "shipped": line.shipped_quantity,
                "called_off": line.called_off_quantity,
                "to_ship": left_of(line) if order.state in (STATES["to_ship"], STATES["shipped"]) else 0,
            }
            for line in order.lines.all()
        ],
        "parcels": [parcel_shown(parcel) for parcel in order.parcels.all()],
    }


def parcel_shown(parcel: Parcel) -> dict[str, Any]:
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "shipped_at": instant(parcel.shipped_at),
        "delivered_at": instant(parcel.delivered_at),
        "items": [{"code": one.line.sku.code, "quantity": one.quantity} for one in parcel.lines.all()],
    }


def stock_shown(sku: Sku) -> dict[str, Any]:
    """Return what there is of a SKU whose product is loaded."""
    return {
        "code": sku.code,
        "product": sku.product.name,
        "spec": sku.spec,
        "on_hand": sku.on_hand,
        "reserved": sku.reserved,
        "available": sku.available,
        "on_shelf": sku.product.is_published and sku.is_active,
    }
