"""What files of rewards hold."""

from django.utils.translation import gettext_lazy as _

from mall.core.admin.columns import moment
from mall.core.admin.lists import ExportColumn, masked_name
from mall.core.spreadsheet import yuan

REWARD_COLUMNS = (
    ExportColumn(_("奖励"), lambda row: row.get_kind_display()),
    ExportColumn(
        _("获得人"),
        lambda row: str(row.member) if row.member else _("帮扶基金"),
        lambda row: masked_name(row.member) if row.member else _("帮扶基金"),
    ),
    ExportColumn(_("金额（元）"), lambda row: yuan(row.amount_fen)),
    ExportColumn(_("其中冻结（元）"), lambda row: yuan(row.held_fen)),
    ExportColumn(_("订单号"), lambda row: row.order.order.number),
    ExportColumn(_("付款时间"), lambda row: moment(row.order.paid_at)),
    ExportColumn(_("冻结状态"), lambda row: row.get_hold_display()),
    ExportColumn(_("已扣回"), lambda row: _("是") if row.reversed else _("否")),
)
