"""A mall with a full catalogue and a long past: 10,000 products, a million order lines; and the same for oscar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from PIL import Image

from members.commands import AddressText, NewMember, import_members, save_address
from members.models import Member
from orders.commands import add_lines
from orders.rules.cart import CartOwner
from storefront.views.product import OTHERS
from suppliers.commands import add_category, add_product, add_sku, open_supplier, rebuild_search
from suppliers.models import Category, Product, ProductMedia, Sku, StockMovement, Supplier

BEGAN_AT = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=400)
LINES_AN_ORDER = 3
CATEGORIES = 20
SUPPLIERS = 10
BUYERS = 2_000
PICTURES = 20
VIEWS = ("hero", "scene", "detail")
ON_HAND = 10**6
TEXT = "明前采摘，当日炒制，密封避光可存十八个月。开袋后请尽快饮用，水温以八十五度为宜。"

_PAST = """
WITH buyer AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM members_member),
firm AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM suppliers_supplier),
past AS (
    SELECT n, %(began)s::timestamptz + n * interval '90 seconds' AS at,
        (SELECT id FROM buyer WHERE buyer.n = past.n * 7919 %% %(buyers)s) AS member_id,
        (SELECT id FROM firm WHERE firm.n = past.n %% %(suppliers)s) AS supplier_id
    FROM generate_series(1::bigint, %(orders)s) AS past (n)
),
purchase AS (
    INSERT INTO orders_purchase (number, member_id, state, total_fen, placed_at, expires_at, paid_at, idempotency_key)
    SELECT 'HPOLD' || n, member_id, 'paid', 15000, at, at + interval '30 minutes', at, 'old' || n FROM past
    RETURNING id, number
)
INSERT INTO orders_order (
    number, purchase_id, member_id, supplier_id, state, packs, goods_fen, total_fen, supply_total_fen, placed_at,
    expires_at, paid_at, shipped_at, received_at, completed_at, cooling_off_days
)
SELECT 'HJOLD' || n, purchase.id, member_id, supplier_id, 'completed', 0, 15000, 15000, 9000, at,
    at + interval '30 minutes', at, at, at, at, 7
FROM past JOIN purchase ON purchase.number = 'HPOLD' || n
"""

_LINES = """
INSERT INTO orders_orderline (
    order_id, sku_id, product_name, spec, unit_price_fen, supply_price_fen, quantity, amount_fen, paid_fen,
    shipped_quantity
)
SELECT o.id, sku.id, sku.name, '标准', 5000, 3000, 1, 5000, 5000, 1
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM orders_order) AS o
CROSS JOIN generate_series(0, %(a_time)s - 1) AS k
JOIN (
    SELECT sku.id, product.name, row_number() OVER (ORDER BY sku.id) - 1 AS n
    FROM suppliers_sku AS sku JOIN suppliers_product AS product ON product.id = sku.product_id
) AS sku ON sku.n = (o.n * 7919 + k * 104729) %% %(skus)s
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """A filled mall: addresses of products and lists, some SKUs, and buyers with an address and a signed-in session."""

    products: list[str]
    lists: list[str]
    sku_ids: list[int]
    cookies: list[str]


def fill(*, products: int, order_lines: int, buyers: int, lookers: int = 0) -> Shop:
    """Fill an empty mall. The past is written by SQL, the catalogue in bulk; buyers come through the commands, and
    the first `lookers` have three things in their cart."""
    firms = [open_supplier(name=f"山里人 {n}", seal="山", slug=f"firm-{n}", hue=30) for n in range(SUPPLIERS)]
    shelves = [add_category(name=f"茶饮 {n}", slug=f"category-{n}") for n in range(CATEGORIES)]
    _fill_catalogue(firms, shelves, products)
    import_members([NewMember(nickname=f"买家 {n}", phone=None, referrer=None) for n in range(BUYERS)], at=BEGAN_AT)
    with connection.cursor() as cursor:
        orders = order_lines // LINES_AN_ORDER
        values = {"began": BEGAN_AT, "buyers": BUYERS, "suppliers": SUPPLIERS, "orders": orders}
        cursor.execute(_PAST, values)
        cursor.execute(_LINES, {"a_time": LINES_AN_ORDER, "skus": products})
    chosen = list(Product.objects.order_by("pk").values_list("slug", flat=True)[:200])
    # A buyer's three lines are one supplier's, as oscar's are one partner's.
    skus = list(Sku.objects.filter(product__supplier=firms[0]).order_by("pk").values_list("pk", flat=True)[:200])
    members = list(Member.objects.order_by("pk")[:buyers])
    for member in members[:lookers]:
        add_lines(owner=CartOwner(member.pk), items=[(sku_id, 1) for sku_id in skus[:LINES_AN_ORDER]], at=BEGAN_AT)
    return Shop(
        products=[f"/p/{slug}" for slug in chosen],
        lists=[f"/list?category={shelf.slug}" for shelf in shelves],
        sku_ids=skus,
        cookies=[_sign_in(member) for member in members],
    )


