"""What the catalogue publishes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class StockArrived:
    """A SKU that members wait for can be had again; each of them is told of it once."""

    sku_id: int
    product_id: int
    product_slug: str
    product_name: str
    spec: str
    member_ids: tuple[int, ...]
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class PriceAhead:
    """A SKU on the shelf will cost its buyers something else."""

    change_id: int
    product_id: int
    product_slug: str
    product_name: str
    spec: str
    price_before_fen: int
    price_after_fen: int
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class PricesAhead:
    """Prices on the shelf will change, after a time in which whoever carries the goods can say so."""

    items: tuple[PriceAhead, ...]
    at: datetime


class PaperTurn(StrEnum):
    """What became of a paper."""

    APPROVED = "approved"
    REJECTED = "rejected"
    SOON = "soon"
    EXPIRED = "expired"
    OFF_SHELF = "off_shelf"


@dataclass(frozen=True, slots=True)
class PermitMissed:
    """Goods of a supplier stand on the shelf without a permit that they need until `due_date`, or, `is_off`, left it
    for that. `goods` are the first of them."""

    supplier_id: int
    permit: str
    due_date: date
    is_off: bool
    goods: tuple[str, ...]
    goods_count: int
    member_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PaperNews:
    """Something about a paper that its supplier's owners have to know; `goods` are the first of those that left the
    shelf with it."""

    paper_id: int
    turn: PaperTurn
    title: str
    valid_until: date | None
    reason: str
    goods: tuple[str, ...]
    goods_count: int
    member_ids: tuple[int, ...]
    at: datetime
