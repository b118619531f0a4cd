"""What is sent and answered. The classes for requests check them; those for answers describe them, and a test holds
real answers against the description."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from integration import queries, rules
from orders.queries import CARRIERS, WAYBILL_PATTERN

QUANTITY_MAX = 99_999
STOCK_MAX = 1_000_000
REASON_MAX = 80


# Refuses members that it does not know: a name that is spelt wrong is not passed over. A docstring would be told.
class Strict(serializers.Serializer):
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(str(name)[:40] for name in data.keys() - self.fields.keys())
            if unknown:
                raise serializers.ValidationError(
                    {name: serializers.ErrorDetail(str(_("没有这个字段")), "unknown") for name in unknown}
                )
        return super().to_internal_value(data)


class PageQuery(serializers.Serializer):
    limit = serializers.IntegerField(
        min_value=1, max_value=rules.PAGE_MAX, default=rules.PAGE_DEFAULT, help_text=_("每页条数")
    )
    cursor = serializers.CharField(max_length=60, required=False, help_text=_("上一页的 next_cursor"))


class OrdersQuery(PageQuery):
    state = serializers.ChoiceField(
        choices=[*queries.STATES, "all"], default="to_ship", help_text=_("订单状态；all 为全部已付款的订单")
    )
    updated_since = serializers.DateTimeField(
        required=False, help_text=_("只要这一刻起有变化的订单，如 2026-11-30T08:00:00+08:00")
    )


class RecipientOut(serializers.Serializer):
    name = serializers.CharField(help_text=_("收货人，已打码"))
    phone = serializers.CharField(help_text=_("电话，已打码"))
    address = serializers.CharField(help_text=_("地址，已打码"))


class OrderLineOut(serializers.Serializer):
    code = serializers.CharField(help_text=_("商品编码"))
    product = serializers.CharField(help_text=_("商品名"))
    spec = serializers.CharField(help_text=_("规格"))
    quantity = serializers.IntegerField(help_text=_("买了几件"))
    shipped = serializers.IntegerField(help_text=_("已发几件"))
    called_off = serializers.IntegerField(help_text=_("未发先退几件"))
    to_ship = serializers.IntegerField(help_text=_("还要发几件"))


class ParcelItemOut(serializers.Serializer):
    code = serializers.CharField(help_text=_("商品编码"))
    quantity = serializers.IntegerField(help_text=_("件数"))


class ParcelOut(serializers.Serializer):
    carrier = serializers.CharField(help_text=_("快递公司"))
    tracking_number = serializers.CharField(help_text=_("快递单号"))
    shipped_at = serializers.DateTimeField(help_text=_("发出时间"))
    delivered_at = serializers.DateTimeField(allow_null=True, help_text=_("签收时间"))
    items = ParcelItemOut(many=True, help_text=_("包裹里有什么"))


class OrderOut(serializers.Serializer):
    number = serializers.CharField(help_text=_("订单号"))
    state = serializers.ChoiceField(choices=list(queries.STATES), help_text=_("订单现在的状态"))
    paid_at = serializers.DateTimeField(help_text=_("付款时间"))
    ship_by = serializers.DateTimeField(allow_null=True, help_text=_("最晚发货时间"))
    shipped_at = serializers.DateTimeField(allow_null=True, help_text=_("全部发出的时间"))
    updated_at = serializers.DateTimeField(help_text=_("最近变化的时间"))
    note = serializers.CharField(help_text=_("买家备注"))
    recipient = RecipientOut(help_text=_("寄给谁，已打码"))
    lines = OrderLineOut(many=True, help_text=_("买了什么"))
    parcels = ParcelOut(many=True, help_text=_("已发出的包裹"))


class OrdersPageOut(serializers.Serializer):
    orders = OrderOut(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text=_("还有下一页时有值"))


class ParcelItemIn(Strict):
    code = serializers.CharField(max_length=40, help_text=_("商品编码"))
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, help_text=_("这个包裹里的件数"))


class ParcelIn(Strict):
    carrier = serializers.ChoiceField(choices=list(CARRIERS), help_text=_("快递公司"))
    tracking_number = serializers.RegexField(
        rf"^{WAYBILL_PATTERN}\Z", help_text=_("快递单号，6 到 40 位字母、数字或短横线")
    )
    items = serializers.ListField(
        child=ParcelItemIn(),
        required=False,
        min_length=1,
        max_length=100,
        help_text=_("分包裹发时填；不填则剩下的全发"),
    )

    def validate_items(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({item["code"] for item in items}) < len(items):
            raise serializers.ValidationError(_("同一个商品编码写了两次"), "duplicate")
        return items


class ShippedOut(serializers.Serializer):
    parcel = ParcelOut()
    order = OrderOut()


class RecipientsIn(Strict):
    orders = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=rules.PAGE_MAX, help_text=_("订单号")
    )
    reason = serializers.CharField(
        max_length=REASON_MAX, help_text=_("为什么要看，如：打印面单。会和时间、密钥一起记下，买家和平台查得到")
    )


class ShownRecipientOut(serializers.Serializer):
    order = serializers.CharField(help_text=_("订单号"))
    status = serializers.ChoiceField(choices=["shown", "not_to_ship"], help_text=_("shown：有收货信息"))
    name = serializers.CharField(required=False, help_text=_("收货人"))
    phone = serializers.CharField(required=False, help_text=_("电话"))
    address = serializers.CharField(required=False, help_text=_("地址"))


class RecipientsOut(serializers.Serializer):
    recipients = ShownRecipientOut(many=True)


class StockOut(serializers.Serializer):
    code = serializers.CharField(help_text=_("商品编码"))
    product = serializers.CharField(help_text=_("商品名"))
    spec = serializers.CharField(help_text=_("规格"))
    on_hand = serializers.IntegerField(help_text=_("在库件数"))
    reserved = serializers.IntegerField(help_text=_("已下单、未发出的件数"))
    available = serializers.IntegerField(help_text=_("可售件数"))
    on_shelf = serializers.BooleanField(help_text=_("是否上架"))


class StockPageOut(serializers.Serializer):
    stock = StockOut(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text=_("还有下一页时有值"))


class CorrectionIn(Strict):
    set = serializers.IntegerField(
        min_value=0, max_value=STOCK_MAX, required=False, help_text=_("改成这么多件在库；要带上 expected")
    )
    adjust = serializers.IntegerField(
        min_value=-STOCK_MAX, max_value=STOCK_MAX, required=False, help_text=_("增减这么多件；和 set 二选一")
    )
    expected = serializers.IntegerField(
        min_value=0, max_value=STOCK_MAX, required=False, help_text=_("你以为现在在库几件；不是这个数就不改")
    )
    reason = serializers.CharField(max_length=REASON_MAX, help_text=_("为什么改，如：盘点"))

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("set" in given) == ("adjust" in given):
            raise serializers.ValidationError(_("set 和 adjust 填一个"), "set_or_adjust")
        if "set" in given and "expected" not in given:
            raise serializers.ValidationError(
                {"expected": serializers.ErrorDetail(str(_("用 set 时要填")), "required")}
            )
        if given.get("adjust") == 0:
            raise serializers.ValidationError({"adjust": serializers.ErrorDetail(str(_("增减不能是 0")), "zero")})
        return given


class CorrectionLineIn(CorrectionIn):
    code = serializers.CharField(max_length=40, help_text=_("商品编码"))


class CorrectionsIn(Strict):
    lines = serializers.ListField(
        child=serializers.DictField(),
        min_length=1,
        max_length=rules.LINES_MAX,
        help_text=_("最多 200 行，每行有自己的结果：一行不成，其他行照做"),
    )


class CorrectionsDoc(serializers.Serializer):
    lines = serializers.ListField(
        child=CorrectionLineIn(),
        min_length=1,
        max_length=rules.LINES_MAX,
        help_text=_("最多 200 行，每行有自己的结果：一行不成，其他行照做"),
    )


class CorrectedLineOut(serializers.Serializer):
    line = serializers.IntegerField(help_text=_("第几行，从 0 数"))
    code = serializers.CharField(help_text=_("商品编码"))
    status = serializers.ChoiceField(choices=["done", "refused"], help_text=_("做了没有"))
    on_hand = serializers.IntegerField(required=False, help_text=_("现在在库几件"))
    reserved = serializers.IntegerField(required=False, help_text=_("已占用几件"))
    problem = serializers.CharField(required=False, help_text=_("没做的原因，同 problem 的 code"))
    detail = serializers.CharField(required=False, help_text=_("没做的原因"))


class CorrectedLinesOut(serializers.Serializer):
    lines = CorrectedLineOut(many=True)


class KeyOut(serializers.Serializer):
    supplier = serializers.CharField(help_text=_("供应商"))
    name = serializers.CharField(help_text=_("密钥的名称"))
    prefix = serializers.CharField(help_text=_("密钥的开头"))
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=list(rules.SCOPES)), help_text=_("有哪些权限"))
    expires_at = serializers.DateTimeField(help_text=_("有效期至"))
    requests_per_minute = serializers.IntegerField(help_text=_("每分钟最多请求几次"))


class FaultOut(serializers.Serializer):
    pointer = serializers.CharField(help_text=_("哪里不对，JSON Pointer"))
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOut(serializers.Serializer):
    type = serializers.CharField(help_text=_("urn:mall:problem: 加 code"))
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text=_("不会变的代码，程序按它判断"))
    request_id = serializers.CharField(help_text=_("请求编号，找我们时报它"))
    errors = FaultOut(many=True, required=False)  # type: ignore[assignment]
    needed = serializers.CharField(required=False, help_text=_("缺哪项权限"))
    on_hand = serializers.IntegerField(required=False, help_text=_("现在在库几件"))
    reserved = serializers.IntegerField(required=False, help_text=_("已占用几件"))
    retry_after = serializers.IntegerField(required=False, help_text=_("几秒后再试"))
