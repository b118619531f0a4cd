"""What files of products hold."""

from django.utils.translation import gettext_lazy as _

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
