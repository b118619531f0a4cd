"""Goods that the same people bought go together."""

import pytest

from storefront.commands import refresh_pairs
from suppliers.models import ProductPair
from tests.factories import a_gift_pack, a_member, a_paid_order, a_placed_order, a_sku, gift_pack_terms, later

pytestmark = pytest.mark.django_db


def test_what_two_people_bought_both_goes_together_in_both_directions() -> None:
    gift_pack_terms()
    tea, cup, rice, pack = a_sku(), a_sku(), a_sku(), a_gift_pack()
    for number in range(3):
        member = a_member()
        a_paid_order(member=member, sku=tea)
        a_paid_order(member=member, sku=cup, at=later(days=1))
        a_paid_order(member=member, sku=pack)
        if not number:
            a_paid_order(member=member, sku=rice)
        a_placed_order(member=member, sku=rice)
    refresh_pairs(at=later(days=2))
    pairs = {(pair.product_id, pair.other_id, pair.kind, pair.people) for pair in ProductPair.objects.all()}
    assert pairs == {
        (tea.product_id, cup.product_id, "bought", 3),
        (cup.product_id, tea.product_id, "bought", 3),
    }
    refresh_pairs(at=later(days=400))
    assert not ProductPair.objects.exists()
