"""A commission and a price of the same product, changed at once from two connections: each bears the other."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from suppliers.commands import CommissionRefused, add_sku, set_commission
from suppliers.models import Product, Sku
from tests.factories import AT
from tests.processes import wait_until
from tests.suppliers.test_desk import Desk, product_form

pytestmark = pytest.mark.django_db(transaction=True)


def a_draft() -> Desk:
    """A desk whose product is not on the shelf, so that what is saved holds at once."""
    desk = Desk("甲家")
    Product.objects.filter(pk=desk.sku.product_id).update(is_published=False)
    return desk


def waiting() -> int:
    """Return how many connections wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def meanwhile(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do the first in a transaction, begin the second on another connection before it is committed, and return what
    the second came to. Each was seen failing with the lock of the second removed: it did not wait then."""

    def run() -> Any:
        try:
            return second()
        except CommissionRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            other: Future[Any] = pool.submit(run)
            wait_until(lambda: waiting() == 1)
        return other.result(timeout=10)


def save_product(desk: Desk, **changes: str) -> Any:
    return desk.post("suppliers_product_change", desk.sku.product_id, **product_form(desk.sku, **changes))


def save_sku(desk: Desk, price: str) -> Any:
    form = product_form(desk.sku)
    own = {key.removeprefix("skus-0-"): value for key, value in form.items() if key.startswith("skus-0-")}
    return desk.post("suppliers_sku_change", desk.sku.pk, **own | {"spec_values": "一斤", "sale_price_fen": price})


def test_a_price_saved_while_the_commission_rises_is_judged_by_the_new_one() -> None:
    desk = Desk("甲家")
    product = desk.sku.product
    answer = meanwhile(lambda: set_commission(product=product, commission_bps=4_000), lambda: save_sku(desk, "45.00"))
    assert answer.status_code == 200
    assert "超过售价" in answer.content.decode()
    assert Product.objects.get(pk=product.pk).commission_bps == 4_000
    assert Sku.objects.get(pk=desk.sku.pk).sale_price_fen == 6_800


def test_a_page_with_both_saved_while_the_commission_rises_writes_both() -> None:
    desk = a_draft()
    product = desk.sku.product
    lower = {"skus-0-sale_price_fen": "45.00", "commission_bps": "1"}
    answer = meanwhile(
        lambda: set_commission(product=product, commission_bps=4_000), lambda: save_product(desk, **lower)
    )
    assert answer.status_code == 302
    assert Product.objects.get(pk=product.pk).commission_bps == 100
    assert Sku.objects.get(pk=desk.sku.pk).sale_price_fen == 4_500


def test_a_commission_set_while_a_price_falls_is_judged_by_the_new_price() -> None:
    desk = a_draft()
    product = desk.sku.product
    refused = meanwhile(
        lambda: save_product(desk, **{"skus-0-sale_price_fen": "45.00"}),
        lambda: set_commission(product=product, commission_bps=4_000),
    )
    assert isinstance(refused, CommissionRefused)
    assert Product.objects.get(pk=product.pk).commission_bps == 0
    assert Sku.objects.get(pk=desk.sku.pk).sale_price_fen == 4_500


def test_a_sku_added_while_the_commission_rises_is_judged_by_the_new_one() -> None:
    desk = Desk("甲家")
    product = desk.sku.product
    values: dict[str, Any] = {"code": "NEW-9", "spec": "小包", "list_price_fen": 5_000, "on_hand": 0, "at": AT}
    refused = meanwhile(
        lambda: set_commission(product=product, commission_bps=4_000),
        lambda: add_sku(product=product, supply_price_fen=4_000, sale_price_fen=4_500, **values),
    )
    assert isinstance(refused, CommissionRefused)
    assert not Sku.objects.filter(code="NEW-9").exists()


def test_a_price_is_saved_while_the_same_thing_is_shipped_and_neither_waits_for_the_other_in_vain() -> None:
    """Who ships holds the SKU and goes on to the product: whoever saves prices must not hold the product meanwhile."""
    desk = a_draft()

    def save() -> Any:
        try:
            return save_product(desk, **{"skus-0-sale_price_fen": "45.00"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Sku.objects.filter(pk=desk.sku.pk).update(on_hand=F("on_hand") - 1)
            saved = pool.submit(save)
            wait_until(lambda: waiting() == 1)
            Product.objects.filter(pk=desk.sku.product_id).update(sales_count=F("sales_count") + 1)
        assert saved.result(timeout=10) == 302
    assert Product.objects.get(pk=desk.sku.product_id).sales_count == 1
    assert Sku.objects.get(pk=desk.sku.pk).sale_price_fen == 4_500
