"""Asking a channel what became of a transfer, and writing nothing down: for whoever holds the books against it."""

from dataclasses import dataclass
from datetime import datetime

from payouts.gateways import OutcomeUnknown, is_by_hand, transfer_gateway
from payouts.models import Withdrawal


@dataclass(frozen=True, slots=True)
class ChannelSays:
    """How a transfer stands, in the words of `TransferState`; `amount_fen` is none where it was not told."""

    state: str
    amount_fen: int | None = None
    reference: str = ""


def made_by_hand(withdrawal: Withdrawal) -> bool:
    """Say whether nobody can be asked about a transfer: people made it, or nothing had to be sent."""
    return withdrawal.imported or withdrawal.net_fen == 0 or is_by_hand(withdrawal.channel)


def ask_channel(*, withdrawal: Withdrawal, at: datetime) -> ChannelSays | None:
    """Ask the channel under the withdrawal's number; none where it gave no answer that can be relied on. No
    transaction may be open: it waits for the provider."""
    try:
        transfer = transfer_gateway(withdrawal.channel).ask(number=withdrawal.number, at=at)
    except OutcomeUnknown:
        return None
    return ChannelSays(transfer.state.value, transfer.amount_fen, transfer.provider_ref)
