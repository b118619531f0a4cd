"""Channels that carry money to members. One folder per provider; `transfer_gateway(channel)` is the one for a kind of
account: WeChat balances have their own where `PAYOUT_WECHAT` is on, everything else goes by `PAYOUT_GATEWAY`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

WECHAT = "wechat"
WECHAT_GATEWAY = "payouts.gateways.wechat.WechatTransfers"


class TransferState(StrEnum):
    """`WAITING`: the payee has to confirm. `CONFIRMED`: the payee has, and the money is on its way. `RETURNED`: nobody
    confirmed in time, or it was cancelled; the money is with the merchant again."""

    PAID = "paid"
    PROCESSING = "processing"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    FAILED = "failed"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the provider says of one transfer. Paid, returned and failed are final; `amount_fen` is none where it was
    not told; `package` is what the payee's page hands to WeChat."""

    state: TransferState
    provider_ref: str = ""
    amount_fen: int | None = None
    reason: str = ""
    package: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """What is to be paid, and to whom. Which of `openid` and `account` there is depends on the kind of account."""

    number: str
    member: str
    openid: str
    account: str
    name: str
    amount_fen: int
    memo: str


@dataclass(frozen=True, slots=True)
class TransferNotice:
    """What a provider told of its own accord, its signature verified."""

    number: str
    openid: str
    transfer: Transfer


class OutcomeUnknown(Exception):
    """No answer that can be relied on: the transfer may or may not have been made."""


class BadNotice(Exception):
    """A notice that is not what its provider would send. The text says why, for the log."""


class TransferGateway(Protocol):
    """A provider. Its calls happen outside any transaction and are safe to repeat under the same number. `purse` names
    whose account the money leaves."""

    purse: ClassVar[str]

    def send(self, *, payment: Payment, at: datetime) -> Transfer:
        """Ask for a transfer. Raises OutcomeUnknown."""

    def ask(self, *, number: str, at: datetime) -> Transfer:
        """Return what became of a transfer. Raises OutcomeUnknown."""

    def cancel(self, *, number: str, at: datetime) -> Transfer:
        """Take back a transfer that its payee has not confirmed; returns how it stands then. Raises OutcomeUnknown."""


def transfer_gateway(channel: str) -> TransferGateway:
    """Return what carries money to a kind of account. Raises OutcomeUnknown where people do it by hand."""
    path = _path(channel)
    if not path:
        raise OutcomeUnknown("no payout gateway is configured")
    gateway: TransferGateway = import_string(path)()
    return gateway


def is_by_hand(channel: str) -> bool:
    """Say whether people make the transfers to this kind of account, at the bank's own desk."""
    return not _path(channel)


def purse_of(channel: str, *, by_file: bool) -> str:
    """Return from whose account a kind of account is paid, as it is set up now: that of the provider which carries the
    money, or the account itself that people work at (`bank`, `alipay`, `wechat`)."""
    path = "" if by_file else _path(channel)
    return str(import_string(path).purse) if path else channel


def _path(channel: str) -> str:
    path: str = WECHAT_GATEWAY if channel == WECHAT and settings.PAYOUT_WECHAT else settings.PAYOUT_GATEWAY
    return path
