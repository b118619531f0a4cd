"""Suppliers, categories, products and SKUs, and the terms on which gift packs are sold."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min, OuterRef, Subquery, Value
from django.db.models.functions import Least
from django.utils.translation import gettext

from mall.core.money import share_fen, yuan
from suppliers.models import (
    Brand,
    Category,
    ChargedBy,
    FreightRule,
    FreightTemplate,
    GiftPackTerms,
    MediaKind,
    Product,
    ProductMedia,
    Qualification,
    ReviewState,
    Sku,
    Supplier,
)
from suppliers.rules import COMMISSION_BPS_MAX, Fees, clean_html, is_commission_covered

from .permits import require_permits
from .search import index_product
from .stock import receive_stock

SPEC_MAX = 40


class ForeignTemplate(Exception):
    """A product was to be sent by another supplier's freight template."""


class CommissionRefused(Exception):
    """A price does not cover the supply price and the commission, or a gift pack was to carry one."""


def open_supplier(*, name: str, seal: str, slug: str, hue: int) -> Supplier:
    """Add a supplier."""
    return Supplier.objects.create(name=name, seal=seal, slug=slug, hue=hue)


def add_brand(*, name: str, slug: str, seal: str, hue: int = 20, story: str = "") -> Brand:
    """Add a brand."""
    return Brand.objects.create(name=name, slug=slug, seal=seal, hue=hue, story=story)


def change_brand(*, brand: Brand, name: str, seal: str, story: str, hue: int) -> Brand:
    """Change what a brand is called and what is said of it; its goods are found by the new name at once. Its address
    stays."""
    with transaction.atomic():
        locked = Brand.objects.select_for_update().get(pk=brand.pk)
        is_renamed = locked.name != name
        locked.name, locked.seal, locked.story, locked.hue = name, seal, story, hue
        locked.save(update_fields=["name", "seal", "story", "hue"])
        if is_renamed:
            for product in Product.objects.filter(brand=locked).select_related("brand", "category__parent"):
                index_product(product=product)
    return locked


def add_category(
    *, name: str, slug: str, parent: Category | None = None, silhouette: str = "", image: str = "", position: int = 0
) -> Category:
    """Add a node of the category tree."""
    return Category.objects.create(
        name=name, slug=slug, parent=parent, silhouette=silhouette, image=image, position=position
    )


def add_product(
    *,
    supplier: Supplier,
    category: Category,
    name: str,
    slug: str,
    brand: Brand | None = None,
    subtitle: str = "",
    label: str = "",
    silhouette: str = "",
    hue: int = 20,
    origin: str = "",
    detail: list[dict[str, str]] | None = None,
    image: str = "",
    keywords: str = "",
    unit: str = "件",
    spec_names: Sequence[str] = ("规格",),
    promises: Sequence[str] = (),
    ship_within_hours: int = 48,
    returnable: bool = True,
    not_returnable_reason: str = "",
    limit_per_order: int | None = None,
    limit_per_member: int | None = None,
    freight_template: FreightTemplate | None = None,
    commission_bps: int = 0,
    is_published: bool = True,
    position: int = 0,
) -> Product:
    """Add a product, to be found at once; `detail` are blocks of a `title` with a plain `text` or with `html`, which
    is cleaned. Raises ForeignTemplate where the freight template is another supplier's, PermitMissing where it is to be
    on the shelf and its category asks for a permit that its supplier has not."""
    if freight_template is not None and freight_template.supplier_id != supplier.pk:
        raise ForeignTemplate
    with transaction.atomic():
        product = Product.objects.create(
            supplier=supplier,
            category=category,
            brand=brand,
            name=name,
            slug=slug,
            subtitle=subtitle,
            label=label,
            silhouette=silhouette,
            hue=hue,
            origin=origin,
            detail=clean_detail(detail or []),
            image=image,
            keywords=keywords,
            unit=unit,
            spec_names=list(spec_names),
            promises=list(promises),
            ship_within_hours=ship_within_hours,
            returnable=returnable,
            not_returnable_reason=not_returnable_reason,
            limit_per_order=limit_per_order,
            limit_per_member=limit_per_member,
            freight_template=freight_template,
            commission_bps=commission_bps,
            is_published=is_published,
            position=position,
        )
        if is_published:
            require_permits(product=product)
        index_product(product=product)
    return product


