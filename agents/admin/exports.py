"""What files of samples hold. Where they go stands in none."""

from django.utils.translation import gettext_lazy as _

from mall.core.admin.columns import moment
from mall.core.admin.lists import ExportColumn

SAMPLE_COLUMNS = (
    ExportColumn(_("申请编号"), lambda row: row.number),
    ExportColumn(_("商品"), lambda row: row.product.name),
    ExportColumn(_("小店"), lambda row: row.shop_name),
    ExportColumn(_("打算怎么卖"), lambda row: row.words),
    ExportColumn(_("申请时间"), lambda row: moment(row.asked_at)),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
    ExportColumn(_("原因"), lambda row: row.reason),
    ExportColumn(_("寄出时间"), lambda row: moment(row.sent_at)),
    ExportColumn(_("快递单号"), lambda row: row.tracking_number),
)
