"""Fill the shop: python -m minishop.fill PRODUCTS.json, and tell on standard output what the measurement has to know.

The file holds `{"products": [{"slug", "name", "text", "category", "price", "images", "others"}], "order_lines",
"buyers", "lookers"}`; prices are decimal texts, `others` are the numbers of the products that a product's page shows
beside it, and the first `lookers` buyers have three things in their basket.

Old orders are written by SQL, a third as many orders as lines.
"""

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minishop.settings")

LINES_AN_ORDER = 3

_ORDERS = """
INSERT INTO order_order (
    number, user_id, currency, total_incl_tax, total_excl_tax, shipping_incl_tax, shipping_excl_tax, shipping_tax_code,
    shipping_method, shipping_code, status, guest_email, date_placed, analytics_tracked
)
SELECT 'H' || n, NULL, 'CNY', 150, 150, 0, 0, NULL, 'Free', 'free', 'Pending', '',
    now() - n * interval '30 seconds', true
FROM generate_series(1, %s) AS n
"""

_LINES = """
INSERT INTO order_line (
    order_id, partner_id, partner_name, partner_sku, partner_line_reference, partner_line_notes, title, upc, product_id,
    stockrecord_id, quantity, line_price_incl_tax, line_price_excl_tax, line_price_before_discounts_incl_tax,
    line_price_before_discounts_excl_tax, unit_price_incl_tax, unit_price_excl_tax, status, num_allocated,
    allocation_cancelled
)
SELECT o.id, s.partner_id, 'Partner', s.partner_sku, '', '', 'Product', '', s.product_id,
    s.id, 1, 50, 50, 50, 50, 50, 50, 'Pending', 1, false
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM order_order) AS o
CROSS JOIN generate_series(0, %s) AS k
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS n FROM partner_stockrecord) AS s
    ON s.n = (o.n * 7919 + k * 104729) %% %s
"""


def main(path: str) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    content = json.loads(Path(path).read_text())
    call_command("migrate", verbosity=0, interactive=False)
    addresses = fill_catalogue(content["products"])
    call_command("rebuild_index", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, [content["order_lines"] // LINES_AN_ORDER])
        cursor.execute(_LINES, [LINES_AN_ORDER - 1, len(content["products"])])
    cookies = [sign_in(number, in_basket=number < content["lookers"]) for number in range(content["buyers"])]
    print(json.dumps({**addresses, "cookies": cookies}))


def fill_catalogue(products: list[dict[str, str]]) -> dict[str, list[str]]:
    """Write categories, products and their stock; return the addresses of products and categories."""
    from oscar.apps.catalogue.models import (
        Category,
        Product,
        ProductCategory,
        ProductClass,
        ProductImage,
        ProductRecommendation,
    )
    from oscar.apps.partner.models import Partner, StockRecord

    kind = ProductClass.objects.create(name="Goods", requires_shipping=True, track_stock=True)
    partner = Partner.objects.create(name="Partner", code="partner")
    names = sorted({product["category"] for product in products})
    categories = {name: Category.add_root(name=name, slug=f"category-{number}") for number, name in enumerate(names)}
    made = Product.objects.bulk_create(
        Product(
            structure=Product.STANDALONE,
            product_class=kind,
            title=row["name"],
            slug=row["slug"],
            description=row["text"],
            upc=f"UPC{number:08d}",
        )
        for number, row in enumerate(products)
    )
    pairs = list(zip(made, products, strict=True))
    ProductCategory.objects.bulk_create(
        ProductCategory(product=product, category=categories[row["category"]]) for product, row in pairs
    )
    ProductImage.objects.bulk_create(
        ProductImage(product=product, original=image, display_order=place)
        for product, row in pairs
        for place, image in enumerate(row["images"])
    )
    ProductRecommendation.objects.bulk_create(
        ProductRecommendation(primary=product, recommendation=made[other], ranking=len(row["others"]) - place)
        for product, row in pairs
        for place, other in enumerate(row["others"])
    )
    StockRecord.objects.bulk_create(
        StockRecord(
            product=product,
            partner=partner,
            partner_sku=product.upc,
            price_currency="CNY",
            price=row["price"],
            num_in_stock=10**6,
        )
        for product, row in pairs
    )
    return {
        "products": [product.get_absolute_url() for product in made[:200]],
        "product_ids": [str(product.pk) for product in made[:200]],
        "categories": [category.get_absolute_url() for category in categories.values()],
    }


def sign_in(number: int, *, in_basket: bool) -> str:
    """Make a buyer with an address, and three things in the basket if so wanted; return the cookie of a session."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.cached_db import SessionStore
    from oscar.apps.address.models import Country, UserAddress

    country, _ = Country.objects.get_or_create(
        iso_3166_1_a2="CN",
        defaults={
            "iso_3166_1_a3": "CHN",
            "iso_3166_1_numeric": "156",
            "printable_name": "China",
            "name": "China",
            "is_shipping_country": True,
        },
    )
    buyer = get_user_model().objects.create_user(f"buyer{number}", f"buyer{number}@example.com", "measured")
    UserAddress.objects.create(
        user=buyer,
        first_name="He",
        last_name="Lin",
        line1="1 Longjing Road",
        line4="Hangzhou",
        postcode="310000",
        country=country,
    )
    if in_basket:
        from oscar.apps.basket.models import Basket
        from oscar.apps.catalogue.models import Product
        from oscar.apps.partner.strategy import Selector

        basket = Basket.objects.create(owner=buyer)
        basket.strategy = Selector().strategy()
        for product in Product.objects.order_by("pk")[:LINES_AN_ORDER]:
            basket.add_product(product, 1)
    session = SessionStore()
    session[SESSION_KEY] = str(buyer.pk)
    session[BACKEND_SESSION_KEY] = "oscar.apps.customer.auth_backends.EmailBackend"
    session[HASH_SESSION_KEY] = buyer.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main(sys.argv[1])
