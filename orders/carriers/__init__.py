"""Carriers' news of parcels. `CARRIER_GATEWAY` in the settings says through whom they come; empty: nobody tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class CarrierError(Exception):
    """The carrier gave no answer that can be relied on."""


class BadPush(Exception):
    """A push that is not what the carrier would send: a wrong signature, or a body that cannot be read."""


@dataclass(frozen=True, slots=True)
class TrackMessage:
    """One thing that happened to a parcel. `event_id` is the carrier's; `kind` is one of `TrackKind`."""

    event_id: str
    kind: str
    text: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TrackPush:
    """Everything that a carrier says of one parcel so far."""

    carrier: str
    number: str
    events: tuple[TrackMessage, ...]


class CarrierGateway(Protocol):
    """Where parcels are announced and asked about. Calls go out with no transaction open and are safe to repeat."""

    def announce(
        self, *, carrier: str, number: str, origin: str, destination: str, handed_at: datetime, at: datetime
    ) -> None:
        """Ask to be told what happens to a parcel. Raises CarrierError."""

    def track(self, *, carrier: str, number: str, at: datetime) -> tuple[TrackMessage, ...]:
        """Ask what happened to a parcel so far; nothing where it is not known. Raises CarrierError."""

    def read_push(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> TrackPush:
        """Verify the signature over the raw bytes, then read them. Raises BadPush."""


def carrier_gateway() -> CarrierGateway | None:
    """Return the gateway in use, if there is one."""
    if not settings.CARRIER_GATEWAY:
        return None
    gateway: CarrierGateway = import_string(settings.CARRIER_GATEWAY)()
    return gateway
