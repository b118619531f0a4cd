"""The two admin sites, and what their pages have in common. Each app registers its own models on them."""

from . import trail as trail
from .acting import ActingAdmin, act_page, posted, row_or_404
from .columns import moment_column, person, yuan_column
from .reading import ReadOnlyAdmin, ReadOnlyInline, fill, operator
from .sites import ops_site, supplier_site
from .tabs import Tab, TabbedAdmin

__all__ = [
    "ActingAdmin",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "Tab",
    "TabbedAdmin",
    "act_page",
    "fill",
    "moment_column",
    "operator",
    "ops_site",
    "person",
    "posted",
    "row_or_404",
    "supplier_site",
    "yuan_column",
]
