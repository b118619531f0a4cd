"""A product CSV as Shopify writes it, and many other shop systems after it: a row for each variant, those of a
product share its handle; further rows hold further pictures only. Files of both generations of its column names are
read.

https://help.shopify.com/en/manual/products/import-export/using-csv
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from mall.core.workbook import TableRow

from .listing import Field, Listing, Table, Variant, axis, grams, table_of
from .reading import FileRow

_DEFAULT = "Default Title"


class Shopify:
    key = "shopify"
    label = gettext_lazy("Shopify 或同样格式的 CSV")
    fields = (
        Field("external_id", gettext_lazy("商品标识（Handle）"), ("Handle", "URL handle"), is_needed=True),
        Field("name", gettext_lazy("商品名称"), ("Title",), is_needed=True),
        Field("price", gettext_lazy("售价"), ("Variant Price", "Price"), is_needed=True),
        Field("code", gettext_lazy("商家编码"), ("Variant SKU", "SKU")),
        Field("category", gettext_lazy("分类"), ("Type", "Product Category", "Product type")),
        Field("list_price", gettext_lazy("划线价"), ("Variant Compare At Price", "Compare-at price")),
        Field("supply_price", gettext_lazy("供货价"), ("Cost per item",)),
        Field("stock", gettext_lazy("库存"), ("Variant Inventory Qty", "Inventory quantity")),
        Field("weight", gettext_lazy("重量（克）"), ("Variant Grams", "Weight value (grams)")),
        Field("barcode", gettext_lazy("条形码"), ("Variant Barcode", "Barcode")),
        Field("detail", gettext_lazy("详情"), ("Body (HTML)", "Description")),
        *(
            Field(
                f"{part}{place}",
                format_lazy("{} {}", label, place),
                (f"Option{place} {word}", f"Option{place} {word.lower()}"),
            )
            for place in (1, 2, 3)
            for part, word, label in (
                ("axis", "Name", gettext_lazy("规格项")),
                ("value", "Value", gettext_lazy("规格值")),
            )
        ),
    )

    def table(self, rows: Sequence[FileRow]) -> Table:
        return table_of(rows[0] if rows else None, rows[1:], needs=self.fields)

    def listings(self, rows: Iterable[TableRow], columns: Mapping[str, str]) -> list[Listing]:
        found: dict[str, Listing] = {}
        last = ""
        for row in rows:
            given = {key: row.values.get(word, "") for key, word in columns.items()}
            handle, name = given.get("external_id", ""), given.get("name", "")
            # A row without a handle goes on from the one above, unless it names another product: that one has none.
            if handle:
                last = handle
            elif not last or (name and name != found[last].name):
                last = f"#{row.number}"
            listing = found.get(last)
            if listing is None:
                listing = found[last] = Listing(
                    number=row.number,
                    external_id=handle,
                    name=name,
                    category=given.get("category", ""),
                    detail=given.get("detail", ""),
                    axes=_axes(given),
                )
            if given.get("price") or given.get("value1"):
                listing.variants.append(_variant(given, len(listing.axes)))
        return list(found.values())


def _axes(given: Mapping[str, str]) -> tuple[str, ...]:
    names = [given.get(f"axis{place}", "") for place in (1, 2, 3)]
    return tuple(axis(name, place) for place, name in enumerate(names, 1) if name) or ("规格",)


def _variant(given: Mapping[str, str], axes: int) -> Variant:
    values = [given.get(f"value{place}", "") for place in range(1, axes + 1)]
    values = ["默认" if value in ("", _DEFAULT) else value for value in values]
    return Variant(
        key=" / ".join(values),
        code=given.get("code", "").removeprefix("'"),
        values=tuple(values),
        price=given.get("price", ""),
        list_price=given.get("list_price", ""),
        supply_price=given.get("supply_price", ""),
        stock=given.get("stock", ""),
        weight_g=grams(given.get("weight", "")),
        barcode=given.get("barcode", "").removeprefix("'"),
    )


SHOPIFY = Shopify()
