"""A supplier offers a product to shopkeepers for selling, and ends the offer."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import SellingOffer
from agents.rules import forbidden_words
from mall.core.ids import SHANGHAI
from mall.core.text import clean_line
from suppliers.commands import lock_prices
from suppliers.models import Product, Sku

WORDS_MAX = 60
DAYS_MAX = 90


class OfferRefused(Exception):
    """It cannot be done; the text says why. Nothing was changed."""


def open_offer(*, product: Product, words: str, until_date: date, by: Any, at: datetime) -> SellingOffer:
    """Show a product with a line to shopkeepers until a day, that day included. An offer that is open is written anew.

    Raises OfferRefused where nothing would be earned by selling it, it is not on the shelf, or the words may not stand
    there.
    """
    try:
        said = clean_line(words, WORDS_MAX)
    except ValueError as error:
        raise OfferRefused(_("给店主的话最多 60 个字")) from error
    if not said:
        raise OfferRefused(_("请写一句给店主的话"))
    if found := forbidden_words(said):
        raise OfferRefused(_("不能出现这些词：%s") % "、".join(found))
    today = at.astimezone(SHANGHAI).date()
    if not today <= until_date <= today + timedelta(days=DAYS_MAX):
        raise OfferRefused(_("截止日期请选今天到 %d 天内") % DAYS_MAX)
    with transaction.atomic():
        locked = lock_prices(product_id=product.pk)
        if not locked.is_published:
            raise OfferRefused(_("商品上架后才能找人帮卖"))
        if not locked.commission_bps or Sku.objects.filter(product=locked, is_gift_pack=True).exists():
            raise OfferRefused(_("请先在商品里设置零售佣金，店主卖出才有收入"))
        offer, _made = SellingOffer.objects.update_or_create(
            product=locked,
            ended_at=None,
            defaults={"words": said, "until_date": until_date},
            create_defaults={
                "supplier_id": locked.supplier_id,
                "words": said,
                "until_date": until_date,
                "opened_by": by,
                "opened_at": at,
            },
        )
    return offer


def end_offer(*, offer: SellingOffer, at: datetime) -> None:
    """Show it no longer; what is in shops stays there. A repeat changes nothing."""
    SellingOffer.objects.filter(pk=offer.pk, ended_at=None).update(ended_at=at)
