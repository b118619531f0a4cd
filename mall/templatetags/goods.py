"""A product on a shelf, written without a template: no other part stands on pages so often. A builtin library."""

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from mall.core import money

from .mall import picture, price

register = template.Library()


@register.simple_tag(takes_context=True)
def good(context: Context, card: Any, slim: bool = False, eager: bool = False) -> SafeString:
    """A product on a shelf: `card` is a ProductCard; `eager` for what shows first, `slim` where three stand side by
    side."""
    product, offer = card.product, card.offer
    loading = "" if eager else ' loading="lazy"'
    return mark_safe(
        f'<li class="good"><a href="{product_address(product.slug)}">'
        f'<img src="{escape(picture(product.image, "small"))}" width="375" height="375" alt=""{loading}>'
        f'<div class="good-body"><h3 class="two-lines">{escape(product.name)}</h3>{"" if slim else _tags(card)}'
        f'<p class="good-foot">{_cost(offer)} {_stock(product, offer, slim)}</p>'
        f"{_commission(context, offer)}</div></a></li>"
    )


@lru_cache(maxsize=20_000)
def product_address(slug: str) -> str:
    """The address of a product's page."""
    return escape(reverse("shop:product", args=[slug]))


def _tags(card: Any) -> str:
    product = card.product
    if card.is_gift_pack:
        said = _tag(gettext("整份可退"), "tag-jade")
    else:
        said = _tag(gettext("包邮"), "tag-brand") if product.freight_template_id is None else ""
        said += _tag(gettext("7天无理由")) if product.returnable else ""
    return f'<p class="tags">{said}{_tag(product.origin) if product.origin else ""}</p>'


def _cost(offer: Any) -> str:
    if offer is None:
        return f'<span class="hint">{escape(gettext("暂未开售"))}</span>'
    return "" if offer.price_fen is None else price(offer.price_fen)


def _stock(product: Any, offer: Any, slim: bool) -> str:
    if offer is not None and offer.available <= 0:
        return _tag(gettext("缺货"))
    if slim or not product.sales_count:
        return ""
    return f'<span class="hint">{escape(gettext("已售 %(sold)s") % {"sold": product.sales_count})}</span>'


def _commission(context: Context, offer: Any) -> str:
    """What a shopkeeper would earn. Who looks is asked only where there is something to earn."""
    if offer is None or not offer.commission_fen or not context.get("sells"):
        return ""
    words = gettext("预计赚 %(amount)s") % {"amount": money.yuan(offer.commission_fen)}
    return f'<p class="tags">{_tag(words, "tag-gold")}</p>'


def _tag(words: str, tone: str = "") -> str:
    return f'<span class="tag{f" {tone}" if tone else ""}">{escape(words)}</span>'
