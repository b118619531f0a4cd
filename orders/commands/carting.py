"""Carts: what members and guests put in, choose, change and take out; and a guest's cart that becomes a member's.

Every write takes the cart's lock first, so that two taps at once add up. Quantities are bounded by what can be ordered
of a SKU at that instant; the checkout has the last word anyway.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from mall.core.statements import run
from members.models import Member
from orders.models import CartItem
from orders.queries.cart import items_of
from orders.queries.quoting import QuoteLine, price_lines
from orders.refusals import OrderRefused, Refusal
from orders.rules import CART_MAX, QUANTITY_MAX, is_quantity
from orders.rules.cart import CartOwner, forgotten_before

from .locking import locked_cart

_ADD = """
INSERT INTO orders_cartitem AS item (
    member_id, guest_hash, sku_id, quantity, is_chosen, price_fen, added_at, changed_at
) VALUES (%s, %s, %s, %s, true, %s, %s, %s)
"""
_ADD_TO_MEMBER = _ADD + "ON CONFLICT (member_id, sku_id) WHERE member_id IS NOT NULL"
_ADD_TO_GUEST = _ADD + "ON CONFLICT (guest_hash, sku_id) WHERE guest_hash <> ''"
_UPDATE = " DO UPDATE SET quantity = excluded.quantity, is_chosen = true, changed_at = excluded.changed_at"

_MERGE = f"""
INSERT INTO orders_cartitem AS item (
    member_id, guest_hash, sku_id, quantity, is_chosen, price_fen, added_at, changed_at
)
SELECT %s, '', sku_id, quantity, is_chosen, price_fen, added_at, %s
FROM orders_cartitem WHERE guest_hash = %s ORDER BY added_at DESC, id DESC LIMIT {CART_MAX}
ON CONFLICT (member_id, sku_id) WHERE member_id IS NOT NULL
DO UPDATE SET quantity = LEAST({QUANTITY_MAX}, item.quantity + excluded.quantity), is_chosen = true,
    changed_at = excluded.changed_at
"""


_TAKE_OUT = "DELETE FROM orders_cartitem WHERE member_id = %s::bigint AND sku_id = ANY(%s::bigint[])"


class Added(NamedTuple):
    """How many of a SKU lie in the cart now, and whether that is fewer than was asked for."""

    quantity: int
    is_capped: bool


def add_to_cart(*, owner: CartOwner, sku_id: int, quantity: int, at: datetime) -> Added:
    """Put so many of a SKU into a cart, on top of what is there, as far as they can be ordered.

    Raises OrderRefused where none can, and for gift packs, which are bought alone.
    """
    if not is_quantity(quantity):
        raise OrderRefused(Refusal.BAD_QUANTITY)
    with locked_cart(owner):
        return _add(owner, sku_id, quantity, at)


def add_lines(*, owner: CartOwner, items: Iterable[tuple[int, int]], at: datetime) -> list[int]:
    """Put several SKUs (id, quantity) into a cart, as far as they can be ordered; returns ids of which none can be."""
    left_out = []
    with locked_cart(owner):
        for sku_id, quantity in items:
            try:
                _add(owner, sku_id, quantity, at)
            except OrderRefused:
                left_out.append(sku_id)
    return left_out


def take_out(*, member: Member, sku_ids: list[int]) -> None:
    """Take what was bought out of a member's cart, in the transaction of the purchase."""
    with connection.cursor() as cursor:
        run(cursor, _TAKE_OUT, [member.pk, sku_ids], keep=True)


def change_cart(
    *, owner: CartOwner, quantities: Mapping[int, int], chosen: Mapping[int, bool], at: datetime
) -> dict[int, int]:
    """Set quantities and choices of items by their ids; those of others are left alone.

    Returns, by item id, what a quantity became where it is fewer than asked for. Raises OrderRefused for a quantity
    that is none.
    """
    if not all(is_quantity(quantity) for quantity in quantities.values()):
        raise OrderRefused(Refusal.BAD_QUANTITY)
    with locked_cart(owner):
        items = {item.pk: item for item in items_of(owner=owner)}
        wanted = {pk: quantity for pk, quantity in quantities.items() if pk in items}
        mosts = _mosts(owner, {items[pk].sku_id: quantity for pk, quantity in wanted.items()}, at)
        capped = {}
        for pk, quantity in wanted.items():
            most = mosts.get(items[pk].sku_id, 0)
            if most and quantity > most:
                capped[pk] = most
            items[pk].quantity = min(quantity, most) if most else items[pk].quantity
            items[pk].changed_at = at
        changed = set(wanted)
        for pk, is_chosen in chosen.items():
            if pk in items and items[pk].is_chosen != is_chosen:
                items[pk].is_chosen, items[pk].changed_at = is_chosen, at
                changed.add(pk)
        CartItem.objects.bulk_update([items[pk] for pk in changed], ["quantity", "is_chosen", "changed_at"])
    return capped


