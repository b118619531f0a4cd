"""What the database refuses by itself, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from suppliers.commands import reserve_stock
from tests.factories import AT, a_gift_pack, a_seat, a_sku, a_supplier, gift_pack_terms
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(statement: str, name: str) -> None:
    with nothing_changes(), pytest.raises(IntegrityError, match=name):
        run(statement)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("reserved = on_hand + 1", "suppliers_sku_reserved_within_on_hand"),
        ("reserved = -1", "reserved"),
        ("on_hand = -1", "on_hand"),
        ("supply_price_fen = 0", "suppliers_sku_supply_price_positive"),
        ("list_price_fen = -1", "suppliers_sku_list_price_positive"),
        ("sale_price_fen = 0", "suppliers_sku_only_gift_packs_have_no_price"),
        ("sale_price_fen = NULL", "suppliers_sku_only_gift_packs_have_no_price"),
        ("is_gift_pack = true", "suppliers_sku_only_gift_packs_have_no_price"),
    ],
)
def test_a_sku_is_refused(change: str, name: str) -> None:
    sku = a_sku()
    refused(f"UPDATE suppliers_sku SET {change} WHERE id = {sku.pk}", name)


def test_a_gift_pack_has_no_price_of_its_own() -> None:
    sku = a_gift_pack()
    refused(
        f"UPDATE suppliers_sku SET sale_price_fen = 1 WHERE id = {sku.pk}",
        "suppliers_sku_only_gift_packs_have_no_price",
    )


def test_one_order_moves_one_sku_once_in_each_way() -> None:
    sku = a_sku()
    reserve_stock(items=[(sku.pk, 1)], reference="HJ1", at=AT)
    refused(
        "INSERT INTO suppliers_stockmovement (sku_id, kind, on_hand_delta, reserved_delta, reference, at)"
        f" VALUES ({sku.pk}, 'reserved', 0, 1, 'HJ1', now())",
        "suppliers_stockmovement_once",
    )


def test_a_movement_moves_something() -> None:
    sku = a_sku()
    refused(
        "INSERT INTO suppliers_stockmovement (sku_id, kind, on_hand_delta, reserved_delta, at)"
        f" VALUES ({sku.pk}, 'adjusted', 0, 0, now())",
        "suppliers_stockmovement_moves_something",
    )


def test_terms_have_a_positive_price_or_none() -> None:
    terms = gift_pack_terms()
    refused(f"UPDATE suppliers_giftpackterms SET price_fen = 0 WHERE id = {terms.pk}", "price_positive")


def test_a_member_has_one_seat() -> None:
    member = a_seat(a_supplier())
    refused(
        f"INSERT INTO suppliers_supplieruser (supplier_id, member_id, created_at)"
        f" VALUES ({a_supplier().pk}, {member.pk}, now())",
        "member_id",
    )
