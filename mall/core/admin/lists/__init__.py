"""Lists as people work with them: saved views, chosen columns, a period, a search by index, a file of it all."""

from .exporting import ExportColumn
from .kept import KeptList
from .leading import LeadingFilter, days_filter, days_value, least_filter
from .masking import masked_name, masked_number
from .own import OwnKeptList
from .searching import Found

__all__ = [
    "ExportColumn",
    "Found",
    "KeptList",
    "LeadingFilter",
    "OwnKeptList",
    "days_filter",
    "days_value",
    "least_filter",
    "masked_name",
    "masked_number",
]
