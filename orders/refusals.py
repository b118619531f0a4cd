"""Why an order, a payment or a refund is refused, in words for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Refusal(TextChoices):
    """The reasons. The label is what the page says."""

    NOTHING_CHOSEN = "nothing_chosen", _("请选择商品")
    TOO_MANY_LINES = "too_many_lines", _("一次最多结算 50 种商品，请分几次下单")
    BAD_QUANTITY = "bad_quantity", _("数量应为 1 到 99 的整数")
    NOT_ON_SHELF = "not_on_shelf", _("商品已下架")
    NOT_FOR_SALE = "not_for_sale", _("该礼包暂不出售")
    NOT_SIGNED = "not_signed", _("买礼包会成为代理，请先读一读收益和规则，签代理协议")
    GIFT_PACK_ALONE = "gift_pack_alone", _("礼包需单独下单")
    ONE_SUPPLIER = "one_supplier", _("不同供应商的商品请分开下单")
    OUT_OF_STOCK = "out_of_stock", _("库存不足")
    LIMIT_PER_ORDER = "limit_per_order", _("超过每单限购数量")
    LIMIT_PER_MEMBER = "limit_per_member", _("超过每人限购数量")
    NOT_SENT_THERE = "not_sent_there", _("该地区暂不配送")
    PRICE_CHANGED = "price_changed", _("价格有变动，请核对后再次提交")
    CART_FULL = "cart_full", _("购物车最多放 120 种商品，先清理一下吧")
    BAD_INVOICE = "bad_invoice", _("请补全发票信息")
    HAS_INVOICE = "has_invoice", _("这个订单已经申请过发票")
    TOO_MANY_TITLES = "too_many_titles", _("最多保存 20 个抬头")
    SAME_TITLE = "same_title", _("这个抬头已经保存过")
    BAD_ADDRESS = "bad_address", _("请选择收货地址")
    BAD_NOTE = "bad_note", _("备注太长")
    BAD_KEY = "bad_key", _("请求缺少编号，请刷新页面重试")
    KEY_REUSED = "key_reused", _("该请求已用于另一笔订单，请刷新页面重试")
    TOO_MANY_UNPAID = "too_many_unpaid", _("待付款订单过多，请先付款或取消")
    WRONG_STATE = "wrong_state", _("订单状态已变化，请刷新页面")
    EXPIRED = "expired", _("订单已超过付款时间")
    NOT_REFUNDABLE = "not_refundable", _("该订单已过退货期")
    BY_LINE = "by_line", _("已发货的商品请在订单里逐件申请售后")
    NOT_YOURS = "not_yours", _("这不是您的订单")
    BAD_PARCEL = "bad_parcel", _("请填写快递公司和快递单号")
    WAYBILL_USED = "waybill_used", _("这个订单已用这个快递单号发过货，没有重复发货")
    NO_PROVIDER = "no_provider", _("该支付方式不可用")
    BAD_PACKING = "bad_packing", _("请填写这个包裹里的件数，不能超过待发的件数")
    CASE_MOVED_ON = "case_moved_on", _("售后状态已变化，请刷新页面")
    CASE_NOT_OFFERED = "case_not_offered", _("这件商品现在不能这样处理")
    CASE_PACKS = "case_packs", _("礼包只能整份退，请在订单里操作")
    CASE_NOT_PAID = "case_not_paid", _("订单还没有付款，不用退款")
    CASE_ALL_BACK = "case_all_back", _("这件商品已经全部退款")
    CASE_UNDER_WAY = "case_under_way", _("这件商品正在售后中")
    CASE_TOO_LATE = "case_too_late", _("已过售后期限")
    CASE_REASON = "case_reason", _("请选择售后原因")
    CASE_QUANTITY = "case_quantity", _("件数不能超过可以售后的件数")
    CASE_AMOUNT = "case_amount", _("退款金额应大于 0，且不超过可退金额")
    CASE_TEXT = "case_text", _("请用 200 字以内说明")
    CASE_OPEN = "case_open", _("订单里有进行中的售后，请先处理完")
    CASE_OUT_OF_STOCK = "case_out_of_stock", _("库存不足，没有可换的商品，可以改为退款")
    NO_RETURN_ADDRESS = "no_return_address", _("请先填写退货地址")
    TOO_MANY_PHOTOS = "too_many_photos", _("凭证图片太多了")
    REFUNDED_OFTEN = (
        "refunded_often",
        _("这笔付款的退款次数已满（微信支付最多退 50 次），不能再原路退回。请由平台客服转账退款，并在工单里留下凭证"),
    )
    PAID_LONG_AGO = (
        "paid_long_ago",
        _("这笔付款已满一年，支付渠道不再原路退款。请由平台客服转账退款，并在工单里留下凭证"),
    )
    REFUND_CHANGED = "refund_changed", _("可退的金额和刚才看到的不一样了，请刷新页面再看一遍")
    OWN_CASE = "own_case", _("这是你本人或你所在商家的售后，须由其他同事裁定")
    SPEAK_TOO_LATE = "speak_too_late", _("已过平台裁定的期限，不能再补充")
    SPOKE_OFTEN = "spoke_often", _("最多补充 5 次，请等平台裁定")
    REFUND_REASON = "refund_reason", _("请填写退款原因，最多 80 个字")
    REFUND_ASKED = "refund_asked", _("这一单已经有同事申请退款，等另一位同事确认")
    REFUND_NOT_ASKED = "refund_not_asked", _("这条退款申请已经处理过")
    REFUND_OWN_ASKING = "refund_own_asking", _("这是你申请的退款，须由另一位同事确认")
    REFUND_OWN_ORDER = "refund_own_order", _("这是你本人或你所在商家的订单，须由其他同事处理")
    REFUND_NO_RIGHT = "refund_no_right", _("你没有整单退款的权限")
    NO_REASON = "no_reason", _("请写明查看的原因")
    EXTENDED = "extended", _("已经延长过一次收货时间")
    QUOTE_OTHER_GOODS = "quote_other_goods", _("报价里没有这些商品")
    QUOTE_USED = "quote_used", _("这份报价已经下过单，取消那一单后才能再用")
    QUOTE_OVER = "quote_over", _("这份报价已经过期或不再有效，请重新询价")
    QUOTE_TOO_LOW = "quote_too_low", _("供货价或佣金有变动，报价已盖不住成本，请供应商重新报价")
    ACCOUNT_CLOSED = "account_closed", _("这个账号已经注销")
    REMINDED = "reminded", _("今天已经催过了，商家正在处理")


class OrderRefused(Exception):
    """It cannot be done; `reason` says why. Nothing was changed."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.label)
        self.reason = reason
