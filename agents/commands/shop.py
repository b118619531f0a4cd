"""A member's own shop: its words, its goods and their order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from agents.models import Shop, ShopItem
from agents.queries.selling import may_sell
from agents.queries.stock import stock_marks
from mall.core.photos import Photo, drop_photos, kept_photos
from mall.core.text import clean_line, clean_text
from members.models import Member
from suppliers.queries import card_of, product_by_slug

ITEMS_MAX = 100
PINNED_MAX = 3
NAME_MAX, NOTICE_MAX, PINNED_TEXT_MAX, WORDS_MAX = 20, 60, 300, 40
FOLDER = "shops"


class ShopRefused(Exception):
    """It cannot be done; the text says why. Nothing was changed."""


class ItemUnknown(Exception):
    """There is no such product in the member's shop, or in the mall."""


@dataclass(frozen=True, slots=True)
class ShopText:
    """What an owner says of the shop."""

    name: str
    notice: str = ""
    pinned_text: str = ""
    is_open: bool = True


def save_shop(
    *, owner: Member, text: ShopText, photos: Sequence[Photo] = (), drops_picture: bool = False, at: datetime
) -> Shop:
    """Open the owner's shop, or write its words anew; a photo replaces the picture, whose file is deleted once the
    change stands. Raises ShopRefused."""
    _require_seller(owner, at)
    fields = {
        "name": _line(text.name, NAME_MAX, _("店名最多 20 个字")),
        "notice": _line(text.notice, NOTICE_MAX, _("一句话介绍最多 60 个字")),
        "pinned_text": _text(text.pinned_text, PINNED_TEXT_MAX, _("置顶公告最多 300 个字")),
        "is_open": text.is_open,
        "saved_at": at,
    }
    if not fields["name"]:
        raise ShopRefused(_("请填写店名"))
    with kept_photos(photos[:1], folder=FOLDER, at=at) as names, _locked(owner, at) as shop:
        old = shop.picture
        if names or drops_picture:
            shop.picture = names[0] if names else ""
        for field, value in fields.items():
            setattr(shop, field, value)
        shop.save()
        if old and old != shop.picture:
            transaction.on_commit(lambda: drop_photos([old]))
    return shop


def put_in_shop(*, owner: Member, slug: str, at: datetime) -> ShopItem:
    """Put a product of the mall into the owner's shop, at its end; the shop is opened where there is none. A repeat
    changes nothing. Raises ItemUnknown, ShopRefused."""
    _require_seller(owner, at)
    product = product_by_slug(slug=slug)
    if product is None:
        raise ItemUnknown
    offer = card_of(product=product, at=at).offer
    if offer is None:
        raise ShopRefused(_("这件商品暂未开售，还不能上架"))
    with _locked(owner, at) as shop:
        there = ShopItem.objects.filter(shop=shop, product=product).first()
        if there is not None:
            return there
        items = ShopItem.objects.filter(shop=shop)
        if items.count() >= ITEMS_MAX:
            raise ShopRefused(_("小店最多放 %(count)d 件商品，请先下架一些") % {"count": ITEMS_MAX})
        return ShopItem.objects.create(
            shop=shop,
            product=product,
            position=(items.aggregate(last=Max("position"))["last"] or 0) + 1,
            price_fen=product.lowest_price_fen,
            stock=stock_marks(product_ids=[product.pk])[product.pk],
            added_at=at,
        )


def take_out_of_shop(*, owner: Member, slug: str) -> None:
    """Take a product out of the owner's shop. A repeat changes nothing."""
    ShopItem.objects.filter(shop=owner.pk, product__slug=slug).delete()


def move_item(*, owner: Member, item_id: int, up: bool, at: datetime) -> None:
    """Move a product one place up or down, among those that are pinned as it is; at the end it stays. Raises
    ItemUnknown."""
    with _locked(owner, at) as shop:
        item = _item(shop, item_id)
        beside = ShopItem.objects.filter(shop=shop, is_pinned=item.is_pinned)
        if up:
            other = beside.filter(position__lt=item.position).order_by("-position").first()
        else:
            other = beside.filter(position__gt=item.position).order_by("position").first()
        if other is not None:
            item.position, other.position = other.position, item.position
            ShopItem.objects.bulk_update([item, other], ["position"])


def pin_item(*, owner: Member, item_id: int, is_pinned: bool, at: datetime) -> None:
    """Let a product stand before all others, or no longer. Raises ItemUnknown, ShopRefused."""
    with _locked(owner, at) as shop:
        item = _item(shop, item_id)
        if is_pinned and ShopItem.objects.filter(shop=shop, is_pinned=True).exclude(pk=item.pk).count() >= PINNED_MAX:
            raise ShopRefused(_("最多置顶 %(count)d 件商品") % {"count": PINNED_MAX})
        item.is_pinned = is_pinned
        item.save(update_fields=["is_pinned"])


def say_of_item(*, owner: Member, item_id: int, words: str, at: datetime) -> None:
    """Say in a line why the owner recommends a product. Raises ItemUnknown, ShopRefused."""
    line = _line(words, WORDS_MAX, _("推荐语最多 40 个字"))
    with _locked(owner, at) as shop:
        item = _item(shop, item_id)
        item.words = line
        item.save(update_fields=["words"])


@contextmanager
def _locked(owner: Member, at: datetime) -> Iterator[Shop]:
    """Give the owner's shop, locked; it is made where there is none."""
    with transaction.atomic():
        name = _("%(name)s的小店") % {"name": owner.nickname[: NAME_MAX - 3]} if owner.nickname else _("我的小店")
        fresh = Shop(owner=owner, name=name, opened_at=at, saved_at=at)
        Shop.objects.bulk_create([fresh], ignore_conflicts=True)
        yield Shop.objects.select_for_update(no_key=True).get(pk=owner.pk)


def _require_seller(owner: Member, at: datetime) -> None:
    if not may_sell(member=owner, at=at):
        raise ShopRefused(_("开通店主后才能开小店"))


def _item(shop: Shop, item_id: int) -> ShopItem:
    item = ShopItem.objects.filter(shop=shop, pk=item_id).first()
    if item is None:
        raise ItemUnknown
    return item


def _line(text: str, length_max: int, refusal: str) -> str:
    try:
        return clean_line(text, length_max)
    except ValueError as error:
        raise ShopRefused(refusal) from error


def _text(text: str, length_max: int, refusal: str) -> str:
    try:
        return clean_text(text, length_max)
    except ValueError as error:
        raise ShopRefused(refusal) from error
