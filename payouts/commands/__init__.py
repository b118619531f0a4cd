"""What can be done to withdrawals, payees and their accounts, holds and policies."""

from .deciding import (
    REASON_MAX,
    approve_withdrawal,
    recall_withdrawal,
    record_by_hand,
    reject_withdrawal,
    release_withdrawal,
    settle_sending,
    take_notice,
)
from .holding import place_hold, release_hold
from .opening import (
    ImportedDecision,
    OpenedWithdrawal,
    Quote,
    decide_imported,
    keep_quote,
    open_withdrawals,
    quote_withdrawal,
)
from .payees import add_account, register_payee, remove_account
from .policies import set_policy
from .refusals import AccountRefused, AskingRefused, DecisionRefused, HoldRefused, NoticeRefused, PolicyRefused
from .stopping import ask_to_lift, lift_stop, stop_payouts
from .verifying import ChannelSays, ask_channel, made_by_hand

__all__ = [
    "REASON_MAX",
    "AccountRefused",
    "AskingRefused",
    "ChannelSays",
    "DecisionRefused",
    "HoldRefused",
    "ImportedDecision",
    "NoticeRefused",
    "OpenedWithdrawal",
    "PolicyRefused",
    "Quote",
    "add_account",
    "approve_withdrawal",
    "ask_channel",
    "ask_to_lift",
    "decide_imported",
    "keep_quote",
    "lift_stop",
    "made_by_hand",
    "open_withdrawals",
    "place_hold",
    "quote_withdrawal",
    "recall_withdrawal",
    "record_by_hand",
    "register_payee",
    "reject_withdrawal",
    "release_hold",
    "release_withdrawal",
    "remove_account",
    "set_policy",
    "settle_sending",
    "stop_payouts",
    "take_notice",
]
