"""Suppliers, products and stock. Stock is counted on the SKU under CHECK; every change leaves a movement."""

from .product import Category, Product, Sku
from .stock import MovementKind, StockMovement
from .supplier import Supplier, SupplierUser
from .terms import GiftPackTerms

__all__ = [
    "Category",
    "GiftPackTerms",
    "MovementKind",
    "Product",
    "Sku",
    "StockMovement",
    "Supplier",
    "SupplierUser",
]
