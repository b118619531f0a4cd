"""The newest purchases and carts: at several suppliers at once, with invoices, and what is still undecided."""

from datetime import datetime, timedelta
from typing import Any

import orders.commands
from members.models import Address, Member
from orders.commands import InvoiceRequest, invoice_request
from orders.models import CartItem, Order, Purchase
from suppliers.models import Sku

from .opening import Shop
from .people import ACCOUNTS
from .provider import PastCharge, Provider

PROVIDER = "sandbox"
# What a consumer bought at several suppliers at once: how many minutes ago, and whether it is paid already.
_TOGETHER = (
    ((("DA-HONG-PAO-1", 1), ("WUCHANG-RICE-1", 2), ("DAILY-NUTS-1", 1)), 190, True),
    ((("GOJI-1", 2), ("BABY-TOWEL-1", 1)), 12, False),
)
# What lies in the consumer's cart: the code, how many, how much dearer it was then, and whether it is chosen.
_CART = (
    ("OSMANTHUS-TEA-1", 1, 0, True),
    ("WUCHANG-RICE-2", 2, 600, True),
    ("MILLET-1", 1, 0, True),
    ("BIRD-HONEY-1", 1, -300, True),
    ("ROSE-MASK-1", 1, 0, False),
    ("LONG-JING-2", 1, 0, True),
)


def buy_together(*, shop: Shop, provider: Provider, at: datetime) -> None:
    """Place purchases of the demo's consumer at several suppliers, pay what is to be paid, and ask for invoices."""
    member = _consumer()
    address = Address.objects.filter(member=member, deleted_at=None).order_by("-is_default", "pk").first()
    company = invoice_request(kind="company", title="深圳市松坪文化有限公司", tax_number="91440300MA5DEM0X2A")
    for title in (company, invoice_request(kind="personal", title=member.nickname)):
        orders.commands.save_title(member=member, invoice=title, at=at - timedelta(days=3))
    charges = []
    for items, minutes, is_paid in _TOGETHER:
        placed_at = at - timedelta(minutes=minutes)
        purchase = _place(member, address, shop, items, company if is_paid else None, placed_at)
        if purchase is not None and is_paid:
            charges.append(_pay(purchase, placed_at + timedelta(minutes=1)))
    if charges:
        provider.take_over(charges, at=at)
    _issue(shop, member, at)


def fill_carts(*, shop: Shop, at: datetime) -> None:
    """Put things into the cart of the demo's consumer: one got cheaper since, one dearer, one is sold out."""
    member = _consumer()
    for number, (code, quantity, dearer_fen, is_chosen) in enumerate(_CART):
        added_at = at - timedelta(hours=20 * (len(_CART) - number))
        CartItem.objects.create(
            member=member,
            sku=shop.skus[code],
            quantity=quantity,
            is_chosen=is_chosen,
            price_fen=int(shop.skus[code].sale_price_fen or 0) + dearer_fen,
            added_at=added_at,
            changed_at=added_at,
        )


def _consumer() -> Member:
    phone = next(account.phone for account in ACCOUNTS if account.name == "consumer")
    return Member.objects.get(phone=phone)


def _place(
    member: Member,
    address: Address | None,
    shop: Shop,
    items: tuple[tuple[str, int], ...],
    invoice: InvoiceRequest | None,
    at: datetime,
) -> Purchase | None:
    skus = Sku.objects.in_bulk([shop.skus[code].pk for code, _quantity in items])
    wanted = [
        (shop.skus[code].pk, quantity) for code, quantity in items if skus[shop.skus[code].pk].available >= quantity
    ]
    if not wanted:
        return None
    return orders.commands.place_purchase(
        member=member,
        items=wanted,
        address=address,
        notes="请放丰巢快递柜",
        idempotency_key=f"demo {at.isoformat()}",
        at=at,
        invoice=invoice,
    )


def _pay(purchase: Purchase, at: datetime) -> PastCharge:
    payment = orders.commands.start_payment(purchase=purchase, provider=PROVIDER, at=at - timedelta(seconds=20))
    charge = PastCharge(payment.number, f"SC{payment.number}", payment.amount_fen, purchase.number, at)
    orders.commands.capture_payment(
        payment_number=charge.number,
        provider_ref=charge.reference,
        amount_fen=charge.amount_fen,
        currency=payment.currency,
        captured_at=at,
    )
    return charge


def _issue(shop: Shop, member: Member, at: datetime) -> None:
    """Have one older order's invoice issued by its supplier."""
    order: Any = Order.objects.filter(member=member, state="completed", packs=0).order_by("pk").first()
    if order is None:
        return
    invoice = orders.commands.request_invoice(
        order=order,
        invoice=invoice_request(kind="personal", title=member.nickname, email="zhouke@example.com"),
        at=at - timedelta(days=2),
    )
    orders.commands.issue_invoice(
        invoice=invoice,
        number="26442000000012345678",
        file_url="",
        by=shop.keepers[order.supplier_id],
        at=at - timedelta(days=1),
    )
