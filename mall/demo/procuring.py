"""What companies ask the demo's suppliers for: a request that waits, a quote to accept, and an order at one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orders.commands
from mall.core.ids import SHANGHAI
from members.models import Address, Member
from orders.commands import invoice_request
from orders.commands.enterprise import Asking, accept_quote, ask_suppliers, decline_request, quote_request
from orders.models import EnterpriseRequest
from orders.queries.enterprise import floor_of
from suppliers.models import Sku

from .opening import Shop
from .people import ACCOUNTS
from .provider import PastCharge, Provider

PROVIDER = "sandbox"
COMPANY, CODE = "深圳市松坪文化有限公司", "91440300MA5DEM0X2A"
# A quote takes so much off the price in the shop, as far as it still covers its cost.
OFF_BPS = 1_200


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: codes with counts, how many hours ago, what for, and what became of it."""

    goods: tuple[tuple[str, int], ...]
    hours: int
    note: str
    outcome: str


WISHES = (
    Wish((("DA-HONG-PAO-1", 12), ("LONG-JING-1", 10)), 52, "客户答谢礼，分两个地址送", "accepted"),
    Wish((("LONG-JING-1", 40), ("DA-HONG-PAO-1", 30)), 30, "春节员工福利，要礼盒和手提袋", "quoted"),
    Wish((("WUCHANG-RICE-1", 300),), 26, "食堂用米，每周送一次", "declined"),
    Wish((("DA-HONG-PAO-1", 80),), 3, "年会伴手礼，能印公司标志吗？", "asked"),
)


def buy_for_companies(*, shop: Shop, provider: Provider, at: datetime) -> None:
    """Let the demo's consumer ask for its company, and the suppliers answer."""
    member = Member.objects.get(phone=next(account.phone for account in ACCOUNTS if account.name == "consumer"))
    charges = []
    for number, wish in enumerate(WISHES):
        asked_at = at - timedelta(hours=wish.hours)
        asking = Asking(
            company_name=COMPANY,
            credit_code=CODE,
            contact_name=member.nickname,
            contact_phone=str(member.phone),
            wanted_date=(at + timedelta(days=21)).astimezone(SHANGHAI).date(),
            note=wish.note,
        )
        items = [(shop.skus[code].pk, count) for code, count in wish.goods]
        for request in ask_suppliers(
            member=member, asking=asking, items=items, idempotency_key=f"demo company {number}", at=asked_at
        ):
            charges += _answer(request, wish, shop, asked_at, at)
    if charges:
        provider.take_over(charges, at=at)


def _answer(request: EnterpriseRequest, wish: Wish, shop: Shop, asked_at: datetime, at: datetime) -> list[PastCharge]:
    keeper = shop.keepers[request.supplier_id]
    if wish.outcome == "declined":
        reason = "新米月底才到，每周 300 袋暂时供不上"
        decline_request(request=request, reason=reason, by=keeper, at=asked_at + timedelta(hours=5))
    elif wish.outcome in ("quoted", "accepted"):
        lines = request.lines.select_related("sku__product").order_by("pk")
        quote_request(
            request=request,
            prices={line.pk: _price(line.sku) for line in lines},
            valid_date=(at + timedelta(days=14)).astimezone(SHANGHAI).date(),
            note="含礼盒和手提袋，付款后五天内发出",
            fee_bps=0,
            by=keeper,
            at=asked_at + timedelta(hours=4),
        )
    if wish.outcome == "accepted" and all(line.sku.available >= line.quantity for line in request.lines.all()):
        return [_buy(request, at - timedelta(hours=2))]
    return []


def _buy(request: EnterpriseRequest, at: datetime) -> PastCharge:
    """Accept the quote, pay, and say what the provider is to know of it."""
    own = Address.objects.filter(member=request.member, deleted_at=None)
    purchase = accept_quote(
        member=request.member,
        number=request.number,
        address=own.order_by("-is_default", "pk").first(),
        note="送到前台",
        idempotency_key=f"demo quote {request.pk}",
        at=at,
        invoice=invoice_request(kind="company", title=request.invoice_title, tax_number=request.credit_code),
    )
    payment = orders.commands.start_payment(purchase=purchase, provider=PROVIDER, at=at + timedelta(seconds=40))
    charge = PastCharge(
        payment.number, f"SC{payment.number}", payment.amount_fen, purchase.number, at + timedelta(minutes=1)
    )
    orders.commands.capture_payment(
        payment_number=charge.number,
        provider_ref=charge.reference,
        amount_fen=charge.amount_fen,
        currency=payment.currency,
        captured_at=charge.paid_at,
    )
    return charge


def _price(sku: Sku) -> int:
    """A round price below that in the shop, and never below what it costs."""
    wanted = int(sku.sale_price_fen or 0) * (10_000 - OFF_BPS) // 10_000 // 100 * 100
    return max(wanted, floor_of(sku=sku, fee_bps=0).price_fen)
