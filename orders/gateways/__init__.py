"""Providers that take payments. One folder each; `PAYMENT_GATEWAYS` in the settings says which are in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from mall.core.providers import GatewayError as GatewayError


class GatewayRefusal(Exception):
    """The provider understood and said no."""


class BadNotice(Exception):
    """A notice that is not what its provider would send: a wrong signature, or a body that cannot be read."""


class NoBill(Exception):
    """The provider has no bill of that day, or has not written it yet."""


class ChargeState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays and from where, as far as it is known. `openid` is who a WeChat browser belongs to."""

    client_ip: str = ""
    openid: str = ""
    is_wechat: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What a provider says of a charge. `UNKNOWN`: it has none of this number. Reference and time where it is paid.

    A new one is paid at `pay_url`, or by handing `sheet` to the browser that shows the provider's own sheet.
    """

    state: ChargeState
    amount_fen: int = 0
    currency: str = ""
    provider_ref: str = ""
    paid_at: datetime | None = None
    pay_url: str = ""
    sheet: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RefundLimits:
    """How often, and for how long after it was paid, a provider gives back parts of one payment. None: no limit."""

    count_max: int | None = None
    within: timedelta | None = None


class RefundOutcome(StrEnum):
    SUCCEEDED = "succeeded"
    PENDING = "pending"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NoticeMessage:
    """A notice of a payment whose signature is right, read but not believed: the command compares it with our rows."""

    notice_id: str
    is_for_us: bool
    is_paid: bool
    number: str
    provider_ref: str
    amount_fen: int
    currency: str
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class RefundNotice:
    """A notice of a refund whose signature is right. It is no proof: it has the provider asked about the refund.

    `amount_fen` is none where the provider tells only a running total.
    """

    notice_id: str
    is_for_us: bool
    number: str
    payment_number: str
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider wants to read after its notice."""

    content: bytes
    content_type: str


class BillKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class BillEntry:
    """One line of a provider's bill; amounts are positive. `number` is ours: of a payment, or of a refund."""

    kind: BillKind
    number: str
    payment_number: str
    provider_ref: str
    amount_fen: int
    currency: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Bill:
    """A provider's bill of one day, its hash compared where the provider gives one. `digest` is SHA-256 in hex."""

    digest: str
    entries: Sequence[BillEntry]


class PaymentGateway(Protocol):
    """A provider. Calls go out with no transaction open, time out, and are safe to repeat under the same number."""

    refund_limits: RefundLimits

    def scene(self, *, payer: Payer) -> str:
        """Say in which of its ways the provider takes this payer's money. One charge is bound to one way."""

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
        payer: Payer,
    ) -> Charge:
        """Ask the provider to take a payment; the charge has a `pay_url` or a `sheet`.

        Raises GatewayError, GatewayRefusal.
        """

    def query_charge(self, *, number: str, at: datetime) -> Charge:
        """Ask what became of a charge. Raises GatewayError."""

    def close_charge(self, *, number: str, at: datetime) -> Charge:
        """Ask the provider to take no payment for it any more. Raises GatewayError."""

    def refund(
        self, *, number: str, payment_number: str, amount_fen: int, total_fen: int, currency: str, at: datetime
    ) -> RefundOutcome:
        """Ask the provider to give back a part of a payment of `total_fen`, or all of it.

        The same number refunds once. Raises GatewayError.
        """

    def query_refund(self, *, number: str, payment_number: str, at: datetime) -> RefundOutcome:
        """Ask what became of a refund; `UNKNOWN` where the provider has none of this number. Raises GatewayError."""

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> NoticeMessage | RefundNotice:
        """Verify the signature over the raw bytes, then read them. Raises BadNotice."""

    def reply(self, *, accepted: bool, reason: str) -> Reply:
        """Return what this provider reads as taken, or as not taken: then it sends the notice again."""

    def download_bill(self, *, day: date, at: datetime) -> Bill:
        """Fetch the bill of a day in Shanghai. Raises NoBill, GatewayError."""


def payment_gateway(provider: str) -> PaymentGateway | None:
    """Return the gateway of a provider that is in use."""
    path = settings.PAYMENT_GATEWAYS.get(provider)
    if path is None:
        return None
    gateway: PaymentGateway = import_string(path)()
    return gateway
