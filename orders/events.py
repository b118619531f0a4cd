"""What orders publish. Plural events carry one order or many, so that bulk work tells it once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """An order was placed and its stock reserved."""

    order_id: int
    number: str
    member_id: int
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """One paid order; `packs` counts its gift packs, 0 for ordinary goods."""

    order_id: int
    number: str
    member_id: int
    shard: int
    packs: int
    total_fen: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class OrdersPaid:
    """Orders were paid, in this order; `is_history` when they are another mall's, long ago."""

    orders: tuple[PaidOrder, ...]
    is_history: bool = False


@dataclass(frozen=True, slots=True)
class OrderShipped:
    """An order was handed to a carrier."""

    order_id: int
    number: str
    member_id: int
    shipped_at: datetime


@dataclass(frozen=True, slots=True)
class ReceivedOrder:
    """One received order."""

    order_id: int
    number: str
    member_id: int
    shard: int
    packs: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class OrdersReceived:
    """Orders were received, in this order."""

    orders: tuple[ReceivedOrder, ...]


@dataclass(frozen=True, slots=True)
class OrderCompleted:
    """The cooling-off of an order is over."""

    order_id: int
    number: str
    member_id: int
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class RefundedOrder:
    """One order whose refund was decided."""

    order_id: int
    number: str
    member_id: int
    shard: int
    packs: int
    refunded_at: datetime


@dataclass(frozen=True, slots=True)
class OrdersRefunded:
    """Refunds of whole orders were decided, in this order. The money follows; the decision is not taken back."""

    orders: tuple[RefundedOrder, ...]


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    """An unpaid order was cancelled or ran out of time, and its stock was released."""

    order_id: int
    number: str
    member_id: int
    cancelled_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewReplied:
    """A supplier answered a review."""

    review_id: int
    member_id: int
    product_name: str
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewDecided:
    """An operator let others see a review, or keeps it from them for a reason."""

    review_id: int
    member_id: int
    product_name: str
    is_visible: bool
    reason: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class LinesRefunded:
    """A part of an order was refunded; with the last part, `OrdersRefunded` follows."""

    order_id: int
    number: str
    member_id: int
    shard: int
    amount_fen: int
    refunded_at: datetime


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """Something happened in an after-sale case; `state` is what it is in now."""

    case_id: int
    number: str
    order_number: str
    member_id: int
    supplier_id: int
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ParcelMoved:
    """A carrier told something new of a parcel; `kind` is one of `TrackKind`."""

    parcel_id: int
    order_number: str
    member_id: int
    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EnterpriseAsked:
    """An enterprise asks a supplier for a price; `member_ids` are those at the supplier who answer."""

    request_id: int
    number: str
    company_name: str
    goods: tuple[str, ...]
    member_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class EnterpriseAnswered:
    """A request of an enterprise was quoted, declined or is over; `state` is one of `RequestState`."""

    request_id: int
    number: str
    member_id: int
    supplier_name: str
    state: str
    reason: str
    at: datetime
