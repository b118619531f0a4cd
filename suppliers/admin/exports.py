"""What files of products hold."""

from django.utils.translation import gettext_lazy as _

from mall.core.admin.columns import moment
from mall.core.admin.lists import ExportColumn
from mall.core.spreadsheet import yuan

PRODUCT_COLUMNS = (
    ExportColumn(_("商品"), lambda row: row.name),
    ExportColumn(_("供应商"), lambda row: str(row.supplier)),
    ExportColumn(_("分类"), lambda row: str(row.category)),
    ExportColumn(
        _("最低售价（元）"), lambda row: yuan(row.lowest_price_fen) if row.lowest_price_fen is not None else ""
    ),
    ExportColumn(_("销量"), lambda row: row.sales_count),
    ExportColumn(_("上架"), lambda row: _("是") if row.is_published else _("否")),
)
OWN_PRODUCT_COLUMNS = (
    ExportColumn(_("商品"), lambda row: row.name),
    ExportColumn(_("副标题"), lambda row: row.subtitle),
    ExportColumn(_("分类"), lambda row: str(row.category)),
    ExportColumn(
        _("最低售价（元）"), lambda row: yuan(row.lowest_price_fen) if row.lowest_price_fen is not None else ""
    ),
    ExportColumn(_("销量"), lambda row: row.sales_count),
    ExportColumn(_("审核"), lambda row: row.get_review_display()),
    ExportColumn(_("上架"), lambda row: _("是") if row.is_published else _("否")),
    ExportColumn(_("建立时间"), lambda row: moment(row.created_at)),
)
OWN_SKU_COLUMNS = (
    ExportColumn(_("规格编码"), lambda row: row.code),
    ExportColumn(_("商品"), lambda row: row.product.name),
    ExportColumn(_("规格"), lambda row: row.spec),
    ExportColumn(_("供货价（元）"), lambda row: yuan(row.supply_price_fen), shown_as="supply_price_yuan"),
    ExportColumn(_("划线价（元）"), lambda row: yuan(row.list_price_fen)),
    ExportColumn(_("售价（元）"), lambda row: yuan(row.sale_price_fen) if row.sale_price_fen is not None else ""),
    ExportColumn(_("在库"), lambda row: row.on_hand),
    ExportColumn(_("已占用"), lambda row: row.reserved),
    ExportColumn(_("可售"), lambda row: row.available),
    ExportColumn(_("启用"), lambda row: _("是") if row.is_active else _("否")),
)
MOVEMENT_COLUMNS = (
    ExportColumn(_("时间"), lambda row: moment(row.at)),
    ExportColumn(_("规格编码"), lambda row: row.sku.code),
    ExportColumn(_("规格"), lambda row: row.sku.spec),
    ExportColumn(_("类型"), lambda row: row.get_kind_display()),
    ExportColumn(_("在库变化"), lambda row: row.on_hand_delta),
    ExportColumn(_("占用变化"), lambda row: row.reserved_delta),
    ExportColumn(_("仓库"), lambda row: str(row.warehouse or "")),
    ExportColumn(_("原因"), lambda row: row.reason),
    ExportColumn(_("单号"), lambda row: row.reference),
)
RESTOCK_COLUMNS = (
    ExportColumn(_("采购单号"), lambda row: row.number),
    ExportColumn(_("下单时间"), lambda row: moment(row.ordered_at)),
    ExportColumn(_("商品"), lambda row: "、".join(f"{one.sku.product.name} {one.sku.spec}" for one in row.lines.all())),
    ExportColumn(_("件数"), lambda row: sum(one.quantity for one in row.lines.all())),
    ExportColumn(_("已到"), lambda row: sum(one.received for one in row.lines.all())),
    ExportColumn(_("预计到货"), lambda row: row.expected_date.isoformat()),
    ExportColumn(_("结束时间"), lambda row: moment(row.ended_at)),
    ExportColumn(_("备注"), lambda row: row.note),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
)
