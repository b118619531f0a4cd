"""What can be done to stock, terms and the catalogue, one function each. Time is an argument."""

from .catalogue import (
    add_category,
    add_product,
    add_sku,
    open_supplier,
    publish_product,
    seat_member,
    set_gift_pack_terms,
)
from .stock import (
    OutOfStock,
    StockConflict,
    adjust_stock,
    consume_stock,
    receive_stock,
    release_stock,
    reserve_stock,
    return_stock,
)

__all__ = [
    "OutOfStock",
    "StockConflict",
    "add_category",
    "add_product",
    "add_sku",
    "adjust_stock",
    "consume_stock",
    "open_supplier",
    "publish_product",
    "receive_stock",
    "release_stock",
    "reserve_stock",
    "return_stock",
    "seat_member",
    "set_gift_pack_terms",
]
