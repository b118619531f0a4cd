"""Providers that take payments. One folder each; `PAYMENT_GATEWAYS` in the settings says which are in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class GatewayError(Exception):
    """The provider gave no answer that can be relied on: it may or may not have done what it was asked."""


class GatewayRefusal(Exception):
    """The provider understood and said no."""


class BadNotice(Exception):
    """A notice that is not what its provider would send: a wrong signature, or a body that cannot be read."""


class ChargeState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a provider says of a charge. `UNKNOWN`: it has none of this number. Reference and time where it is paid."""

    state: ChargeState
    amount_fen: int = 0
    currency: str = ""
    provider_ref: str = ""
    paid_at: datetime | None = None
    pay_url: str = ""


class RefundOutcome(StrEnum):
    SUCCEEDED = "succeeded"
    PENDING = "pending"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NoticeMessage:
    """A notice whose signature is right, read but not believed: the command compares it with our own rows."""

    notice_id: str
    is_for_us: bool
    is_paid: bool
    number: str
    provider_ref: str
    amount_fen: int
    currency: str
    paid_at: datetime


class PaymentGateway(Protocol):
    """A provider. Calls go out with no transaction open, time out, and are safe to repeat under the same number."""

    def create_charge(
        self,
        *,
        number: str,
        amount_fen: int,
        currency: str,
        subject: str,
        return_url: str,
        expires_at: datetime,
        at: datetime,
    ) -> Charge:
        """Ask the provider to take a payment; the charge has a `pay_url`. Raises GatewayError, GatewayRefusal."""

    def query_charge(self, *, number: str, at: datetime) -> Charge:
        """Ask what became of a charge. Raises GatewayError."""

    def close_charge(self, *, number: str, at: datetime) -> Charge:
        """Ask the provider to take no payment for it any more. Raises GatewayError."""

    def refund(
        self, *, number: str, payment_number: str, amount_fen: int, currency: str, at: datetime
    ) -> RefundOutcome:
        """Ask the provider to give a payment back, whole. The same number refunds once. Raises GatewayError."""

    def query_refund(self, *, number: str, at: datetime) -> RefundOutcome:
        """Ask what became of a refund; `UNKNOWN` where the provider has none of this number. Raises GatewayError."""

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> NoticeMessage:
        """Verify the signature over the raw bytes, then read them. Raises BadNotice."""


def payment_gateway(provider: str) -> PaymentGateway | None:
    """Return the gateway of a provider that is in use."""
    path = settings.PAYMENT_GATEWAYS.get(provider)
    if path is None:
        return None
    gateway: PaymentGateway = import_string(path)()
    return gateway
