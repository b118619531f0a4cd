"""The operators' first page and the search over a million orders of two years: their SQL, and how many questions."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from bench import databases
from bench.books import BooksWrong
from bench.results import Result, ceiling
from bench.run import Run
from bench.watching import an_operator, measure_pages, signed_in
from insights.commands import check_days, make_days, rebuild_days
from members.commands import register_member
from suppliers.commands import add_category, add_product, add_sku, open_supplier, seat_member
from suppliers.models import Sku, Supplier

PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
ORDERS, MEMBERS, SKUS, DAYS = 1_000_000, 200_000, 1_000, 730
# One order in so many is of a gift pack, and one in so many earns a shopkeeper something.
PACKS, SALES = 12, 3
QUERIES_MAX = 75
TASK_MS_MAX = 5_000

_MEMBERS = """
INSERT INTO members_member (password, is_superuser, public_id, phone, phone_verified, nickname, referral_code, shard,
    joined_at, is_active, is_staff, created_at)
SELECT '', false, 'b' || n, '+8613' || lpad(n::text, 9, '0'), true, '顾' || n, 'B' || n, 0,
    %(began)s::timestamptz + (n * %(seconds)s / %(members)s) * interval '1 second', true, false, now()
FROM generate_series(1::bigint, %(members)s) AS row(n)
"""
_POSITIONS = """
INSERT INTO linkage_position (member_id, shard, rank, packs, valid_referrals, counted, tasks_done, strand_id, place,
    recruits, agent_at)
SELECT id, 0, 1, 1, 0, false, false, id, 0, 0, joined_at FROM members_member WHERE id %% 10 = 0
"""
_ORDERS = """
WITH first AS (SELECT min(id) AS member FROM members_member WHERE shard = 0 AND NOT is_staff),
past AS (
    SELECT n, %(began)s::timestamptz + (n * %(seconds)s / %(orders)s) * interval '1 second' AS at,
        (SELECT member FROM first) + (n * 7919 %% %(members)s) AS member_id,
        CASE WHEN n %% %(packs)s = 0 THEN 1 ELSE 0 END AS packs
    FROM generate_series(1::bigint, %(orders)s) AS row(n)
),
purchase AS (
    INSERT INTO orders_purchase (number, member_id, state, total_fen, placed_at, expires_at, paid_at, idempotency_key)
    SELECT 'HPC' || lpad(n::text, 12, '0'), member_id, 'paid', 15000, at, at, at, 'old' || n FROM past
    RETURNING id, number
)
INSERT INTO orders_order (number, purchase_id, member_id, supplier_id, state, packs, goods_fen, total_fen,
    supply_total_fen, placed_at, expires_at, paid_at, due_at, shipped_at, received_at, completed_at, cooling_off_days)
SELECT 'HJC' || lpad(n::text, 12, '0'), purchase.id, member_id, %(supplier)s, 'completed', packs, 15000, 15000, 9000,
    at, at, at, at + interval '48 hours', at + (n %% 60) * interval '1 hour', at, at, 7
FROM past JOIN purchase ON purchase.number = 'HPC' || lpad(n::text, 12, '0')
"""
_LINES = """
INSERT INTO orders_orderline (order_id, sku_id, product_name, spec, unit_price_fen, supply_price_fen, quantity,
    amount_fen, paid_fen, shipped_quantity)
SELECT id, %(sku)s + id %% %(skus)s, '茶', '250 克', 15000, 9000, 1, 15000, 15000, 1 FROM orders_order
"""
_SETTLED = """
INSERT INTO linkage_settledorder (order_id, shard, member_id, packs, first_packs, plan_version, paid_at, matured)
SELECT id, 0, member_id, 1, 1, 1, paid_at, true FROM orders_order WHERE packs > 0
"""
_REWARDS = """
INSERT INTO linkage_reward (order_id, kind, member_id, amount_fen, held_fen, seed_id, hold, acting, first_fen,
    further_fen, via)
SELECT order_id, kind, member_id, 1000, 0, member_id, 0, 1, 1000, 1000, '{}'
FROM linkage_settledorder CROSS JOIN (VALUES (1), (2)) AS kinds(kind)
"""
_COMMISSIONS = """
INSERT INTO linkage_commission (line_id, order_id, shard, member_id, net_fen, bps, days, first_fen, kept_fen,
    amount_fen, paid_at, matured)