def change_sku(*, owner: CartOwner, item_id: int, sku_id: int, at: datetime) -> None:
    """Take another SKU of the same product instead; where it lies in the cart already, they are added up.

    Raises OrderRefused where it is of another product, or cannot be ordered.
    """
    with locked_cart(owner):
        item = items_of(owner=owner).select_related("sku").filter(pk=item_id).first()
        if item is None or item.sku_id == sku_id:
            return
        line = _line(owner, sku_id, item.quantity, at)
        if line.sku.product_id != item.sku.product_id:
            raise OrderRefused(Refusal.NOT_ON_SHELF)
        item.delete()
        _add(owner, sku_id, item.quantity, at)


def remove_from_cart(*, owner: CartOwner, item_ids: Collection[int]) -> int:
    """Take items out of a cart; returns how many were there."""
    with locked_cart(owner):
        return items_of(owner=owner).filter(pk__in=item_ids).delete()[0]


def merge_carts(*, guest_hash: str, member: Member, at: datetime) -> int:
    """Put what a guest gathered into the cart of the member who has come in, and forget the guest's cart.

    Quantities are added up and bounded as always; a cart holds 120 kinds at most, the newest stay. Returns how many
    kinds came. A repeat finds nothing.
    """
    owner = CartOwner(member.pk)
    with locked_cart(CartOwner(None, guest_hash)), locked_cart(owner), connection.cursor() as cursor:
        cursor.execute(_MERGE, [member.pk, at, guest_hash])
        merged = cursor.rowcount
        CartItem.objects.filter(guest_hash=guest_hash).delete()
        if merged:
            _bound(owner, at)
    return merged


def prune_guest_carts(*, at: datetime) -> int:
    """Forget guests' carts that nobody changed for thirty days; returns how many rows went."""
    return CartItem.objects.filter(changed_at__lt=forgotten_before(at)).exclude(guest_hash="").delete()[0]


def _add(owner: CartOwner, sku_id: int, quantity: int, at: datetime) -> Added:
    held = items_of(owner=owner).filter(sku=sku_id).values_list("quantity", flat=True).first()
    if held is None and items_of(owner=owner).count() >= CART_MAX:
        raise OrderRefused(Refusal.CART_FULL)
    wanted = (held or 0) + quantity
    line = _line(owner, sku_id, wanted, at)
    if line.sku.is_gift_pack:
        raise OrderRefused(Refusal.GIFT_PACK_ALONE)
    kept = min(wanted, line.most)
    if line.refusal in (Refusal.NOT_ON_SHELF, Refusal.NOT_FOR_SALE) or kept < 1:
        raise OrderRefused(line.refusal or Refusal.OUT_OF_STOCK)
    statement = (_ADD_TO_GUEST if owner.member_id is None else _ADD_TO_MEMBER) + _UPDATE
    with connection.cursor() as cursor:
        cursor.execute(statement, [owner.member_id, owner.guest_hash, sku_id, kept, line.unit_price_fen, at, at])
    return Added(kept, is_capped=kept < wanted)


def _line(owner: CartOwner, sku_id: int, quantity: int, at: datetime) -> QuoteLine:
    if type(sku_id) is not int or not 0 < sku_id < 2**63:
        raise OrderRefused(Refusal.NOT_ON_SHELF)
    lines, _terms = price_lines(quantities={sku_id: quantity}, at=at, member_id=owner.member_id)
    if not lines:
        raise OrderRefused(Refusal.NOT_ON_SHELF)
    return lines[0]


def _mosts(owner: CartOwner, quantities: Mapping[int, int], at: datetime) -> dict[int, int]:
    """Return how many of each SKU can be ordered, each looked at alone."""
    lines, _terms = price_lines(quantities=quantities, at=at, member_id=owner.member_id, counted=())
    return {line.sku.pk: line.most for line in lines}


def _bound(owner: CartOwner, at: datetime) -> None:
    """Bring what was added up within what can be ordered, and the cart within its size."""
    items = list(items_of(owner=owner).order_by("-added_at", "-pk"))
    beyond = [item.pk for item in items[CART_MAX:]]
    mosts = _mosts(owner, {item.sku_id: item.quantity for item in items}, at)
    over = [item for item in items if 0 < mosts.get(item.sku_id, 0) < item.quantity]
    for item in over:
        item.quantity = mosts[item.sku_id]
    CartItem.objects.bulk_update(over, ["quantity"])
    if beyond:
        CartItem.objects.filter(pk__in=beyond).delete()
