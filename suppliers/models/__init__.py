"""Suppliers, products and stock. Stock is counted on the SKU under CHECK; every change leaves a movement."""

from .brand import Brand
from .freight import ChargedBy, FreightRule, FreightTemplate
from .importing import ImportedProduct, ImportMapping
from .interest import ArrivalNotice, Favourite, PairKind, ProductPair, ProductView
from .media import MediaKind, ProductMedia
from .paper import PaperState, PermitGap, PermitLapse, Qualification, QualificationKind
from .pricing import PriceChange, PriceChangeState
from .product import Category, Permit, Product, Promise, ReviewState, Sku
from .restock import Restock, RestockLine, RestockState, StockPlan
from .review import ProductRevision, RevisionState
from .search import SearchDocument, SearchHistory, SearchTerm, SearchWord
from .sheet import Sheet, SheetKind
from .stock import MovementKind, StockMovement
from .supplier import OfferState, SeatOffer, Supplier, SupplierUser
from .terms import GiftPackTerms
from .warehouse import Warehouse, WarehouseStock

__all__ = [
    "ArrivalNotice",
    "Brand",
    "Category",
    "ChargedBy",
    "Favourite",
    "FreightRule",
    "FreightTemplate",
    "GiftPackTerms",
    "ImportMapping",
    "ImportedProduct",
    "MediaKind",
    "MovementKind",
    "OfferState",
    "PairKind",
    "PaperState",
    "Permit",
    "PermitGap",
    "PermitLapse",
    "PriceChange",
    "PriceChangeState",
    "Product",
    "ProductMedia",
    "ProductPair",
    "ProductRevision",
    "ProductView",
    "Promise",
    "Qualification",
    "QualificationKind",
    "Restock",
    "RestockLine",
    "RestockState",
    "ReviewState",
    "RevisionState",
    "SearchDocument",
    "SearchHistory",
    "SearchTerm",
    "SearchWord",
    "SeatOffer",
    "Sheet",
    "SheetKind",
    "Sku",
    "StockMovement",
    "StockPlan",
    "Supplier",
    "SupplierUser",
    "Warehouse",
    "WarehouseStock",
]