def for_oscar(*, products: int, order_lines: int, buyers: int, lookers: int) -> dict[str, Any]:
    """Return the same content for `minishop.fill`: as many pictures, and as many other products beside each."""
    return {
        "products": [
            {
                "slug": f"product-{n}",
                "name": _name(n),
                "text": TEXT * 3,
                "category": f"茶饮 {n % CATEGORIES}",
                "price": str(Decimal(_price_fen(n)).scaleb(-2)),
                "images": [f"images/{(n + view) % PICTURES}.jpg" for view in range(len(VIEWS))],
                "others": [(n + CATEGORIES * step) % products for step in range(1, OTHERS + 1)],
            }
            for n in range(products)
        ],
        "order_lines": order_lines,
        "buyers": buyers,
        "lookers": lookers,
    }


def draw_pictures(folder: Path) -> None:
    """Draw plain pictures for oscar's thumbnails; how they look costs nothing."""
    folder.mkdir(parents=True)
    for n in range(PICTURES):
        Image.new("RGB", (750, 750), (200, 10 * n, 80)).save(folder / f"{n}.jpg")


def _fill_catalogue(firms: Sequence[Supplier], shelves: Sequence[Category], count: int) -> None:
    """Write the first product by the commands, as a pattern, and the others as its copies."""
    pattern = add_product(
        supplier=firms[0],
        category=shelves[0],
        name=_name(0),
        slug="product-0",
        subtitle="核心产区明前茶",
        detail=[{"title": "品质说明", "text": TEXT}, {"title": "储存", "text": TEXT}, {"title": "冲泡", "text": TEXT}],
        origin="浙江杭州",
        label="龙井",
        silhouette="tin",
        image="products/product-0/hero-750.webp",
    )
    first = add_sku(
        product=pattern,
        code="SKU0",
        spec="标准",
        supply_price_fen=3_000,
        list_price_fen=9_900,
        sale_price_fen=_price_fen(0),
        on_hand=ON_HAND,
        at=BEGAN_AT,
    )
    Product.objects.bulk_create(
        (
            _copy(
                pattern,
                slug=f"product-{n}",
                name=_name(n),
                supplier=firms[n % SUPPLIERS],
                category=shelves[n % CATEGORIES],
                image=f"products/product-{n}/hero-750.webp",
                lowest_price_fen=_price_fen(n),
                sales_count=n * 37 % 1000,
            )
            for n in range(1, count)
        ),
        batch_size=1000,
    )
    products = list(Product.objects.order_by("pk"))
    Sku.objects.bulk_create(
        (
            _copy(first, code=f"SKU{n}", product=product, sale_price_fen=_price_fen(n))
            for n, product in enumerate(products)
            if n
        ),
        batch_size=1000,
    )
    StockMovement.objects.bulk_create(
        (
            StockMovement(sku_id=sku_id, kind="received", on_hand_delta=ON_HAND, reason="期初", at=BEGAN_AT)
            for sku_id in Sku.objects.exclude(pk=first.pk).values_list("pk", flat=True)
        ),
        batch_size=1000,
    )
    ProductMedia.objects.bulk_create(
        (
            ProductMedia(product=product, path=f"products/{product.slug}/{view}-750.webp", position=position)
            for product in products
            for position, view in enumerate(VIEWS)
        ),
        batch_size=1000,
    )
    rebuild_search()


def _copy(pattern: Any, **changes: Any) -> Any:
    values = {
        field.attname: getattr(pattern, field.attname)
        for field in pattern._meta.concrete_fields
        if not field.primary_key and field.name not in changes
    }
    return type(pattern)(**values, **changes)


def _name(n: int) -> str:
    return f"西湖龙井明前特级绿茶 {n} 号罐装"


def _price_fen(n: int) -> int:
    return 4_900 + n % 50 * 100


def _sign_in(member: Member) -> str:
    """Give a member an address and a session, and return the session's key."""
    save_address(
        member=member,
        text=AddressText(
            name="林小禾",
            phone="13800001111",
            province="浙江省",
            city="杭州市",
            district="西湖区",
            detail="龙井路 1 号",
        ),
        is_default=True,
        at=BEGAN_AT,
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = "members.backends.MemberBackend"
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.create()
    return str(session.session_key)
