"""What a shopkeeper may pick for the shop: what goods pay, what is left, when they are sent."""

from dataclasses import dataclass
from datetime import datetime

from agents.models import CommissionBudget
from members.models import Member
from suppliers.queries import ProductCard, Selection, listing

from .commission import commission_fen
from .opportunities import asked_samples, budgets_for, offers_for
from .shops import slugs_in_shop
from .stock import stock_mark


@dataclass(frozen=True, slots=True)
class GoodToSell:
    """A product with the most that one piece of it pays its shopkeeper."""

    card: ProductCard
    in_shop: bool
    # What the supplier says to shopkeepers, where it looks for some who sell it.
    offer_words: str = ""
    sample_asked: bool = False
    budget: CommissionBudget | None = None

    @property
    def commission_fen(self) -> int:
        """The commission of the dearest SKU; none for gift packs, which have no retail commission."""
        return commission_fen(self.card)

    @property
    def has_several_prices(self) -> bool:
        skus = self.card.product.skus.all()
        return len({sku.sale_price_fen for sku in skus if sku.is_active and sku.sale_price_fen is not None}) > 1

    @property
    def left(self) -> int:
        return sum(max(0, sku.available) for sku in self.card.product.skus.all() if sku.is_active)

    @property
    def stock(self) -> str:
        return str(stock_mark(self.left).value)


def goods_to_sell(*, member: Member, selection: Selection, start: int, limit: int, at: datetime) -> list[GoodToSell]:
    """Return the goods of a selection in its order, from the `start`-th on, and which stand in the member's shop."""
    cards = listing(selection=selection, start=start, limit=limit, at=at)
    there = slugs_in_shop(member=member)
    keys = [card.product.pk for card in cards]
    words, asked = offers_for(product_ids=keys, at=at), asked_samples(member=member, product_ids=keys)
    budgets = budgets_for(product_ids=keys)
    return [
        GoodToSell(
            card,
            card.product.slug in there,
            words.get(card.product.pk, ""),
            card.product.pk in asked,
            budgets.get(card.product.pk),
        )
        for card in cards
    ]
