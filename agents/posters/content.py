"""What stands on a poster of a member: about a product, the member's shop, or an invitation."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from agents.channels import POSTER
from agents.models import Shop
from agents.queries.personas import persona_card
from agents.queries.shops import ShownItem, own_item, recommended
from agents.targets import HOME, PRODUCT, SHOP, Target, link_path
from mall.core.money import yuan
from members.models import Member
from suppliers.queries import ProductCard, best_sellers

from .drawing import Poster

KINDS = (HOME, PRODUCT, SHOP)
SHOWN = 4
LINES = 3
TAGS = 4


def poster_of(*, member: Member, target: Target, look: str, at: datetime) -> Poster | None:
    """Return what stands on the member's poster of a target; none where there is no such poster."""
    if target.kind == PRODUCT and target.card is not None:
        return _about_product(member, target, target.card, look, at)
    if target.kind == SHOP and target.shop is not None:
        return _about_shop(member, target, target.shop, look, at)
    return _invitation(member, target, look, at) if target.kind == HOME else None


def _about_product(member: Member, target: Target, card: ProductCard, look: str, at: datetime) -> Poster | None:
    if card.offer is None or card.offer.price_fen is None:
        return None
    product = card.product
    blank = _signed(member, target, look, _("%(name)s 推荐给你"), at)
    item = own_item(member=member, slug=product.slug)
    return replace(
        blank,
        title=product.name,
        subtitle=product.subtitle,
        pictures=(product.image,) if product.image else (),
        price=yuan(card.offer.price_fen),
        price_note=_("以实际页面为准"),
        tags=tuple(text for text, _tone in card.tags[:TAGS]),
        origin=" · ".join(part for part in (product.origin, product.supplier.name) if part),
        words=item.words if item is not None and item.words else blank.words,
    )


def _about_shop(member: Member, target: Target, shop: Shop, look: str, at: datetime) -> Poster:
    items = recommended(member_id=member.pk, limit=SHOWN, at=at)
    return replace(
        _signed(member, target, look, _("%(name)s 的小店"), at),
        title=shop.name,
        subtitle=shop.notice,
        pictures=(shop.picture,) if shop.picture else _pictures([item.card for item in items]),
        price_note=_("价格以实际页面为准"),
        lines=tuple(_line(item) for item in items[:LINES]),
    )


def _invitation(member: Member, target: Target, look: str, at: datetime) -> Poster:
    name = member.nickname or settings.SITE_NAME
    return replace(
        _signed(member, target, look, _("%(name)s 邀请你"), at),
        title=_("%(name)s邀请你来%(site)s") % {"name": name, "site": settings.SITE_NAME},
        subtitle=_("产地直发的茶饮、粮油、滋补、零食、美护、家居好物"),
        pictures=_pictures(best_sellers(limit=SHOWN, at=at)),
        tags=(_("免费加入"), _("按店里的价格"), _("7天无理由")),
    )


def _signed(member: Member, target: Target, look: str, who: str, at: datetime) -> Poster:
    """Return what every poster has: the mall, who recommends, and the link."""
    name = member.nickname or settings.SITE_NAME
    card = persona_card(member=member, at=at)
    notes = [_("认证店主")] if card and card.is_verified else []
    notes += card.tags[:2] if card else []
    return Poster(
        look=look,
        site=_("%(site)s · 品质国货") % {"site": settings.SITE_NAME},
        initial=name[-1:],
        who=who % {"name": name},
        link=settings.SITE_URL + link_path(member=member, target=target, channel=POSTER),
        code=f"{member.referral_code[:4]} {member.referral_code[4:]}".strip(),
        who_note=" · ".join(notes),
        words=card.intro if card else "",
    )


def _pictures(cards: list[ProductCard]) -> tuple[str, ...]:
    return tuple(card.product.image for card in cards if card.product.image)


def _line(item: ShownItem) -> tuple[str, str]:
    offer = item.card.offer
    return item.card.product.name, yuan(offer.price_fen) if offer and offer.price_fen else ""
