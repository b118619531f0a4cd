"""What a difference between two books looks like, what probably caused it, and which days may be closed. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# So close to the end of a day, the channel may have put the money on the next day's bill.
MIDNIGHT = timedelta(minutes=10)
# Closed days that are looked at again with every check of an open one.
LOOK_BACK_DAYS = 7
# So many transfers a check asks the channel about; the next check goes on.
ASKED_MAX = 500


class Part(StrEnum):
    """What is held against what. Payments and refunds stand in three books, the others in two."""

    PAYMENT = "payment"
    REFUND = "refund"
    PAYOUT = "payout"
    REWARD = "reward"
    CLAWBACK = "clawback"
    COMMISSION = "commission"
    COMMISSION_BACK = "commission_back"


MONEY_IN_THREE_BOOKS = (Part.PAYMENT, Part.REFUND)
EARNINGS = (Part.REWARD, Part.CLAWBACK, Part.COMMISSION, Part.COMMISSION_BACK)
# Money that leaves: shown below zero.
OUTGOING = (Part.REFUND, Part.PAYOUT, Part.CLAWBACK, Part.COMMISSION_BACK)


class Cause(StrEnum):
    """What probably caused a difference; the first that fits, in this order."""

    NO_BILL = "no_bill"
    NOT_ANSWERED = "not_answered"
    DUPLICATE = "duplicate"
    UNKNOWN_PAYMENT = "unknown_payment"
    MANUAL_REFUND = "manual_refund"
    LATE_NOTICE = "late_notice"
    AMOUNT = "amount"
    MIDNIGHT = "midnight"
    MISSING_IN_BILL = "missing_in_bill"
    NOT_PAID = "not_paid"
    LEDGER_ALONE = "ledger_alone"
    MISSING_IN_LEDGER = "missing_in_ledger"
    LEDGER_AMOUNT = "ledger_amount"
    REFERENCE = "reference"


# What may go away by itself: a bill that is still to come, a channel that did not answer.
PATIENT = frozenset({Cause.NO_BILL, Cause.NOT_ANSWERED, Cause.MIDNIGHT})


@dataclass(frozen=True, slots=True)
class Seen:
    """One number in the three books, amounts in fen. None: the book has nothing of it, or is not asked for this part.

    `known` says whether there is a document at all; `document_fen` is none while it does not say that money moved.
    """

    part: Part
    known: bool
    document_fen: int | None
    channel_fen: int | None
    ledger_fen: int | None
    channel_lines: int = 1
    has_channel: bool = True
    same_reference: bool = True
    near_midnight: bool = False
    refused_by_channel: bool = False


def cause_of(seen: Seen) -> Cause | None:
    """Return what probably made the books differ over a number; none where they say the same."""
    on_channel = seen.channel_fen is not None
    return _channel_alone(seen) if on_channel and seen.document_fen is None else _beside_document(seen, on_channel)


def _channel_alone(seen: Seen) -> Cause:
    if seen.channel_lines > 1:
        return Cause.DUPLICATE
    if seen.known:
        return Cause.LATE_NOTICE
    return Cause.MANUAL_REFUND if seen.part == Part.REFUND else Cause.UNKNOWN_PAYMENT


def _beside_document(seen: Seen, on_channel: bool) -> Cause | None:
    if on_channel and seen.channel_lines > 1:
        return Cause.DUPLICATE
    if on_channel and seen.channel_fen != seen.document_fen:
        return Cause.AMOUNT
    if seen.document_fen is None:
        return Cause.LEDGER_ALONE if seen.ledger_fen is not None else None
    if seen.refused_by_channel:
        return Cause.NOT_PAID
    if seen.has_channel and not on_channel:
        return Cause.MIDNIGHT if seen.near_midnight else Cause.MISSING_IN_BILL
    if seen.ledger_fen is None:
        return Cause.MISSING_IN_LEDGER
    if seen.ledger_fen != seen.document_fen:
        return Cause.LEDGER_AMOUNT
    return None if seen.same_reference else Cause.REFERENCE


def is_near_midnight(at: datetime, until: datetime) -> bool:
    """Say whether an instant lies so close before the end of its day that the channel may count it to the next."""
    return until - MIDNIGHT <= at < until


def gap_fen(one: int | None, other: int | None) -> int:
    """Return how much more the one book has than the other."""
    return (one or 0) - (other or 0)