SELECT line.id, line.order_id, 0, paid.member_id, 15000, 1000, 7, 1500, 15000, 1500, paid.paid_at, true
FROM orders_orderline line JOIN orders_order paid ON paid.id = line.order_id
WHERE paid.packs = 0 AND paid.id %% %(sales)s = 0
"""

# The newest so many still have to be shipped.
TO_SHIP = 2_000
_TO_SHIP = (
    "UPDATE orders_order SET state = 'paid', shipped_at = NULL, received_at = NULL, completed_at = NULL"
    " WHERE id > (SELECT max(id) FROM orders_order) - %(count)s",
    "UPDATE orders_orderline SET shipped_quantity = 0 WHERE order_id > (SELECT max(id) FROM orders_order) - %(count)s",
)

PAGES = {
    "cockpit: thirty days": "/ops/",
    "cockpit: today": "/ops/?period=today",
    "search: an order": "/ops/search/?q=HJC000000000042",
    "search: the beginning of a number": "/ops/search/?q=HJC0000000",
    "search: a phone's tail": "/ops/search/?q=0042",
    "search: a nickname": "/ops/search/?q=%E9%A1%BE42",
}
SUPPLIERS_PAGES = {
    "supplier: today": "/supplier/",
    "supplier: to ship": "/supplier/orders/order/?part=to_ship",
    "supplier: all orders": "/supplier/orders/order/?part=all",
    "supplier: deep in the list": "/supplier/orders/order/?part=all&p=90",
    "supplier: an order by its number": "/supplier/orders/order/?part=all&q=HJC000000000042",
    "supplier: stock": "/supplier/suppliers/sku/board/",
}


def measure(run: Run) -> Iterator[Result]:
    database = databases.copy(databases.EMPTY, "mall_bench_cockpit")
    now = datetime.now(UTC)
    _fill(run, now)
    databases.settle_down(database)
    run.tell("filled")
    rebuilt, days = _timed(lambda: rebuild_days(at=now))
    run.tell(f"{days} days made in {rebuilt / 1000:.1f} s")
    checked, wrong = _timed(lambda: check_days(at=now))
    if wrong:
        raise BooksWrong(f"days that were just made differ: {wrong[:3]}")
    run.tell(f"and compared in {checked / 1000:.1f} s")
    databases.settle_down(database)
    task = [_timed(lambda: make_days(at=now))[0] for _turn in range(3)]
    yield ceiling("cockpit: the task that makes days", "ms", task, TASK_MS_MAX)
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": PLAIN}}):
        yield from _measure(run, now)
    databases.drop(database)


def _measure(run: Run, now: datetime) -> Iterator[Result]:
    yield from measure_pages(run, an_operator(at=now), PAGES, questions=QUERIES_MAX)
    with connection.cursor() as cursor:
        for statement in _TO_SHIP:
            cursor.execute(statement, {"count": TO_SHIP})
    member = register_member(phone="+8613700000002", nickname="owner", referrer=None, at=now)
    seat_member(supplier=Supplier.objects.get(), member=member)
    yield from measure_pages(run, signed_in(member), SUPPLIERS_PAGES, questions=QUERIES_MAX)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many milliseconds some work took, and what it returned."""
    began = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - began), result


def _fill(run: Run, now: datetime) -> None:
    """Two years of orders with their lines, rewards and commissions, the last of them a minute ago."""
    supplier = open_supplier(name="量", seal="量", slug="bench", hue=1)
    category = add_category(name="茶", slug="tea")
    first: Sku | None = None
    skus = min(SKUS, run.size(SKUS))
    for number in range(skus):
        product = add_product(
            supplier=supplier, category=category, name=f"茶 {number}", slug=f"t{number}", label="茶", is_published=True
        )
        sku = add_sku(
            product=product,
            code=f"T{number}",
            spec="250 克",
            supply_price_fen=9_000,
            list_price_fen=16_000,
            sale_price_fen=15_000,
            on_hand=10**6 if number % 50 else 0,
            at=now - timedelta(days=DAYS),
        )
        first = first or sku
    assert first is not None
    wanted = {
        "began": now - timedelta(days=DAYS),
        "seconds": DAYS * 86_400 - 60,
        "members": run.size(MEMBERS),
        "orders": run.size(ORDERS),
        "packs": PACKS,
        "sales": SALES,
        "supplier": supplier.pk,
        "sku": first.pk,
        "skus": skus,
    }
    with connection.cursor() as cursor:
        for statement in (_MEMBERS, _POSITIONS, _ORDERS, _LINES, _SETTLED, _REWARDS, _COMMISSIONS):
            cursor.execute(statement, wanted)
