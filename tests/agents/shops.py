"""Shopkeepers and their goods for tests."""

from members.models import Member, Shopkeeper, ShopkeeperState
from suppliers.models import Product, Sku
from tests.factories import AT, a_member, a_sku


def a_shopkeeper(nickname: str = "小林") -> Member:
    """Return an approved shopkeeper."""
    member = a_member(nickname=nickname)
    Shopkeeper.objects.create(
        member=member, state=ShopkeeperState.APPROVED, applied_at=AT, approved_at=AT, decided_at=AT
    )
    return member


def suspend(member: Member) -> None:
    Shopkeeper.objects.filter(member=member).update(state=ShopkeeperState.SUSPENDED, reason="核实中", decided_at=AT)


def a_good(name: str = "", *, price_fen: int = 6_800, bps: int = 0, on_hand: int = 50) -> Sku:
    """Return the SKU of a new product, its prices kept as the commands keep them."""
    sku = a_sku(price_fen=price_fen, on_hand=on_hand)
    changes = {"commission_bps": bps} | ({"name": name} if name else {})
    Product.objects.filter(pk=sku.product_id).update(**changes)
    return Sku.objects.select_related("product").get(pk=sku.pk)
