"""Catalogues that other platforms write as files: read into listings, each with its variants. Knows no model.

    rows = read_rows(upload)                    # texts, with their numbers in the file
    table = source.table(rows)                  # the head, and rows by its words
    source.listings(table.rows, columns)        # `columns` says which word of the head stands for which field

Pictures are not fetched: a file names addresses on other people's servers.
"""

from .jd import JD
from .listing import Field, Listing, Source, Table, Variant, guessed
from .reading import TableRefused, read_rows
from .shopify import SHOPIFY
from .taobao import TAOBAO

SOURCES: dict[str, Source] = {source.key: source for source in (TAOBAO, JD, SHOPIFY)}

__all__ = ["SOURCES", "Field", "Listing", "Source", "Table", "TableRefused", "Variant", "guessed", "read_rows"]
