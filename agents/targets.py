"""What a link of a member leads to: a product, a shop, the packs, a list, an article, or the front page.

A target is made from a name and a slug that are known, never from what was sent: anything else is no target. The same
names stand in links (`/r/<code>?to=p/tea`), in the share centre and in posters.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

import suppliers.queries
from agents.models import Shop
from agents.queries.shops import shop_of_code
from members.models import Member
from suppliers.queries import ProductCard

HOME, PRODUCT, SHOP, PACKS, CATEGORY, LIST, HELP = "home", "p", "s", "packs", "c", "list", "help"
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}", re.ASCII)
# What a list may be narrowed by in a link.
LIST_PARTS = ("category", "brand", "supplier")
TO_MAX = 200


@dataclass(frozen=True, slots=True)
class Target:
    """The page of ours that a link leads on to. `to` names it in a link; `card` are the goods on it, if it is about
    one, `shop` is whose it is."""

    path: str
    kind: str = HOME
    to: str = ""
    title: str = ""
    card: ProductCard | None = None
    shop: Shop | None = None


def home_target() -> Target:
    """Return the front page: an invitation, to nothing in particular."""
    return Target(reverse("shop:home"), title=_("邀请好友"))


def target_named(to: str, *, owner: Member, at: datetime) -> Target | None:
    """Return the target of this name in a link of `owner`; none for what is unknown, hidden, or another's shop."""
    if not to:
        return home_target()
    if len(to) > TO_MAX:
        return None
    path, _mark, query = to.removeprefix("/").partition("?")
    kind, _slash, slug = path.partition("/")
    if query and kind != LIST:
        return None
    make = _TARGETS.get(kind)
    if make is None or (slug and not SLUG.fullmatch(slug)):
        return None
    return make(slug, query, owner, at)


def link_path(*, member: Member, target: Target, channel: str = "") -> str:
    """Return the path of a member's link to a target. A shop has an address of its own, which counts touches too."""
    tagged = {"ch": channel} if channel else {}
    if target.kind == SHOP:
        path = reverse("shop-page", args=[member.referral_code])
    else:
        path = reverse("landing", args=[member.referral_code])
        tagged = ({"to": target.to} if target.to else {}) | tagged
    return f"{path}?{urlencode(tagged, safe='/')}" if tagged else path


def _to_product(slug: str, query: str, owner: Member, at: datetime) -> Target | None:
    product = suppliers.queries.product_by_slug(slug=slug)
    if product is None:
        return None
    card = suppliers.queries.card_of(product=product, at=at)
    if card.offer is None:
        return None
    path = reverse("shop:product", args=[product.slug])
    return Target(path, PRODUCT, f"p/{product.slug}", product.name, card)


def _to_category(slug: str, query: str, owner: Member, at: datetime) -> Target | None:
    category = suppliers.queries.category_by_slug(slug=slug) if slug else None
    if category is None:
        return None
    return Target(reverse("shop:category", args=[category.slug]), CATEGORY, f"c/{category.slug}", category.name)


def _to_list(slug: str, query: str, owner: Member, at: datetime) -> Target | None:
    if slug:
        return None
    kept = urlencode(
        [(name, value) for name, value in parse_qsl(query) if name in LIST_PARTS and SLUG.fullmatch(value)]
    )
    path = reverse("shop:list")
    return Target(f"{path}?{kept}" if kept else path, LIST, f"list?{kept}" if kept else "list", _("商品列表"))


def _to_help(slug: str, query: str, owner: Member, at: datetime) -> Target | None:
    if slug:
        return Target(reverse("service:article", args=[slug]), HELP, f"help/{slug}", _("帮助文章"))
    return Target(reverse("service:help"), HELP, "help", _("帮助中心"))


def _to_packs(slug: str, query: str, owner: Member, at: datetime) -> Target | None:
    if slug:
        return None
    return Target(reverse("agents:join"), PACKS, "packs", _("礼包与规则"))


def _to_shop(slug: str, query: str, owner: Member, at: datetime) -> Target | None:
    if slug and slug != owner.referral_code:
        return None
    shop = shop_of_code(code=owner.referral_code, at=at)
    if shop is None:
        return None
    return Target(reverse("shop-page", args=[owner.referral_code]), SHOP, "s", shop.name, shop=shop)


_TARGETS: dict[str, Callable[[str, str, Member, datetime], Target | None]] = {
    PRODUCT: _to_product,
    CATEGORY: _to_category,
    LIST: _to_list,
    HELP: _to_help,
    PACKS: _to_packs,
    SHOP: _to_shop,
}
