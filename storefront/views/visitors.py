"""Who looks at a page, and what of it may be remembered."""

from datetime import datetime

from django.http import HttpRequest

import members.queries
import suppliers.commands
from mall.core.visitor import is_person, visitor_hash, visitor_personalises
from members.models import Member
from suppliers.models import Product


def member_of(request: HttpRequest) -> Member | None:
    """Return who is logged in, if anybody is."""
    return request.user if isinstance(request.user, Member) else None


def may_personalise(request: HttpRequest) -> bool:
    """Say whether what is shown may follow what was looked at: the member's own switch, a stranger's consent."""
    member = member_of(request)
    if member is not None:
        return members.queries.personalises(member=member)
    return visitor_personalises(request)


def note_view(request: HttpRequest, product: Product, at: datetime) -> None:
    """Remember that a product was looked at, where the visitor agreed to be remembered."""
    if not may_personalise(request) or not is_person(request):
        return
    member = member_of(request)
    if member is not None:
        suppliers.commands.note_view(product=product, member=member, at=at)
    else:
        suppliers.commands.note_view(product=product, visitor_hash=visitor_hash(request), at=at)
