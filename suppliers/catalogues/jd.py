"""The workbook of goods that JD's back office for merchants (商品管理) exports: a row for each SKU, those of a product
share its number. Which columns it has was chosen when it was exported, so most are only looked for.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.workbook import TableRow

from .listing import Field, Listing, Table, Variant, axis, grams, table_of
from .reading import FileRow


class Jd:
    key = "jd"
    label = gettext_lazy("京东（商家后台导出 XLSX）")
    fields = (
        Field("external_id", gettext_lazy("商品编码"), ("商品编码", "商品编号", "商品ID", "SPU编码"), is_needed=True),
        Field("name", gettext_lazy("商品名称"), ("商品名称", "商品标题"), is_needed=True),
        Field("price", gettext_lazy("售价"), ("京东价", "销售价", "价格"), is_needed=True),
        Field("sku_id", gettext_lazy("SKU编码"), ("SKU编码", "SKU编号", "SKUID", "SKU ID")),
        Field("code", gettext_lazy("商家编码"), ("商家SKU", "商家SKU编码", "SKU商家编码", "货号")),
        Field("category", gettext_lazy("分类"), ("三级类目", "末级类目", "类目", "商品类目")),
        Field("list_price", gettext_lazy("划线价"), ("市场价",)),
        Field("supply_price", gettext_lazy("供货价"), ("供货价", "成本价", "采购价")),
        Field("stock", gettext_lazy("库存"), ("库存", "可用库存", "库存数量")),
        Field("colour", gettext_lazy("颜色"), ("颜色",)),
        Field("size", gettext_lazy("尺码"), ("尺码", "尺寸")),
        Field("spec", gettext_lazy("销售属性"), ("销售属性", "规格")),
        Field("weight", gettext_lazy("重量（千克）"), ("毛重", "毛重(kg)", "重量", "重量(kg)")),
        Field("barcode", gettext_lazy("条形码"), ("商品条码", "条形码", "UPC编码")),
        Field("subtitle", gettext_lazy("卖点"), ("广告词", "商品标语", "卖点")),
        Field("detail", gettext_lazy("详情"), ("商品详情", "商品介绍", "商品描述")),
    )

    def table(self, rows: Sequence[FileRow]) -> Table:
        return table_of(rows[0] if rows else None, rows[1:], needs=self.fields)

    def listings(self, rows: Iterable[TableRow], columns: Mapping[str, str]) -> list[Listing]:
        found: dict[str, Listing] = {}
        for row in rows:
            given = {key: row.values.get(word, "") for key, word in columns.items()}
            number = given.get("external_id", "")
            listing = found.get(number)
            if listing is None or not number:
                listing = Listing(
                    number=row.number,
                    external_id=number,
                    name=given.get("name", ""),
                    subtitle=given.get("subtitle", ""),
                    category=given.get("category", ""),
                    detail=given.get("detail", ""),
                )
                found[number or f"#{row.number}"] = listing
            _take(listing, given, row.number)
        return list(found.values())


def _take(listing: Listing, given: Mapping[str, str], number: int) -> None:
    """Add a row's SKU to its product."""
    specs = _specs(given)
    axes = tuple(axis(name, place) for place, (name, _value) in enumerate(specs, 1))
    if listing.variants and axes != listing.axes:
        listing.problem = listing.problem or _("第 %d 行的规格项和这个商品的其他行不一样") % number
        return
    listing.axes = axes
    listing.variants.append(
        Variant(
            key=given.get("sku_id") or ";".join(value for _name, value in specs),
            code=given.get("code", ""),
            values=tuple(value for _name, value in specs),
            price=given.get("price", ""),
            list_price=given.get("list_price", ""),
            supply_price=given.get("supply_price", ""),
            stock=given.get("stock", ""),
            weight_g=grams(given.get("weight", ""), per_unit=1000),
            barcode=given.get("barcode", ""),
        )
    )


def _specs(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the axes of a row with its value on each: of columns of their own, or of one text `颜色:白;尺码:L`."""
    found = [(name, given[key]) for key, name in (("colour", "颜色"), ("size", "尺码")) if given.get(key)]
    if found:
        return found
    text = given.get("spec", "").replace("；", ";").replace("：", ":").replace(",", ";").replace("，", ";")
    pairs = [part.partition(":") for part in text.split(";") if part.strip()]
    if pairs and all(colon for _name, colon, _value in pairs):
        return [(name.strip(), value.strip()) for name, _colon, value in pairs]
    return [("规格", text.strip() or "默认")]


JD = Jd()
