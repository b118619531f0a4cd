"""What files of journal entries hold."""

from django.utils.translation import gettext_lazy as _

from ledger.queries import entry_name
from mall.core.admin.columns import moment
from mall.core.admin.lists import ExportColumn
from mall.core.spreadsheet import yuan

ENTRY_COLUMNS = (
    ExportColumn(_("凭证号"), lambda row: row.pk),
    ExportColumn(_("类型"), lambda row: entry_name(row.kind)),
    ExportColumn(_("关联单号"), lambda row: row.reference_shown),
    ExportColumn(_("发生时间"), lambda row: moment(row.at)),
    ExportColumn(_("写入时间"), lambda row: moment(row.created_at)),
    ExportColumn(_("金额（元）"), lambda row: yuan(row.debit_fen)),
    ExportColumn(_("行数"), lambda row: row.line_count),
    ExportColumn(_("摘要"), lambda row: row.memo),
)
