"""Listeners that tell members what happened. They only write rows: one statement for an event, whatever it names."""

from django.urls import reverse

from orders.events import OrderShipped, OrdersPaid, OrdersRefunded, ReviewDecided, ReviewReplied
from payouts.events import WithdrawalDecided

from .commands import News, tell


def tell_paid(event: OrdersPaid) -> None:
    """Payments of another mall's history are no news."""
    if event.is_history or not event.orders:
        return
    tell(
        [
            News(
                member_id=order.member_id,
                wording="paid",
                key=f"paid:{order.order_id}",
                path=_order(order.number),
                words={"number": order.number, "total_fen": order.total_fen},
            )
            for order in event.orders
        ],
        at=event.orders[0].paid_at,
    )


def tell_shipped(event: OrderShipped) -> None:
    news = News(
        member_id=event.member_id,
        wording="shipped",
        key=f"shipped:{event.order_id}:{event.shipped_at.timestamp():.0f}",
        path=_order(event.number),
        words={"number": event.number},
    )
    tell([news], at=event.shipped_at)


def tell_refunded(event: OrdersRefunded) -> None:
    if not event.orders:
        return
    tell(
        [
            News(
                member_id=order.member_id,
                wording="refunded",
                key=f"refunded:{order.order_id}",
                path=_order(order.number),
                words={"number": order.number},
            )
            for order in event.orders
        ],
        at=event.orders[0].refunded_at,
    )


def tell_review_replied(event: ReviewReplied) -> None:
    news = News(
        member_id=event.member_id,
        wording="review_replied",
        key=f"review_replied:{event.review_id}",
        path=reverse("orders:review", args=[event.review_id]),
        words={"product": event.product_name},
    )
    tell([news], at=event.replied_at)


def tell_review_decided(event: ReviewDecided) -> None:
    news = News(
        member_id=event.member_id,
        wording="review_shown" if event.is_visible else "review_hidden",
        key=f"review_decided:{event.review_id}:{event.decided_at.timestamp():.0f}",
        path=reverse("orders:review", args=[event.review_id]),
        words={"product": event.product_name, "reason": event.reason},
    )
    tell([news], at=event.decided_at)


def tell_withdrawal(event: WithdrawalDecided) -> None:
    news = News(
        member_id=event.member_id,
        wording="withdrawal_paid" if event.approved else "withdrawal_rejected",
        key=f"withdrawal:{event.number}",
        path=reverse("agents:withdrawal", args=[event.number]),
        words={"number": event.number},
    )
    tell([news], at=event.at)


def _order(number: str) -> str:
    return reverse("orders:detail", args=[number])