def clean_detail(blocks: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return the blocks of a detail as they may be kept: markup clean, anything but title, text and markup dropped.
    Raises ValueError where markup is too long."""
    kept = []
    for block in blocks:
        clean = {"title": str(block.get("title", ""))}
        if block.get("html"):
            clean["html"] = clean_html(str(block["html"]))
        else:
            clean["text"] = str(block.get("text", ""))
        kept.append(clean)
    return kept


def refresh_product(*, product_id: int) -> None:
    """Bring what is kept of a product from elsewhere up to date: its lowest price, its first picture, what it is found
    by. Every change of a product, its SKUs or its gallery calls it, in the same transaction."""
    with transaction.atomic():
        first = ProductMedia.objects.filter(product=product_id, kind=MediaKind.IMAGE).first()
        if first is not None:
            Product.objects.filter(pk=product_id).update(image=first.path)
        Product.objects.filter(pk=product_id).update(
            lowest_price_fen=Subquery(
                Sku.objects.filter(product=OuterRef("pk"), is_active=True)
                .order_by()
                .values("product")
                .annotate(lowest=Min("sale_price_fen"))
                .values("lowest")
            )
        )
        index_product(product=Product.objects.select_related("brand", "category__parent").get(pk=product_id))


def give_picture(*, product: Product, image: str) -> bool:
    """Give a product that has no picture one, by its path under media; whoever has sent one meanwhile keeps it."""
    return bool(Product.objects.filter(pk=product.pk, image="").update(image=image))


def set_commission(*, product: Product, commission_bps: int) -> None:
    """Say which share of the price a shopkeeper gets for selling a product, from the next order on.

    Raises CommissionRefused where a SKU is a gift pack, or its price does not cover it.
    """
    if type(commission_bps) is not int or not 0 <= commission_bps <= COMMISSION_BPS_MAX:
        raise CommissionRefused(gettext("佣金比例应在 0 到 50% 之间"))
    with transaction.atomic():
        locked = lock_prices(product_id=product.pk)
        for sku in Sku.objects.filter(product=locked).order_by("pk"):
            require_commission(
                commission_bps=commission_bps,
                supply_price_fen=sku.supply_price_fen,
                sale_price_fen=sku.sale_price_fen,
                spec=sku.spec,
            )
        locked.commission_bps = commission_bps
        locked.save(update_fields=["commission_bps"])


def lock_prices(*, product_id: int) -> Product:
    """Lock a product before its commission or a price of its SKUs is judged and written, so that of two who change them
    at once the second judges what the first wrote. In the caller's transaction.

    Its SKUs are locked first, as wherever both are: who ships takes the SKU and then counts the sale at the product.
    """
    list(Sku.objects.select_for_update(no_key=True).filter(product_id=product_id).order_by("pk").values_list("pk"))
    return Product.objects.select_for_update(no_key=True).get(pk=product_id)


def require_commission(
    *, commission_bps: int, supply_price_fen: int, sale_price_fen: int | None, spec: str = ""
) -> None:
    """Raise CommissionRefused, with the figures, where one piece would cost more than it brings."""
    if commission_bps == 0:
        return
    if sale_price_fen is None:
        raise CommissionRefused(gettext("礼包没有零售佣金"))
    if not is_commission_covered(
        sale_price_fen=sale_price_fen, supply_price_fen=supply_price_fen, commission_bps=commission_bps
    ):
        said = {
            "spec": spec,
            "supply": yuan(supply_price_fen),
            "commission": yuan(share_fen(sale_price_fen, commission_bps)),
            "price": yuan(sale_price_fen),
        }
        raise CommissionRefused(gettext("%(spec)s：供货价 %(supply)s 加佣金 %(commission)s 超过售价 %(price)s") % said)


def publish_product(*, product: Product, is_published: bool) -> None:
    """Put a product on the shelf, or take it off, by the mall itself: what is ordered already stays ordered. Raises
    PermitMissing where its category asks for a permit that does not count."""
    if is_published:
        require_permits(product=product)
    approved = {"review": ReviewState.APPROVED} if is_published else {}
    Product.objects.filter(pk=product.pk).update(is_published=is_published, **approved)


def add_sku(
    *,
    product: Product,
    code: str,
    spec: str = "",
    supply_price_fen: int,
    list_price_fen: int,
    sale_price_fen: int | None,
    on_hand: int,
    at: datetime,
    is_gift_pack: bool = False,
    spec_values: Sequence[str] = (),
    weight_g: int = 0,
    barcode: str = "",
) -> Sku:
    """Add a SKU with its first stock. A gift pack has no sale price: it costs what the terms in force say.

    `spec_values` stand beside the product's `spec_names`; without them `spec` is the only value, without `spec` it is
    the values in one text. Raises CommissionRefused where the price does not cover the product's commission.
    """
    values = list(spec_values) or [spec]
    with transaction.atomic():
        require_commission(
            commission_bps=lock_prices(product_id=product.pk).commission_bps,
            supply_price_fen=supply_price_fen,
            sale_price_fen=sale_price_fen,
            spec=spec or readable_spec(values),
        )
        sku = Sku.objects.create(
            product=product,
            code=code,
            spec=spec or readable_spec(values),
            spec_values=values,
            weight_g=weight_g,
            barcode=barcode,
            supply_price_fen=supply_price_fen,
            list_price_fen=list_price_fen,
            sale_price_fen=sale_price_fen,
            is_gift_pack=is_gift_pack,
        )
        if sale_price_fen is not None:
            Product.objects.filter(pk=product.pk).update(
                lowest_price_fen=Least("lowest_price_fen", Value(sale_price_fen))
            )
        if on_hand:
            receive_stock(sku=sku, quantity=on_hand, at=at)
            sku.refresh_from_db(fields=["on_hand", "reserved"])
    return sku


def readable_spec(values: Sequence[str]) -> str:
    """Return the values of a SKU as one text."""
    return " · ".join(values)[:SPEC_MAX]


def add_media(
    *,
    product: Product,
    path: str,
    kind: str = MediaKind.IMAGE,
    poster: str = "",
    alt: str = "",
    width: int = 750,
    height: int = 750,
    position: int = 0,
) -> ProductMedia:
    """Add a picture or a film to a product's gallery."""
    return ProductMedia.objects.create(
        product=product, kind=kind, path=path, poster=poster, alt=alt, width=width, height=height, position=position
    )


def add_qualification(
    *,
    supplier: Supplier,
    kind: str,
    title: str,
    product: Product | None = None,
    number: str = "",
    picture: str = "",
    valid_until: date | None = None,
) -> Qualification:
    """Add a paper of a supplier, or of one of its products."""
    return Qualification.objects.create(
        supplier=supplier,
        product=product,
        kind=kind,
        title=title,
        number=number,
        picture=picture,
        valid_until=valid_until,
    )


def add_freight_template(
    *,
    supplier: Supplier,
    name: str,
    fees: Fees,
    by_weight: bool = False,
    regions: Sequence[tuple[Sequence[str], Fees]] = (),
    free_above_fen: int | None = None,
    unserved: Sequence[str] = (),
) -> FreightTemplate:
    """Add a freight template; `regions` are provinces (short names) with fees of their own."""
    with transaction.atomic():
        template = FreightTemplate.objects.create(
            supplier=supplier,
            name=name,
            charged_by=ChargedBy.WEIGHT if by_weight else ChargedBy.PIECE,
            free_above_fen=free_above_fen,
            unserved=list(unserved),
            **asdict(fees),
        )
        for provinces, own in regions:
            FreightRule.objects.create(template=template, provinces=list(provinces), **asdict(own))
    return template


def set_gift_pack_terms(
    *,
    starts_at: datetime,
    price_fen: int | None,
    worst_case_fen: int,
    cooling_off_days: int,
    plan_version: int | None,
) -> GiftPackTerms:
    """Say on what terms gift packs are sold from `starts_at` on; without a price they are not for sale."""
    return GiftPackTerms.objects.create(
        starts_at=starts_at,
        price_fen=price_fen,
        worst_case_fen=worst_case_fen,
        cooling_off_days=cooling_off_days,
        plan_version=plan_version,
    )
