"""Who may sell: approved shopkeepers, and agents under the plan in force."""

from datetime import datetime

import members.queries
from linkage.models import Rank
from linkage.queries import plan_in_force, positions
from members.models import Member


def may_sell(*, member: Member, at: datetime) -> bool:
    """Say whether a member may have a shop and a card of its own."""
    if not member.is_active:
        return False
    if members.queries.is_shopkeeper(member_id=member.pk):
        return True
    standing = positions(member_ids=[member.pk]).get(member.pk)
    return standing is not None and standing.rank > Rank.CONSUMER and plan_in_force(at=at) is not None


def is_verified(*, member: Member) -> bool:
    """Say whether a member is an approved shopkeeper: the mall has looked at who it is."""
    return members.queries.is_shopkeeper(member_id=member.pk)
