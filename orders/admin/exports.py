"""What files of orders, refunds and after-sale cases hold."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mall.core.admin.columns import moment
from mall.core.admin.lists import ExportColumn, masked_name, masked_number
from mall.core.names import masked_name as hidden_name
from mall.core.names import masked_phone, masked_place
from mall.core.spreadsheet import yuan

ORDER_COLUMNS = (
    ExportColumn(_("订单号"), lambda row: row.number),
    ExportColumn(_("下单时间"), lambda row: moment(row.placed_at)),
    ExportColumn(_("付款时间"), lambda row: moment(row.paid_at)),
    ExportColumn(_("买家"), lambda row: str(row.member), lambda row: masked_name(row.member)),
    ExportColumn(_("手机号"), lambda row: row.member.phone, lambda row: masked_number(row.member)),
    ExportColumn(_("供应商"), lambda row: str(row.supplier)),
    ExportColumn(_("礼包份数"), lambda row: row.packs),
    ExportColumn(_("金额（元）"), lambda row: yuan(row.total_fen)),
    ExportColumn(_("已退（元）"), lambda row: yuan(row.refunded_fen)),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
)
REFUND_COLUMNS = (
    ExportColumn(_("退款单号"), lambda row: row.number),
    ExportColumn(_("订单号"), lambda row: row.order.number if row.order else row.payment.purchase.number),
    ExportColumn(
        _("买家"),
        lambda row: str(row.payment.purchase.member),
        lambda row: masked_name(row.payment.purchase.member),
    ),
    ExportColumn(_("金额（元）"), lambda row: yuan(row.amount_fen)),
    ExportColumn(_("原因"), lambda row: row.reason),
    ExportColumn(_("申请时间"), lambda row: moment(row.created_at)),
    ExportColumn(_("退回时间"), lambda row: moment(row.succeeded_at)),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
)


def _case_member(row: Any) -> Any:
    return row.order.member


CASE_COLUMNS = (
    ExportColumn(_("售后单号"), lambda row: row.number),
    ExportColumn(_("订单号"), lambda row: row.order.number),
    ExportColumn(_("买家"), lambda row: str(_case_member(row)), lambda row: masked_name(_case_member(row))),
    ExportColumn(_("供应商"), lambda row: str(row.order.supplier)),
    ExportColumn(_("申请金额（元）"), lambda row: yuan(row.amount_fen)),
    ExportColumn(_("申请时间"), lambda row: moment(row.asked_at)),
    ExportColumn(_("处理截止"), lambda row: moment(row.due_at)),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
)

# What a supplier takes away. Whole recipients are in the shipping table alone, where each look is written down.
OWN_ORDER_COLUMNS = (
    ExportColumn(_("订单号"), lambda row: row.number),
    ExportColumn(_("付款时间"), lambda row: moment(row.paid_at)),
    ExportColumn(_("商品"), lambda row: "、".join(f"{one.product_name} {one.spec}" for one in row.lines.all())),
    ExportColumn(_("件数"), lambda row: sum(one.quantity for one in row.lines.all())),
    ExportColumn(_("收货人"), lambda row: hidden_name(row.recipient_name)),
    ExportColumn(_("收货电话"), lambda row: masked_phone(row.recipient_phone)),
    ExportColumn(_("收货地址"), lambda row: masked_place(row.recipient_address)),
    ExportColumn(_("供货金额（元）"), lambda row: yuan(row.supply_total_fen), shown_as="supply_total_yuan"),
    ExportColumn(_("发货时限"), lambda row: moment(row.due_at)),
    ExportColumn(_("发货时间"), lambda row: moment(row.shipped_at)),
    ExportColumn(_("收货时间"), lambda row: moment(row.received_at)),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
)
OWN_CASE_COLUMNS = (
    ExportColumn(_("售后单号"), lambda row: row.number),
    ExportColumn(_("订单号"), lambda row: row.order.number),
    ExportColumn(_("类型"), lambda row: row.get_kind_display()),
    ExportColumn(_("原因"), lambda row: row.get_reason_display()),
    ExportColumn(_("商品"), lambda row: f"{row.line.product_name} {row.line.spec}"),
    ExportColumn(_("件数"), lambda row: row.quantity),
    ExportColumn(_("买家"), lambda row: masked_name(_case_member(row))),
    ExportColumn(_("申请金额（元）"), lambda row: yuan(row.amount_fen)),
    ExportColumn(_("申请时间"), lambda row: moment(row.asked_at)),
    ExportColumn(_("处理截止"), lambda row: moment(row.due_at)),
    ExportColumn(_("状态"), lambda row: row.get_state_display()),
)
