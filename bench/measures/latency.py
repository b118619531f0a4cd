"""From a paid notice to the reward that its referrer can see, through the broker and a real worker."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from statistics import quantiles

from bench import books, databases
from bench.population import MEASURED_AT, Mall, found, populate, random_tree
from bench.results import Result
from bench.run import Run
from bench.worker import worker
from linkage.models import Reward
from members.commands import AddressText, save_address
from members.models import Member
from orders.commands import capture_payment, place_order, start_payment
from orders.models import Payment
from suppliers.commands import add_category, add_product, add_sku, open_supplier
from suppliers.models import Sku

ORDERS = 200
WARM = 20
PATIENCE_SECONDS = 30
LOOK_EVERY_SECONDS = 0.001


def measure(run: Run) -> Iterator[Result]:
    mall = Mall(databases.copy(databases.EMPTY, "mall_bench_latency"))
    found(mall, plan={})
    populate(mall, random_tree(run.size(10_000), Random(5)))
    buyers = populate(mall, [(0, False)] * (ORDERS + WARM), at=MEASURED_AT)
    gift_pack = _gift_pack()
    payments = [_payment(buyer, gift_pack) for buyer in Member.objects.filter(pk__in=buyers)]
    databases.settle_down(mall.database)
    with worker(mall.database):
        waited = [_pay(payment) for payment in payments][WARM:]
    books.prove()
    databases.drop(mall.database)
    steps = quantiles(waited, n=100)
    run.tell(f"{min(waited):.1f} to {max(waited):.1f} ms")
    yield Result("from paid notice to visible reward, p50", "ms", steps[49])
    yield Result("from paid notice to visible reward, p95", "ms", steps[94])


def _gift_pack() -> Sku:
    product = add_product(
        supplier=open_supplier(name="山里人", seal="山", slug="mountains", hue=20),
        category=add_category(name="礼包", slug="packs"),
        name="礼包",
        slug="pack",
    )
    return add_sku(
        product=product,
        code="PACK",
        spec="一份",
        supply_price_fen=15_000,
        list_price_fen=49_900,
        sale_price_fen=None,
        on_hand=10_000,
        at=MEASURED_AT,
        is_gift_pack=True,
    )


def _payment(buyer: Member, gift_pack: Sku) -> Payment:
    """Place an order and get as far as the cashier."""
    at = datetime.now(UTC)
    text = AddressText("林小禾", "13800001111", "浙江省", "杭州市", "西湖区", "龙井路 1 号")
    address = save_address(member=buyer, text=text, at=at)
    order = place_order(
        member=buyer, items=[(gift_pack.pk, 1)], address=address, note="", idempotency_key=buyer.public_id, at=at
    )
    return start_payment(purchase=order.purchase, provider="sandbox", at=at)


def _pay(payment: Payment) -> float:
    """Take in the money, and look until the reward is there; return the milliseconds."""
    order_id = payment.purchase.orders.values_list("pk", flat=True).get()
    began = time.perf_counter()
    capture_payment(
        payment_number=payment.number,
        provider_ref=f"SC{payment.number}",
        amount_fen=payment.amount_fen,
        currency=payment.currency,
        captured_at=datetime.now(UTC),
    )
    rewards = Reward.objects.filter(order_id=order_id)
    while not rewards.exists():
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise books.BooksWrong(f"order {order_id} has no reward after {PATIENCE_SECONDS} seconds")
        time.sleep(LOOK_EVERY_SECONDS)
    return 1000 * (time.perf_counter() - began)
