"""Rows for tests, made through the commands that the mall itself uses."""

import itertools
from datetime import UTC, datetime, timedelta

from mall.core.ids import random_code
from members.commands import AddressText, register_member, save_address
from members.models import Address, Member
from orders.commands import capture_payment, confirm_receipt, place_order, ship_order, start_payment
from orders.models import Order, Payment
from suppliers.commands import add_category, add_product, add_sku, open_supplier, seat_member, set_gift_pack_terms
from suppliers.models import Category, GiftPackTerms, Sku, Supplier

AT = datetime(2026, 11, 1, 4, tzinfo=UTC)
PACK_PRICE_FEN = 49_900

_serial = itertools.count(1)


def later(**parts: float) -> datetime:
    """Return an instant that long after AT."""
    return AT + timedelta(**parts)


def a_phone() -> str:
    return f"+86139{next(_serial):08d}"


def a_member(*, referrer: Member | None = None, nickname: str = "小禾", at: datetime = AT) -> Member:
    return register_member(phone=a_phone(), nickname=nickname, referrer=referrer, at=at)


def address_text(**changes: str) -> AddressText:
    parts = {
        "name": "林小禾",
        "phone": "13800001111",
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "detail": "龙井路 1 号",
    }
    return AddressText(**(parts | changes))


def an_address(member: Member) -> Address:
    return save_address(member=member, text=address_text(), at=AT)


def a_supplier(name: str = "") -> Supplier:
    n = next(_serial)
    return open_supplier(name=name or f"山里人 {n}", seal="山", slug=f"supplier-{n}", hue=30)


def a_seat(supplier: Supplier) -> Member:
    """Return a member with a seat at `supplier`."""
    member = a_member(nickname="店小二")
    seat_member(supplier=supplier, member=member)
    return member


def a_category() -> Category:
    n = next(_serial)
    return add_category(name=f"茶饮 {n}", slug=f"category-{n}")


def a_sku(
    *,
    supplier: Supplier | None = None,
    price_fen: int = 6_800,
    supply_price_fen: int = 4_000,
    on_hand: int = 50,
    is_published: bool = True,
) -> Sku:
    return _sku(supplier, supply_price_fen, on_hand, is_published, price_fen)


def a_gift_pack(*, supplier: Supplier | None = None, supply_price_fen: int = 15_000, on_hand: int = 50) -> Sku:
    return _sku(supplier, supply_price_fen, on_hand, True, None)


def gift_pack_terms(
    *,
    price_fen: int | None = PACK_PRICE_FEN,
    worst_case_fen: int = 29_000,
    starts_at: datetime = AT - timedelta(days=1),
) -> GiftPackTerms:
    return set_gift_pack_terms(
        starts_at=starts_at, price_fen=price_fen, worst_case_fen=worst_case_fen, cooling_off_days=7, plan_version=None
    )


def a_placed_order(
    *, member: Member | None = None, sku: Sku | None = None, quantity: int = 1, at: datetime = AT
) -> Order:
    buyer = member or a_member()
    return place_order(
        member=buyer,
        items=[((sku or a_sku()).pk, quantity)],
        address=an_address(buyer),
        note="",
        idempotency_key=random_code(20),
        at=at,
    )


def a_payment(order: Order, *, at: datetime = AT) -> Payment:
    return start_payment(purchase=order.purchase, provider="sandbox", at=at)


def pay(order: Order, *, at: datetime = AT) -> Payment:
    """Pay a placed order, as a notice that fits would."""
    payment = a_payment(order, at=order.placed_at)
    return capture_payment(
        payment_number=payment.number,
        provider_ref=f"SC{payment.number}",
        amount_fen=payment.amount_fen,
        currency="CNY",
        captured_at=at,
    )


def a_paid_order(
    *, member: Member | None = None, sku: Sku | None = None, quantity: int = 1, at: datetime = AT
) -> Order:
    order = a_placed_order(member=member, sku=sku, quantity=quantity, at=at)
    pay(order, at=at)
    return fresh(order)


def a_shipped_order(*, member: Member | None = None, sku: Sku | None = None, at: datetime = AT) -> Order:
    order = a_paid_order(member=member, sku=sku, at=at)
    ship_order(order=order, carrier="顺丰速运", tracking_number="SF1234567890", by=None, at=at)
    return fresh(order)


def a_received_order(*, member: Member | None = None, sku: Sku | None = None, at: datetime = AT) -> Order:
    return confirm_receipt(order=a_shipped_order(member=member, sku=sku, at=at), at=at)


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def _sku(
    supplier: Supplier | None, supply_price_fen: int, on_hand: int, is_published: bool, price_fen: int | None
) -> Sku:
    n = next(_serial)
    product = add_product(
        supplier=supplier or a_supplier(),
        category=a_category(),
        name=f"狮峰龙井 {n}",
        slug=f"product-{n}",
        label="龙井",
        is_published=is_published,
    )
    return add_sku(
        product=product,
        code=f"SKU{n:06d}",
        spec="250 克",
        supply_price_fen=supply_price_fen,
        list_price_fen=(price_fen or PACK_PRICE_FEN) + 1_000,
        sale_price_fen=price_fen,
        on_hand=on_hand,
        at=AT,
        is_gift_pack=price_fen is None,
    )
