"""What lies in a cart, at the prices and with the stock of this instant."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from orders.models import CartItem
from orders.refusals import Refusal
from orders.rules.cart import CartOwner as CartOwner
from suppliers.models import Supplier

from .quoting import QuoteLine, price_lines

FEW = 10


@dataclass(frozen=True, slots=True)
class CartLine:
    """One item of a cart and what it costs now."""

    item: CartItem
    line: QuoteLine

    @property
    def is_valid(self) -> bool:
        """Whether it can be ordered at all, if perhaps not so many."""
        return self.line.sku.available > 0 and self.line.refusal not in (Refusal.NOT_ON_SHELF, Refusal.NOT_FOR_SALE)

    @property
    def is_chosen(self) -> bool:
        return self.item.is_chosen and self.is_valid

    @property
    def cheaper_fen(self) -> int:
        """By how much the price fell since it was added; negative where it rose."""
        return self.item.price_fen - self.line.unit_price_fen

    @property
    def dearer_fen(self) -> int:
        return -self.cheaper_fen

    @property
    def can_come_back(self) -> bool:
        """Whether it is only sold out."""
        return self.line.refusal == Refusal.OUT_OF_STOCK

    @property
    def is_scarce(self) -> bool:
        return 0 < self.line.sku.available <= FEW


@dataclass(frozen=True, slots=True)
class CartPart:
    """What lies in a cart of one supplier."""

    supplier: Supplier
    lines: tuple[CartLine, ...]

    @property
    def is_chosen(self) -> bool:
        return all(line.is_chosen for line in self.lines)


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart, newest goods first; what cannot be had stands apart. The amounts are those of the chosen goods."""

    parts: tuple[CartPart, ...]
    invalid: tuple[CartLine, ...]

    @property
    def lines(self) -> list[CartLine]:
        return [line for part in self.parts for line in part.lines]

    @property
    def chosen(self) -> list[CartLine]:
        return [line for line in self.lines if line.is_chosen]

    @property
    def count(self) -> int:
        """How many kinds of goods lie in it."""
        return len(self.lines) + len(self.invalid)

    @property
    def chosen_pieces(self) -> int:
        return sum(line.item.quantity for line in self.chosen)

    @property
    def total_fen(self) -> int:
        return sum(line.line.amount_fen for line in self.chosen)

    @property
    def saved_fen(self) -> int:
        """What the chosen goods cost less than their list prices."""
        return sum(
            max(0, line.line.sku.list_price_fen - line.line.unit_price_fen) * line.item.quantity for line in self.chosen
        )

    @property
    def is_all_chosen(self) -> bool:
        return bool(self.parts) and all(part.is_chosen for part in self.parts)


def cart_of(*, owner: CartOwner, at: datetime) -> Cart:
    """Return a cart. Two or three queries, whatever lies in it."""
    items = {item.sku_id: item for item in items_of(owner=owner).order_by("-added_at", "-pk")}
    if not items:
        return Cart((), ())
    lines, _terms = price_lines(
        quantities={sku_id: item.quantity for sku_id, item in items.items()},
        at=at,
        member_id=owner.member_id,
        counted=[sku_id for sku_id, item in items.items() if item.is_chosen],
    )
    own = [CartLine(items[line.sku.pk], line) for line in lines]
    by_supplier: dict[Supplier, list[CartLine]] = {}
    for line in own:
        if line.is_valid:
            by_supplier.setdefault(line.line.sku.product.supplier, []).append(line)
    parts = tuple(CartPart(supplier, tuple(found)) for supplier, found in by_supplier.items())
    return Cart(parts, tuple(line for line in own if not line.is_valid))


def cart_count(*, owner: CartOwner) -> int:
    """Return how many kinds of goods lie in a cart."""
    if owner.member_id is None and not owner.guest_hash:
        return 0
    return items_of(owner=owner).count()


def items_of(*, owner: CartOwner) -> QuerySet[CartItem]:
    """Return the rows of a cart; a guest who was given no token yet has none."""
    if owner.member_id is not None:
        return CartItem.objects.filter(member=owner.member_id)
    return CartItem.objects.filter(guest_hash=owner.guest_hash) if owner.guest_hash else CartItem.objects.none()
