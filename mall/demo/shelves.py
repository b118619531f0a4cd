"""What the shop says of its goods beside their names, what people looked at and searched for: `shelves.toml`."""

import re
import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

import storefront.commands
import suppliers.commands
from members.models import Member
from suppliers.models import Category, Product, ProductView, SearchWord, Sku, Supplier
from suppliers.rules import Fees

from .story import SEED

SHELVES = Path(__file__).with_name("shelves.toml")
LOOKERS = 120
LOOKS = 9
DAYS = 60
# A parcel weighs more than what is in it.
WRAPPING_G = 60
_GRAMS = re.compile(r"(\d+(?:\.\d+)?) ?(千克|克|毫升|升)(?: × (\d+))?")
_UNITS = {"千克": 1_000, "升": 1_000, "克": 1, "毫升": 1}
USUAL_G = 400


@cache
def shelves() -> dict[str, Any]:
    with SHELVES.open("rb") as file:
        return tomllib.load(file)


def lay_out(*, at: datetime) -> None:
    """Give the goods brands, words, promises, specs, freight and papers: before the first customer comes."""
    goods = {product.slug: product for product in Product.objects.select_related("supplier")}
    sellers = {supplier.slug: supplier for supplier in Supplier.objects.all()}
    for row in shelves()["brands"]:
        brand = suppliers.commands.add_brand(**{name: row[name] for name in ("slug", "name", "seal", "hue", "story")})
        _change(row["goods"], brand=brand)
    for slug, about in shelves()["about"].items():
        changes = {name: about[name] for name in ("keywords", "promises", "ship_within_hours", "unit") if name in about}
        if not about.get("returnable", True):
            changes |= {"returnable": False, "not_returnable_reason": about["why"]}
        _change([slug], **changes)
    for row in shelves()["freight"]:
        template = suppliers.commands.add_freight_template(
            supplier=sellers[row["supplier"]],
            name=row["name"],
            fees=Fees(*row["fees"]),
            by_weight=row["by_weight"],
            regions=[(provinces, Fees(*fees)) for provinces, fees in row["regions"]],
            free_above_fen=row["free_above_fen"] or None,
            unserved=row["unserved"],
        )
        _change(row["goods"], freight_template=template)
    for number, row in enumerate(shelves()["papers"]):
        suppliers.commands.add_qualification(
            supplier=sellers[row["supplier"]],
            product=goods[row["product"]] if "product" in row else None,
            kind=row["kind"],
            title=row["title"],
            number=row["number"],
            valid_until=timezone.localdate(at + timedelta(days=row.get("days", 500 + 90 * number))),
        )
    for slug, permit in shelves()["permits"].items():
        suppliers.commands.set_category_permit(category=Category.objects.get(slug=slug), permit=permit)
    _weigh()
    for slug, spec in shelves()["specs"].items():
        _spread(goods[slug], spec, at)
    suppliers.commands.rebuild_search()


def limit_goods() -> None:
    """Limit how much of some goods one order and one member may have: from today on."""
    for slug, about in shelves()["about"].items():
        limits = {name: about[name] for name in ("limit_per_order", "limit_per_member") if name in about}
        if limits:
            _change([slug], **limits)


def look_around(*, at: datetime) -> None:
    """Let members have looked at goods in the last weeks, and people have searched; then count what goes together."""
    chance = Random(SEED + 7)
    products = list(Product.objects.filter(is_published=True).order_by("position"))
    members = list(Member.objects.filter(is_staff=False, joined_at__lt=at - timedelta(days=1)).order_by("pk")[:LOOKERS])
    views = {}
    for member in members:
        likes = chance.randrange(len(products))
        for _ in range(chance.randint(2, LOOKS)):
            product = products[(likes + chance.choice((0, 0, 1, 1, 2, 3, 9))) % len(products)]
            seen_at = max(at - timedelta(minutes=chance.randrange(DAYS * 1_440)), member.joined_at)
            date = timezone.localdate(seen_at)
            views[member.pk, product.pk, date] = ProductView(member=member, product=product, date=date, at=seen_at)
    ProductView.objects.bulk_create(views.values())
    SearchWord.objects.bulk_create(
        SearchWord(word=word, heat=heat * 100, searches=heat * 3, searched_at=at - timedelta(minutes=7 * heat))
        for word, heat in shelves()["hot_words"]
    )
    storefront.commands.refresh_pairs(at=at)


def _change(slugs: list[str], **changes: Any) -> None:
    Product.objects.filter(slug__in=slugs).update(**changes)


def _weigh() -> None:
    """Weigh the SKUs by what their specs say."""
    skus = list(Sku.objects.all())
    for sku in skus:
        found = _GRAMS.search(sku.spec)
        grams = USUAL_G
        if found:
            amount, unit, times = found.groups()
            whole, _dot, tenth = amount.partition(".")
            grams = (int(whole) * 10 + int(tenth or 0)) * _UNITS[unit] * int(times or 1) // 10
        sku.weight_g = grams + WRAPPING_G
    Sku.objects.bulk_update(skus, ["weight_g"])


def _spread(product: Product, spec: dict[str, Any], at: datetime) -> None:
    """Spread a product's SKUs along two axes, and add those that are missing."""
    Product.objects.filter(pk=product.pk).update(spec_names=spec["axes"])
    there = list(product.skus.order_by("pk"))
    for sku, values in zip(there, spec["there"], strict=True):
        spec_text = suppliers.commands.readable_spec(values)
        Sku.objects.filter(pk=sku.pk).update(spec_values=values, spec=spec_text)
    for number, (values, sale, list_price, supply, stock, grams) in enumerate(spec["more"], len(there) + 1):
        suppliers.commands.add_sku(
            product=product,
            code=f"{product.slug.upper()}-{number}",
            spec_values=values,
            supply_price_fen=supply,
            list_price_fen=list_price,
            sale_price_fen=sale,
            on_hand=stock,
            at=at,
            weight_g=grams,
        )
