"""The CSV of 淘宝助理 (Taobao, Tmall): UTF-16 with tabs, a line with its version, a head in English and in Chinese,
and a row for each product.

SKUs stand in one cell, `price:quantity:code:pid:vid;pid:vid;` for each, and what a `pid:vid` is called stands in
another one, `pid:vid:name;` (销售属性别名), or among the seller's own values (自定义属性值).
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.workbook import TableRow

from .listing import Field, Listing, Table, Variant, grams, table_of
from .reading import FileRow

# What the most common axes are; others are called 规格.
COLOUR, SIZES = "1627207", {"20509", "20518", "20549", "122216343"}


class Taobao:
    key = "taobao"
    label = gettext_lazy("淘宝 / 天猫（淘宝助理 CSV）")
    fields = (
        Field("external_id", gettext_lazy("数字ID"), ("数字ID", "num_id")),
        Field("name", gettext_lazy("商品名称"), ("宝贝名称", "title"), is_needed=True),
        Field("price", gettext_lazy("售价"), ("宝贝价格", "price"), is_needed=True),
        Field("code", gettext_lazy("商家编码"), ("商家编码", "outer_id")),
        Field("category", gettext_lazy("分类"), ("宝贝类目", "cid")),
        Field("subtitle", gettext_lazy("卖点"), ("宝贝卖点", "subtitle")),
        Field("detail", gettext_lazy("详情"), ("宝贝描述", "description")),
        Field("stock", gettext_lazy("库存"), ("宝贝数量", "num")),
        Field("weight", gettext_lazy("重量（千克）"), ("物流重量", "item_weight")),
        Field("barcode", gettext_lazy("条形码"), ("商品条形码", "barcode")),
        Field("sku_props", gettext_lazy("销售属性组合"), ("销售属性组合", "skuProps")),
        Field("aliases", gettext_lazy("销售属性别名"), ("销售属性别名", "propAlias")),
        Field("own_values", gettext_lazy("自定义属性值"), ("自定义属性值", "input_custom_cpv")),
    )

    def table(self, rows: Sequence[FileRow]) -> Table:
        start = 1 if rows and rows[0].cells[0].casefold().startswith("version") else 0
        head = rows[start] if len(rows) > start else None
        below = rows[start + 1 :]
        if below and "宝贝名称" in below[0].cells[:1]:
            head, below = below[0], below[1:]
        return table_of(head, below, needs=self.fields)

    def listings(self, rows: Iterable[TableRow], columns: Mapping[str, str]) -> list[Listing]:
        return [_listing(row, columns) for row in rows]


def _listing(row: TableRow, columns: Mapping[str, str]) -> Listing:
    given = {key: row.values.get(word, "") for key, word in columns.items()}
    code = given.get("code", "")
    listing = Listing(
        number=row.number,
        external_id=given.get("external_id") or code,
        name=given.get("name", ""),
        subtitle=given.get("subtitle", ""),
        category=given.get("category", ""),
        detail=given.get("detail", ""),
    )
    weight_g = grams(given.get("weight", ""), per_unit=1000)
    props = given.get("sku_props", "")
    if not props:
        listing.variants = [
            Variant(
                key="",
                code=code,
                values=("默认",),
                price=given.get("price", ""),
                stock=given.get("stock", ""),
                weight_g=weight_g,
                barcode=given.get("barcode", ""),
            )
        ]
        return listing
    names = _names(given.get("aliases", "")) | _names(given.get("own_values", ""))
    parsed = _skus(props)
    if parsed is None:
        listing.problem = _("“销售属性组合”读不懂，请用淘宝助理重新导出")
        return listing
    axes = [pair.partition(":")[0] for pair in parsed[0][3]]
    listing.axes = tuple(_axis(pid, place) for place, pid in enumerate(axes, 1))
    unnamed: dict[str, str] = {}
    for price, stock, own_code, pairs in parsed:
        if [pair.partition(":")[0] for pair in pairs] != axes:
            listing.problem = _("各个规格的规格项不一样，请在原平台改成一样再导出")
            return listing
        values = tuple(names.get(pair) or unnamed.setdefault(pair, f"规格{len(unnamed) + 1}") for pair in pairs)
        listing.variants.append(Variant(";".join(pairs), own_code, values, price, stock=stock, weight_g=weight_g))
    if unnamed:
        listing.notes.append(_("有规格没有名称，先叫“规格1”等，请在草稿里改"))
    return listing


def _skus(text: str) -> list[tuple[str, str, str, list[str]]] | None:
    """Return price, quantity, code and pairs of each SKU; none where the text is something else."""
    found: list[tuple[str, str, str, list[str]]] = []
    for part in filter(None, text.split(";")):
        pieces = part.split(":")
        if len(pieces) >= 5:
            price, stock, *code, pid, vid = pieces
            found.append((price, stock, ":".join(code), [f"{pid}:{vid}"]))
        elif len(pieces) == 2 and found:
            found[-1][3].append(part)
        else:
            return None
    return found or None


def _names(text: str) -> dict[str, str]:
    """Return what pairs are called: `pid:vid:name;`."""
    found = {}
    for part in text.split(";"):
        pid, _first, rest = part.partition(":")
        vid, _second, name = rest.partition(":")
        if name.strip():
            found[f"{pid}:{vid}"] = name.strip()
    return found


def _axis(pid: str, place: int) -> str:
    if pid == COLOUR:
        return "颜色"
    return "尺码" if pid in SIZES else ("规格" if place == 1 else f"规格{place}")


TAOBAO = Taobao()
