"""Why an order, a payment or a refund is refused, in words for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Refusal(TextChoices):
    """The reasons. The label is what the page says."""

    NOTHING_CHOSEN = "nothing_chosen", _("请选择商品")
    TOO_MANY_LINES = "too_many_lines", _("一次最多结算 20 种商品")
    BAD_QUANTITY = "bad_quantity", _("数量应为 1 到 99 的整数")
    NOT_ON_SHELF = "not_on_shelf", _("商品已下架")
    NOT_FOR_SALE = "not_for_sale", _("该礼包暂不出售")
    GIFT_PACK_ALONE = "gift_pack_alone", _("礼包需单独下单")
    ONE_SUPPLIER = "one_supplier", _("不同供应商的商品请分开下单")
    OUT_OF_STOCK = "out_of_stock", _("库存不足")
    BAD_ADDRESS = "bad_address", _("请选择收货地址")
    BAD_NOTE = "bad_note", _("备注太长")
    BAD_KEY = "bad_key", _("请求缺少编号，请刷新页面重试")
    KEY_REUSED = "key_reused", _("该请求已用于另一笔订单，请刷新页面重试")
    TOO_MANY_UNPAID = "too_many_unpaid", _("待付款订单过多，请先付款或取消")
    WRONG_STATE = "wrong_state", _("订单状态已变化，请刷新页面")
    EXPIRED = "expired", _("订单已超过付款时间")
    NOT_REFUNDABLE = "not_refundable", _("该订单已过退货期")
    NOT_YOURS = "not_yours", _("这不是您的订单")
    BAD_PARCEL = "bad_parcel", _("请填写快递公司和快递单号")
    NO_PROVIDER = "no_provider", _("该支付方式不可用")


class OrderRefused(Exception):
    """It cannot be done; `reason` says why. Nothing was changed."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.label)
        self.reason = reason
