"""Cases for tests, opened as a buyer does."""

from datetime import datetime
from typing import Any

from members.models import Member
from orders.commands import place_order, ship_order
from orders.commands.after_sale import open_case, set_return_address
from orders.models import AfterSale, Order, OrderLine, Refund
from suppliers.models import Sku
from tests.factories import AT, a_member, a_sku, a_supplier, an_address, fresh, pay


def an_order(*quantities: int, member: Member | None = None, price_fen: int = 1_000, freight_fen: int = 0) -> Order:
    """A paid order of one supplier with a line for each quantity; the first line's price is not divisible by three."""
    buyer, supplier = member or a_member(), a_supplier()
    set_return_address(supplier=supplier, name="仓库", phone="13900000000", address="浙江省杭州市余杭区 1 号仓")
    skus = [a_sku(supplier=supplier, price_fen=price_fen + n, supply_price_fen=600) for n in range(len(quantities))]
    order = place_order(
        member=buyer,
        items=[(sku.pk, quantity) for sku, quantity in zip(skus, quantities, strict=True)],
        address=an_address(buyer),
        note="",
        idempotency_key=f"k{skus[0].pk}",
        at=AT,
    )
    pay(order)
    return fresh(order)


def shipped(order: Order, at: datetime = AT) -> Order:
    ship_order(order=order, carrier="顺丰速运", tracking_number="SF1234567890", by=None, at=at)
    return fresh(order)


def line_of(order: Order, position: int = 0) -> OrderLine:
    return list(order.lines.order_by("pk"))[position]


def a_case(order: Order, **changes: Any) -> AfterSale:
    """A case about the first line: one damaged piece that goes back for money, unless `changes` say otherwise."""
    asked: dict[str, Any] = {
        "member": order.member,
        "line": line_of(order, changes.pop("position", 0)),
        "kind": "return_refund",
        "before_shipping": False,
        "reason": "damaged",
        "quantity": 1,
        "amount_fen": None,
        "note": "",
        "photos": (),
        "at": AT,
    }
    return open_case(**asked | changes)


def call_off(order: Order, quantity: int = 1, **changes: Any) -> AfterSale:
    asked = {"kind": "refund_only", "before_shipping": True, "reason": "not_wanted", "quantity": quantity}
    return a_case(order, **asked | changes)


def refund_of(case: AfterSale) -> Refund:
    return Refund.objects.get(after_sale=case)


def stock(line: OrderLine) -> tuple[int, int]:
    return Sku.objects.values_list("on_hand", "reserved").get(pk=line.sku_id)
