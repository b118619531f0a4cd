"""Ringing, after the commit, for work that stands in rows. A lost ring costs only time: beat looks every minute."""

from django.db import transaction


def ring_send_refund(number: str) -> None:
    """Ask a worker to send this refund to its provider."""
    from orders.tasks import send_refund

    transaction.on_commit(lambda: send_refund.ring(number), robust=True)


def ring_close_charge(number: str) -> None:
    """Ask a worker to close this payment with its provider. Where nobody does, late money is given back anyway."""
    from orders.tasks import close_charge

    transaction.on_commit(lambda: close_charge.ring(number), robust=True)


def ring_ask_provider(number: str) -> None:
    """Ask a worker to ask the provider about this payment, beyond the times at which it is asked anyway."""
    from orders.tasks import hurry_payment

    transaction.on_commit(lambda: hurry_payment.ring(number), robust=True)


def ring_announce_parcel(parcel_id: int) -> None:
    """Ask a worker to announce this parcel to its carrier."""
    from orders.tasks import announce_parcel

    transaction.on_commit(lambda: announce_parcel.ring(str(parcel_id)), robust=True)
