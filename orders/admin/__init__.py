"""Orders on the two admin sites: `desk` for suppliers, `ops` for operators, the others for both."""

from . import after_sale, bills, desk, finding, invoices, ops, quality, refund_requests, reveals, reviews

__all__ = [
    "after_sale",
    "bills",
    "desk",
    "finding",
    "invoices",
    "ops",
    "quality",
    "refund_requests",
    "reveals",
    "reviews",
]
