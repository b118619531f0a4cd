"""Whether prices bear what they cost, what freight costs, which markup is harmless: pure functions."""

from .commission import COMMISSION_BPS_MAX, is_commission_covered
from .freight import PROVINCES, Fees, Parcel, Tariff, parcel_fee, province_of
from .packs import PRICE_FEN_MAX, is_gift_pack_covered
from .rich_text import HTML_MAX, clean_html, plain_text
from .words import (
    QUERY_MAX,
    WORD_MAX,
    Spelling,
    folded,
    groups_of,
    is_latin,
    query_of,
    spelling,
    vector,
    whole_words,
    words_of,
)

__all__ = [
    "COMMISSION_BPS_MAX",
    "GALLERY",
    "HTML_MAX",
    "PRICE_FEN_MAX",
    "PRICE_REST_HOURS",
    "PROVINCES",
    "QUERY_MAX",
    "REVIEWED_COLUMNS",
    "SPEC_VALUE_MAX",
    "WORD_MAX",
    "Fees",
    "Parcel",
    "Spelling",
    "Tariff",
    "clean_html",
    "folded",
    "groups_of",
    "is_commission_covered",
    "is_gift_pack_covered",
    "is_latin",
    "parcel_fee",
    "plain_text",
    "province_of",
    "query_of",
    "spelling",
    "vector",
    "whole_words",
    "words_of",
]

# New prices of goods on the shelf rest so long: whoever sells them can say so first.
PRICE_REST_HOURS = 24
# How long the value of a SKU on one of its axes may be.
SPEC_VALUE_MAX = 20
# How a revision calls the pictures and films of a product, beside the columns below.
GALLERY = "gallery"
# What operators look at before it is on the shelf; prices rest instead, stock and limits are the supplier's own.
REVIEWED_COLUMNS = (
    *("name", "subtitle", "label", "category_id", "brand_id", "origin", "keywords", "unit", "promises"),
    *("ship_within_hours", "returnable", "not_returnable_reason", "detail"),
)
