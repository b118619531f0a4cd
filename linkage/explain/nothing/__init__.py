"""Why a member gets nothing from an order, or where to look for what it gets: the first condition that failed.

Everything is read from rows: the order, the stream of events, what settlement wrote. Where settlement wrote nothing,
the rules are run again on what stood in the stream before the order (`rules.verdict`). Nothing is guessed.
"""

from orders.models import Order, OrderState

from .causes import Cause, Verdict
from .packs import pack_verdict
from .retail import retail_verdict

__all__ = ["Cause", "Verdict", "order_verdict"]


def order_verdict(*, order: Order, member_id: int) -> Verdict:
    """Say what a member gets from an order, or which condition failed first. The order comes with its buyer."""
    if order.state == OrderState.PLACED:
        return Verdict(Cause.NOT_PAID)
    if order.state == OrderState.CANCELLED or order.paid_at is None:
        return Verdict(Cause.CANCELLED, {"reason": order.cancel_reason})
    return pack_verdict(order, member_id) if order.packs else retail_verdict(order, member_id)
