"""What this app keeps of a person, and what hinders closing an account."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from mall.core.personal import Fate, Holding, Obstacle, Term

from .commands.reviewing import forget_photos
from .models import AfterSale, EnterpriseRequest, Order, OrderState, Refund, RefundState, RequestState
from .rules.enterprise import OPEN
from .rules.returning import OPEN_CASES

_DELIVER = _("履行订单、处理售后")
_LAW = _("《电子商务法》要求交易信息自完成起保存不少于三年，含收货人、电话和地址；满三年后清空")
# Three years, whichever of them has a day more.
LAW_DAYS = 3 * 365 + 1

HOLDINGS = (
    Holding(
        model="orders.CartItem",
        name="cart",
        title=_("购物车"),
        purpose=_("记住你挑好的商品"),
        fields=("sku__product__name", "sku__spec", "quantity", "price_fen", "added_at"),
        fate=Fate.ERASED,
        moves=True,
    ),
    Holding(
        model="orders.InvoiceTitle",
        name="invoice_titles",
        title=_("发票抬头"),
        purpose=_("开发票"),
        fields=("kind", "title", "tax_number", "email", "created_at"),
        fate=Fate.ERASED,
        moves=True,
    ),
    Holding(
        model="orders.Purchase",
        name="purchases",
        title=_("合并付款"),
        purpose=_DELIVER,
        fields=("number", "state", "total_fen", "placed_at", "paid_at", "cancelled_at"),
        fate=Fate.KEPT,
        why=_LAW,
        anchors=True,
    ),
    Holding(
        model="orders.Order",
        name="orders",
        title=_("订单"),
        purpose=_DELIVER,
        fields=(
            "number",
            "supplier__name",
            "state",
            "goods_fen",
            "freight_fen",
            "discount_fen",
            "total_fen",
            "refunded_fen",
            "recipient_name",
            "recipient_phone",
            "recipient_address",
            "note",
            "placed_at",
            "paid_at",
            "shipped_at",
            "received_at",
            "completed_at",
            "cancelled_at",
            "refunded_at",
        ),
        fate=Fate.KEPT,
        why=_LAW,
        term=Term(
            days=LAW_DAYS,
            since=("completed_at", "cancelled_at", "refunded_at"),
            emptied={"recipient_name": "", "recipient_phone": "", "recipient_address": "", "note": ""},
        ),
        anchors=True,
    ),
    Holding(
        model="orders.RecipientReveal",
        name="recipient_reveals",
        title=_("商家查看收货信息"),
        purpose=_("查得到谁在什么时候、为什么看过你的收货信息"),
        fields=("order__number", "way", "reason", "at"),
        owner="order__member",
        fate=Fate.KEPT,
        why=_("《个人信息保护法》要求记录个人信息的访问；记录里没有收货信息本身"),
    ),
    Holding(
        model="orders.EnterpriseRequest",
        name="enterprise_requests",
        title=_("企业询价单"),
        purpose=_("向供应商询价、联系报价和开发票"),
        fields=(
            *("number", "supplier__name", "state", "company_name", "credit_code", "contact_name", "contact_phone"),
            *("invoice_title", "wanted_date", "note", "reason", "asked_at", "quoted_at", "valid_date", "quote_note"),
        ),
        fate=Fate.EMPTIED,
        emptied={"contact_name": "", "contact_phone": "", "note": ""},
        why=_("联系人、电话和说明清空；公司和报价随订单留存"),
        anchors=True,
    ),
    Holding(
        model="orders.EnterpriseLine",
        name="enterprise_lines",
        title=_("询价单里的商品"),
        purpose=_("向供应商询价、联系报价和开发票"),
        owner="request__member",
        fields=("request__number", "product_name", "spec", "quantity", "sale_price_fen", "unit_price_fen"),
        fate=Fate.KEPT,
        why=_LAW,
    ),
    Holding(
        model="orders.ContactReveal",
        name="contact_reveals",
        title=_("供应商查看询价联系方式"),
        purpose=_("查得到谁在什么时候、为什么看过你的联系电话"),
        fields=("request__number", "reason", "at"),
        owner="request__member",
        fate=Fate.KEPT,
        why=_("《个人信息保护法》要求记录个人信息的访问；记录里没有电话本身"),
    ),
    Holding(
        model="orders.OrderLine",
        name="order_lines",
        title=_("订单里的商品"),
        purpose=_DELIVER,
        owner="order__member",
        fields=("order__number", "product_name", "spec", "unit_price_fen", "quantity", "amount_fen"),
        fate=Fate.KEPT,
        why=_LAW,
    ),
    Holding(
        model="orders.Payment",
        name="payments",
        title=_("付款"),
        purpose=_DELIVER,
        owner="purchase__member",
        fields=("number", "provider", "amount_fen", "state", "provider_ref", "created_at", "captured_at"),
        fate=Fate.KEPT,
        why=_LAW,
    ),
    Holding(
        model="orders.Refund",
        name="refunds",
        title=_("退款"),
        purpose=_DELIVER,
        owner="payment__purchase__member",
        fields=("number", "amount_fen", "state", "reason", "created_at", "succeeded_at"),
        fate=Fate.KEPT,
        why=_LAW,
    ),
    Holding(
        model="orders.AfterSale",
        name="after_sales",
        title=_("售后"),
        purpose=_DELIVER,
        owner="order__member",
        fields=("number", "order__number", "kind", "state", "reason", "note", "amount_fen", "asked_at", "closed_at"),
        fate=Fate.KEPT,
        why=_LAW,
        term=Term(days=LAW_DAYS, since=("closed_at",), emptied={"note": ""}),
    ),
    Holding(
        model="orders.CasePhoto",
        name="case_photos",
        title=_("售后凭证图片"),
        purpose=_DELIVER,
        owner="after_sale__order__member",
        fields=("after_sale__number", "actor", "at"),
        fate=Fate.KEPT,
        why=_LAW,
        term=Term(days=LAW_DAYS, since=("after_sale__closed_at",)),
        files={"name": "private"},
    ),
    Holding(
        model="orders.Invoice",
        name="invoices",
        title=_("发票"),
        purpose=_("开发票"),
        owner="order__member",
        fields=("order__number", "kind", "title", "tax_number", "email", "state", "number", "requested_at"),
        fate=Fate.KEPT,
        why=_("发票按税务法规保存"),
    ),
    Holding(
        model="orders.Review",
        name="reviews",
        title=_("评价"),
        purpose=_("帮助别人选购"),
        fields=("product__name", "stars", "text", "follow_up", "is_anonymous", "state", "reviewed_at"),
        fate=Fate.EMPTIED,
        emptied={"is_anonymous": True},
        why=_("已公开的评价改为匿名，图片删除"),
        anchors=True,
    ),
)


def erase(*, member_id: int) -> None:
    """Take the photos out of a member's reviews: they may show who took them. Nobody needs to answer a request of an
    enterprise any more."""
    forget_photos(member_id=member_id)
    EnterpriseRequest.objects.filter(member=member_id, state__in=OPEN).update(state=RequestState.WITHDRAWN)


def closing_obstacles(*, member_id: int, at: datetime) -> Iterator[Obstacle]:
    """Yield what is not over yet: orders under way, after-sales, refunds."""
    under_way = (OrderState.PLACED, OrderState.PAID, OrderState.SHIPPED)
    if Order.objects.filter(member_id=member_id, state__in=under_way).exists():
        yield Obstacle(_("有订单还没完成：先收货，或者取消"))
    if AfterSale.objects.filter(order__member_id=member_id, state__in=OPEN_CASES).exists():
        yield Obstacle(_("有售后还在处理"))
    refunding = (RefundState.REQUESTED, RefundState.SENT)
    if Refund.objects.filter(payment__purchase__member_id=member_id, state__in=refunding).exists():
        yield Obstacle(_("有退款还在路上"))
