"""What files of statements hold."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mall.core.admin.columns import moment
from mall.core.admin.lists import ExportColumn
from mall.core.spreadsheet import yuan

STATEMENT_COLUMNS = (
    ExportColumn(_("对账单号"), lambda row: row.number),
    ExportColumn(_("从"), lambda row: row.start_date.isoformat()),
    ExportColumn(_("到"), lambda row: (row.end_date - timedelta(days=1)).isoformat()),
    ExportColumn(_("笔数"), lambda row: row.line_count),
    ExportColumn(_("供货款（元）"), lambda row: yuan(row.supply_fen)),
    ExportColumn(_("退款（元）"), lambda row: yuan(row.refund_fen)),
    ExportColumn(_("服务费（元）"), lambda row: yuan(row.fee_fen)),
    ExportColumn(_("佣金（元）"), lambda row: yuan(row.commission_fen)),
    ExportColumn(_("应付（元）"), lambda row: yuan(row.payable_fen)),
    ExportColumn(_("出账时间"), lambda row: moment(row.closed_at)),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
)
