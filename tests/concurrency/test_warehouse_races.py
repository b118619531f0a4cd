"""Real threads and commits against one SKU that is moved between places while it is sold."""

import pytest

from suppliers.commands import (
    WarehouseRefused,
    consume_stock,
    default_warehouse,
    move_stock,
    open_warehouse,
    reserve_stock,
)
from suppliers.models import Sku
from suppliers.queries import miscounted_skus, overfull_skus
from tests.concurrency.threads import at_once
from tests.factories import AT, a_sku, a_supplier

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_round", range(3))
def test_places_never_hold_more_than_there_is(_round: int) -> None:
    """Moves between places and sales at once: the places add up to what the SKU counts."""
    supplier = a_supplier()
    sku = a_sku(supplier=supplier, on_hand=40)
    main, second = default_warehouse(supplier=supplier), open_warehouse(supplier=supplier, name="二号仓")
    for number in range(4):
        reserve_stock(items=[(sku.pk, 5)], reference=f"HJ{number}", at=AT)

    def act(number: int) -> None:
        if number % 2:
            consume_stock(items=[(sku.pk, 5)], reference=f"HJ{number // 2}", at=AT)
        else:
            move_stock(sku=sku, source=main, target=second, quantity=8, reason="分仓", by=None, at=AT)

    at_once(act, 8, refusals=(WarehouseRefused,))
    assert Sku.objects.get(pk=sku.pk).on_hand == 20
    assert not overfull_skus().exists()
    assert not miscounted_skus().exists()
