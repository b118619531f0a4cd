"""What the catalogue publishes."""

from dataclasses import dataclass
from datetime import datetime


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
