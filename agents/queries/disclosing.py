"""What a visitor is told of a shopkeeper before buying by a link: what that person gets, and who advises whom."""

from dataclasses import dataclass
from datetime import datetime

from members.models import AdviserRelation, Member, RelationPolicy
from members.queries import is_shopkeeper, relation_of, relation_policy
from suppliers.queries import ProductCard, highest_commission_bps


@dataclass(frozen=True, slots=True)
class RetailDisclosure:
    """What the owner of a link gets of retail commission, and the adviser that the visitor has at present.

    `sells`: the owner is a shopkeeper. `most_bps` is the highest commission on the shelf, `commission_fen` that of the
    goods that the link is about.
    """

    sells: bool
    most_bps: int
    commission_fen: int
    bps: int
    relation: AdviserRelation | None
    is_own: bool
    is_protected: bool
    may_have_one: bool
    policy: RelationPolicy


def retail_disclosure(
    *, owner: Member, visitor: Member | None, card: ProductCard | None, at: datetime
) -> RetailDisclosure:
    """Return what the page of a link says of its owner's commission."""
    sells = is_shopkeeper(member_id=owner.pk)
    relation = relation_of(customer_id=visitor.pk, at=at) if visitor is not None else None
    offer = card.offer if card is not None else None
    return RetailDisclosure(
        sells=sells,
        most_bps=highest_commission_bps() if sells and card is None else 0,
        commission_fen=offer.commission_fen if sells and offer is not None else 0,
        bps=card.product.commission_bps if sells and card is not None and not card.is_gift_pack else 0,
        relation=relation,
        is_own=relation is not None and relation.adviser_id == owner.pk,
        is_protected=relation is not None and relation.protected_until > at,
        may_have_one=visitor is None or not (visitor.is_staff or is_shopkeeper(member_id=visitor.pk)),
        policy=relation_policy(at=at),
    )
