"""What the agent's desk publishes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ShopItemChanged:
    """A product in somebody's shop costs something else, or there is another mark on its stock (a `StockMark`)."""

    item_id: int
    member_id: int
    product_slug: str
    product_name: str
    price_before_fen: int | None
    price_after_fen: int | None
    stock_before: str
    stock_after: str


@dataclass(frozen=True, slots=True)
class ShopItemsChanged:
    """Products in shops changed, each change told once."""

    items: tuple[ShopItemChanged, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class SampleAnswered:
    """A supplier agreed to send a sample, sent it, or declined for a reason; `state` is a `SampleState`."""

    member_id: int
    number: str
    product_name: str
    state: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AppealAnswered:
    """An operator wrote in an appeal, or decided it."""

    member_id: int
    appeal_id: int
    number: str
    post_id: int
    is_decision: bool
    at: datetime
