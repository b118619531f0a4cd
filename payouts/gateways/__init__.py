"""Channels that carry money to members. One folder per provider; `transfer_gateway()` is the one in use."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class TransferState(StrEnum):
    PAID = "paid"
    PROCESSING = "processing"
    FAILED = "failed"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the provider says of one transfer. Paid and failed are final; `amount_fen` is none where it was not told."""

    state: TransferState
    provider_ref: str = ""
    amount_fen: int | None = None
    reason: str = ""


class OutcomeUnknown(Exception):
    """No answer that can be relied on: the transfer may or may not have been made."""


class TransferGateway(Protocol):
    """A provider. Its calls happen outside any transaction and are safe to repeat under the same number."""

    def send(self, *, number: str, payee: str, amount_fen: int, memo: str, at: datetime) -> Transfer:
        """Ask for a transfer. Raises OutcomeUnknown."""

    def ask(self, *, number: str, at: datetime) -> Transfer:
        """Return what became of a transfer. Raises OutcomeUnknown."""


def transfer_gateway() -> TransferGateway:
    """Return the channel that the settings name. Raises OutcomeUnknown where they name none."""
    if not settings.PAYOUT_GATEWAY:
        raise OutcomeUnknown("no payout gateway is configured")
    gateway: TransferGateway = import_string(settings.PAYOUT_GATEWAY)()
    return gateway
