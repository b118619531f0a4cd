"""Whose a cart is, and how long a guest's is kept."""

from datetime import datetime, timedelta
from typing import NamedTuple

from orders.rules import GUEST_CART_DAYS


class CartOwner(NamedTuple):
    """A member, or a guest by the hash of the token in the cookie. A guest without a token has no cart yet."""

    member_id: int | None
    guest_hash: str = ""

    @property
    def exists(self) -> bool:
        return self.member_id is not None or bool(self.guest_hash)


def forgotten_before(at: datetime) -> datetime:
    """Return before which instant a guest's cart must have changed last to be forgotten now."""
    return at - timedelta(days=GUEST_CART_DAYS)
