"""What files of samples and of requests of enterprises hold. Where samples go stands in none; whom to call, only in
those of operators, and masked unless they say what for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mall.core.admin.columns import moment
from mall.core.admin.lists import ExportColumn
from mall.core.names import masked_name, masked_phone
from mall.core.spreadsheet import yuan

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


def _goods(row: Any) -> str:
    return "、".join(f"{line.product_name} {line.spec} × {line.quantity}" for line in row.lines.all())


REQUEST_COLUMNS = (
    ExportColumn(_("询价单号"), lambda row: row.number),
    ExportColumn(_("询价时间"), lambda row: moment(row.asked_at)),
    ExportColumn(_("公司名称"), lambda row: row.company_name),
    ExportColumn(_("统一社会信用代码"), lambda row: row.credit_code),
    ExportColumn(_("商品"), _goods),
    ExportColumn(_("件数"), lambda row: sum(line.quantity for line in row.lines.all())),
    ExportColumn(_("最晚到货"), lambda row: row.wanted_date.isoformat()),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
    ExportColumn(_("报价合计（元）"), lambda row: yuan(row.goods_fen) if row.quoted_at else ""),
    ExportColumn(_("报价有效至"), lambda row: row.valid_date.isoformat() if row.valid_date else ""),
    ExportColumn(_("原因"), lambda row: row.reason),
)

OPS_REQUEST_COLUMNS = (
    *REQUEST_COLUMNS,
    ExportColumn(_("供应商"), lambda row: str(row.supplier)),
    ExportColumn(_("联系人"), lambda row: row.contact_name, lambda row: masked_name(row.contact_name)),
    ExportColumn(
        _("联系电话"),
        lambda row: row.contact_phone,
        lambda row: masked_phone(row.contact_phone) if row.contact_phone else "",
    ),
)
