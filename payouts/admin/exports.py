"""What files of withdrawals hold. Account numbers are never in them, only the tail that people see."""

from django.utils.translation import gettext_lazy as _

from mall.core.admin.columns import moment
from mall.core.admin.lists import ExportColumn, masked_name, masked_number
from mall.core.spreadsheet import yuan

WITHDRAWAL_COLUMNS = (
    ExportColumn(_("提现单号"), lambda row: row.number),
    ExportColumn(_("会员"), lambda row: str(row.member), lambda row: masked_name(row.member)),
    ExportColumn(_("手机号"), lambda row: row.member.phone, lambda row: masked_number(row.member)),
    ExportColumn(_("收款账户"), lambda row: row.account_label),
    ExportColumn(_("提现额（元）"), lambda row: yuan(row.amount_fen)),
    ExportColumn(_("服务费（元）"), lambda row: yuan(row.fee_fen)),
    ExportColumn(_("个税（元）"), lambda row: yuan(row.tax_fen)),
    ExportColumn(_("实付（元）"), lambda row: yuan(row.net_fen)),
    ExportColumn(_("申请时间"), lambda row: moment(row.requested_at)),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
)
