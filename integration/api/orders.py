"""Orders: what is to be shipped, where to, and that it was shipped."""

from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from integration import queries, rules
from integration.models import ActKind
from mall.core import clock
from mall.core.own_supplier import as_the_mall
from orders.commands import reveal_recipients, ship_order
from orders.models import RevealWay

from . import schemas
from .base import SupplierView
from .openapi import documented
from .problems import Problem
from .shown import instant, order_shown, parcel_shown


def checked(schema: type[Any], data: Any) -> dict[str, Any]:
    """Return what was sent once it is good; raises what the handler answers with 422."""
    given = schema(data=data)
    given.is_valid(raise_exception=True)
    found: dict[str, Any] = given.validated_data
    return found


class KeyView(SupplierView):
    """Any key may ask what it is."""

    scopes: ClassVar = {"GET": ()}

    @documented(
        name="show_key",
        title=_("这个密钥是什么"),
        about=_("密钥的名称、权限和有效期，接入时用来试通不通。不需要任何权限。"),
        answers={200: schemas.KeyOut},
    )
    def get(self, request: Request) -> Response:
        return Response(
            {
                "supplier": self.supplier.name,
                "name": self.key.name,
                "prefix": self.key.prefix,
                "scopes": self.key.scopes,
                "expires_at": instant(self.key.expires_at),
                "requests_per_minute": settings.API_KEY_PER_MINUTE,
            }
        )


class OrdersView(SupplierView):
    scopes: ClassVar = {"GET": (rules.ORDERS_READ,)}

    @documented(
        name="list_orders",
        title=_("订单列表"),
        about=_(
            "已付款的订单，先付的不一定在前：按生成的先后翻页，翻完为止。默认只给待发货的。"
            "同步时记下开始的时刻，下次用 updated_since 带上它。收货人已打码。"
        ),
        query=schemas.OrdersQuery,
        answers={200: schemas.OrdersPageOut},
        refusals=("invalid_request",),
    )
    def get(self, request: Request) -> Response:
        asked = checked(schemas.OrdersQuery, request.query_params)
        after = None
        if cursor := asked.get("cursor"):
            after = queries.order_of(supplier=self.supplier, number=cursor)
            if after is None:
                raise Problem("invalid_request", _("cursor 不对，请从第一页开始"))
        found = queries.orders_page(
            supplier=self.supplier,
            state="" if asked["state"] == "all" else asked["state"],
            updated_since=asked.get("updated_since"),
            after=after,
            limit=asked["limit"] + 1,
        )
        shown = found[: asked["limit"]]
        return Response(
            {
                "orders": [order_shown(order) for order in shown],
                "next_cursor": shown[-1].number if len(found) > len(shown) else None,
            }
        )


class OrderView(SupplierView):
    scopes: ClassVar = {"GET": (rules.ORDERS_READ,)}

    @documented(
        name="show_order",
        title=_("一个订单"),
        about=_("订单的商品、件数和已发出的包裹。收货人已打码。"),
        answers={200: schemas.OrderOut},
        refusals=("not_found",),
    )
    def get(self, request: Request, number: str) -> Response:
        return Response(order_shown(own_order(self, number)))


class ParcelsView(SupplierView):
    scopes: ClassVar = {"POST": (rules.SHIPPING_WRITE,)}
    once: ClassVar = frozenset({"POST"})

    @documented(
        name="ship_order",
        title=_("发货"),
        about=_(
            "把一个包裹交给快递。不填 items 则剩下的全发；分几个包裹就请求几次，每次用一个新的 Idempotency-Key。"
            "全部发出后订单才算已发货。同一个订单用同一个快递单号只能发一次。"
        ),
        request=schemas.ParcelIn,
        answers={201: schemas.ShippedOut},
        refusals=("invalid_request", "bad_packing", "not_found", "wrong_state", "waybill_used"),
    )
    def post(self, request: Request, number: str) -> Response:
        given = checked(schemas.ParcelIn, request.data)
        order = own_order(self, number)
        with as_the_mall():
            parcel = ship_order(
                order=order,
                carrier=given["carrier"],
                tracking_number=given["tracking_number"],
                items=_items(order, given.get("items")),
                by=self.key.made_by,
                at=clock.now(),
                once=True,
            )
        self.note(ActKind.SHIPPED, number, f"{parcel.carrier} {parcel.tracking_number}")
        after = own_order(self, number)
        packed = next(one for one in after.parcels.all() if one.pk == parcel.pk)
        return Response({"parcel": parcel_shown(packed), "order": order_shown(after)}, status=201)


class RecipientsView(SupplierView):
    scopes: ClassVar = {"POST": (rules.SHIPPING_WRITE,)}

    @documented(
        name="show_recipients",
        title=_("收货信息"),
        about=_(
            "待发货订单的收货人、电话和地址，最多 100 个订单。每个订单都会记下一次查看：哪个密钥、什么时候、为什么，"
            "买家和平台查得到。已发出的、别人的订单不给。"
        ),
        request=schemas.RecipientsIn,
        answers={200: schemas.RecipientsOut},
        refusals=("invalid_request",),
    )
    def post(self, request: Request) -> Response:
        given = checked(schemas.RecipientsIn, request.data)
        numbers = list(dict.fromkeys(given["orders"]))
        orders = queries.orders_to_ship(supplier=self.supplier, numbers=numbers)
        if orders:
            with as_the_mall():
                reveal_recipients(
                    orders=orders.values(),
                    by=self.key.made_by,
                    way=RevealWay.API,
                    reason=given["reason"],
                    at=clock.now(),
                )
            self.note(ActKind.RECIPIENTS_SEEN, "、".join(orders)[:80], given["reason"])
        return Response({"recipients": [_recipient(number, orders.get(number)) for number in numbers]})


def own_order(view: SupplierView, number: str) -> Any:
    """Return one of the own paid orders, or answer 404."""
    found = queries.order_of(supplier=view.supplier, number=number)
    if found is None:
        raise Problem("not_found", _("没有这个订单号"))
    return found


def _items(order: Any, items: list[dict[str, Any]] | None) -> dict[int, int] | None:
    """Return the pieces by the line's id; none stands for all that is left."""
    if items is None:
        return None
    lines = {line.sku.code: line.pk for line in order.lines.all()}
    unknown = [item["code"] for item in items if item["code"] not in lines]
    if unknown:
        raise Problem("bad_packing", _("订单里没有商品编码 %s") % unknown[0])
    return {lines[item["code"]]: item["quantity"] for item in items}


def _recipient(number: str, order: Any) -> dict[str, str]:
    if order is None:
        return {"order": number, "status": "not_to_ship"}
    return {
        "order": number,
        "status": "shown",
        "name": order.recipient_name,
        "phone": order.recipient_phone.removeprefix("+86"),
        "address": order.recipient_address,
    }
