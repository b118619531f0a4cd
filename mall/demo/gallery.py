"""What the shop shows: the views of each product, a picture for each category, the banners of the front page, and what
the demo's buyer keeps.

Only the first view of each product is drawn before the mall opens. The others are hung once they are drawn, product by
product: no page ever shows a picture that is not there.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Count, F, Min

import storefront.commands
import suppliers.commands
from mall.pictures import VIEWS, category_path, view_path
from members.models import Member
from storefront.commands import BannerText
from suppliers.models import Category, Favourite, Product, ProductMedia

from .drawing import draw
from .goods import COVER, goods, subject_of
from .people import ACCOUNTS, CONSUMER

_ALT = {
    "hero": "{name}",
    "scene": "{name}，放在家里的样子",
    "detail": "{name}，近看",
    "packing": "{name}，寄到时的包装",
}
# Title, subtitle, target, product whose picture it shows, ground.
_BANNERS = (
    ("秋茶上新季", "岩骨花香，焙火刚好", "/c/tea", "da-hong-pao", "jade"),
    ("五常新米到了", "现碾现发，48 小时出仓", "/c/grain", "wuchang-rice", "brick"),
    ("山茶花开，润手过冬", "产地鲜榨，孕妈也能用", "/c/beauty", "hand-cream", "plum"),
    ("给书桌添一点墨香", "笔墨纸砚与手账", "/c/craft", "notebook", "ink"),
)


def hang_gallery() -> None:
    """Give each product its first view, and each category its picture."""
    named = {good.slug: good for good in goods()}
    products = Product.objects.filter(slug__in=named).order_by("pk")
    ProductMedia.objects.bulk_create(_media(product, view) for product in products for view in COVER)
    for category in Category.objects.all():
        Category.objects.filter(pk=category.pk).update(image=category_path(category.slug))


def half_hung() -> list[Product]:
    """Return the products of the demo of which only the first view hangs, as they stand on the shelf."""
    named = {good.slug: good for good in goods()}
    hung = Product.objects.filter(slug__in=named).annotate(pictures=Count("media"), first=Min("media__path"))
    return [
        product
        for product in hung.filter(pictures=len(COVER)).order_by("position", "pk")
        if product.first == view_path(product.slug, COVER[0])
    ]


def hang_views(product: Product, *, media: Path, kept: Path, code: str) -> None:
    """Draw the other views of a product, or take them over from an earlier demo, and hang them."""
    good = next(good for good in goods() if good.slug == product.slug)
    views = tuple(view for view in VIEWS if view not in COVER)
    draw(subject_of(good, views=views), media=media, kept=kept, code=code)
    ProductMedia.objects.bulk_create(_media(product, view) for view in views)


def _media(product: Product, view: str) -> ProductMedia:
    name = product.name.split()[0]
    return ProductMedia(
        product=product,
        path=view_path(product.slug, view),
        alt=_ALT[view].format(name=name),
        position=VIEWS.index(view),
    )


def hang_banners(*, by: Member, at: datetime) -> None:
    """Put up the banners, for a year from an instant on."""
    there = {good.slug for good in goods()}
    for position, (title, subtitle, target, slug, ground) in enumerate(_BANNERS):
        storefront.commands.save_banner(
            banner=None,
            text=BannerText(
                title=title,
                subtitle=subtitle,
                target_path=target,
                image=view_path(slug, "hero") if slug in there else "",
                ground=ground,
                position=position,
                starts_at=at,
                ends_at=at + timedelta(days=365),
            ),
            by=by,
            at=at,
        )


# Slug, how many days ago it was kept, by how much it was dearer then.
_KEPT = (("long-jing", 40, 20_00), ("clay-pot", 23, 0), ("brush-set", 12, 9_00), ("goji", 5, 0), ("paper-fan", 2, 0))


def keep_favourites(*, at: datetime) -> None:
    """Let the demo's buyer keep a few things, of which two have become cheaper since."""
    phone = next(account.phone for account in ACCOUNTS if account.name == CONSUMER)
    member = Member.objects.get(phone=phone)
    for slug, days, dearer_fen in _KEPT:
        product = Product.objects.get(slug=slug)
        suppliers.commands.add_favourite(member=member, product=product, at=at - timedelta(days=days))
        Favourite.objects.filter(member=member, product=product).update(price_fen=F("price_fen") + dearer_fen)
