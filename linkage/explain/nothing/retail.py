"""Why a member has no retail commission from an order: whose customer the buyer was, as the order says, and what its
goods carry."""

from __future__ import annotations

from datetime import timedelta

from linkage.models import Commission, EventKind, LinkageEvent
from members.models import AdviserRelation, RelationEnd, Shopkeeper, Touch
from members.queries import relation_policy
from members.queries.advisers import NOBODY, NOT_OPEN, OWN_NOT_ALLOWED, STAFF
from orders.models import Order

from .causes import Cause, Verdict


def retail_verdict(order: Order, member_id: int) -> Verdict:
    """Say what commission a member has from an order of goods, or which condition failed first."""
    commissions = tuple(Commission.objects.filter(order=order, member_id=member_id).order_by("line"))
    if commissions:
        cause = Cause.EARNED if any(found.amount_fen for found in commissions) else Cause.TAKEN_BACK
        return Verdict(cause, commissions=commissions)
    sales = LinkageEvent.objects.filter(order_id=order.pk, member_id=member_id, kind=EventKind.SALE)
    waiting = list(sales.filter(number=None).values_list("refusal", flat=True)[:1])
    if waiting:
        return Verdict(Cause.REFUSED if waiting[0] else Cause.WAITING)
    if not _carries_commission(order):
        return Verdict(Cause.NO_COMMISSION)
    if order.adviser_id is not None and order.adviser_id != member_id:
        lapsed = _lapsed(order, member_id)
        return lapsed or Verdict(Cause.OWN if order.member_id == member_id else Cause.OTHER_ADVISER)
    if order.member_id == member_id or order.adviser_reason == OWN_NOT_ALLOWED:
        return Verdict(Cause.OWN if order.member_id == member_id else Cause.BUYER_SELLS)
    if order.adviser_reason == STAFF:
        return Verdict(Cause.STAFF)
    if order.adviser_reason == NOT_OPEN:
        return Verdict(Cause.NOT_OPEN if _was_adviser(order, member_id) else Cause.OTHER_ADVISER)
    if order.adviser_reason == NOBODY:
        return _of_nobody(order, member_id)
    return Verdict(Cause.NO_COMMISSION)


def _carries_commission(order: Order) -> bool:
    """Whether any of the goods carried a commission. An order that belongs to nobody keeps no share: then the products
    as they are now have to do."""
    lines = order.lines.all()
    if order.adviser_id is not None:
        return any(line.commission_bps for line in lines)
    return any(line.sku.product.commission_bps for line in lines)


def _of_nobody(order: Order, member_id: int) -> Verdict:
    """The order belonged to nobody: the relation was over, the shop was not open, or the touch too long ago."""
    opened = Shopkeeper.objects.filter(member_id=member_id).values_list("approved_at", flat=True).first()
    if opened is None or opened > order.placed_at:
        return Verdict(Cause.NOT_OPEN)
    lapsed = _lapsed(order, member_id)
    if lapsed is not None:
        return lapsed
    days = relation_policy(at=order.placed_at).touch_days
    touched = Touch.objects.filter(owner_id=member_id, member_id=order.member_id, at__lte=order.placed_at)
    last = touched.order_by("-at").values_list("at", flat=True).first()
    if last is not None and last <= order.placed_at - timedelta(days=days):
        return Verdict(Cause.TOUCH_LAPSED, {"days": str(days)})
    return Verdict(Cause.NOT_BOUND)


def _lapsed(order: Order, member_id: int) -> Verdict | None:
    """The relation that ended before the order, because its time had run out."""
    relations = AdviserRelation.objects.filter(customer_id=order.member_id, adviser_id=member_id)
    last = relations.filter(since__lte=order.placed_at).order_by("-since").first()
    if last is None:
        return None
    has_lapsed = last.until <= order.placed_at and last.end_reason in ("", RelationEnd.LAPSED)
    return Verdict(Cause.RELATION_LAPSED) if has_lapsed else None


def _was_adviser(order: Order, member_id: int) -> bool:
    return order.adviser_relation is not None and order.adviser_relation.adviser_id == member_id
