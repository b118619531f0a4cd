"""What a visitor chooses on a product's page. Ids and counts only: the price is the server's."""

from typing import Any

from django import forms

from suppliers.models import Product
from suppliers.queries import Offer

QUANTITY_MAX = 99


class ChoiceForm(forms.Form):
    """The SKU and how many of it. Whatever is malformed or not on offer falls back to what can be had."""

    sku = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    quantity = forms.IntegerField(required=False, min_value=1, max_value=QUANTITY_MAX)

    def __init__(self, data: Any, *, offers: list[Offer], product: Product) -> None:
        super().__init__(data)
        self._offers = offers
        self._limit = product.limit_per_order or QUANTITY_MAX
        self.is_valid()

    def asked(self) -> Offer | None:
        """Return the offer that was asked for, if it is one of the product's."""
        asked = self.cleaned_data.get("sku")
        return next((offer for offer in self._offers if offer.sku.pk == asked), None)

    def chosen(self) -> Offer | None:
        """Return the offer that was asked for, else the first that can be had, else the first with a price."""
        to_be_had = next((offer for offer in self._offers if offer.is_for_sale), None)
        return self.asked() or to_be_had or next((offer for offer in self._offers if offer.price_fen is not None), None)

    def most(self, offer: Offer | None) -> int:
        """Return how many of an offer one order may hold."""
        return max(1, min(QUANTITY_MAX, self._limit, offer.available)) if offer else 1

    def count(self, offer: Offer | None) -> int:
        """Return how many were asked for, within what can be had."""
        return min(self.cleaned_data.get("quantity") or 1, self.most(offer))
