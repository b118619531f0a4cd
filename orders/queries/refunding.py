"""Whether money can still go back the way it came."""

from datetime import datetime

from orders.gateways import payment_gateway
from orders.models import Order, Payment, PaymentState, Refund
from orders.refusals import Refusal


def no_way_back(*, payment: Payment, at: datetime) -> Refusal | None:
    """Return why a payment's provider would give nothing of it back any more; none where it would.

    The caller who is about to decide a refund holds the payment's lock.
    """
    gateway = payment_gateway(payment.provider)
    if gateway is None:
        return None
    limits = gateway.refund_limits
    if limits.within is not None and payment.captured_at is not None and at >= payment.captured_at + limits.within:
        return Refusal.PAID_LONG_AGO
    if limits.count_max is not None and Refund.objects.filter(payment=payment).count() >= limits.count_max:
        return Refusal.REFUNDED_OFTEN
    return None


def no_way_back_of_order(*, order: Order, at: datetime) -> Refusal | None:
    """Return why nothing of an order's payment would be given back any more; none where it would."""
    payment = Payment.objects.filter(purchase=order.purchase_id, state=PaymentState.CAPTURED).first()
    return no_way_back(payment=payment, at=at) if payment is not None else None
