"""What can be done to withdrawals, payees and their accounts, holds and policies."""

from .batching import (
    approve_result_file,
    book_result_file,
    drop_result_file,
    make_batch,
    note_download,
    read_result_file,
    ring_for_results,
)
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
from .many import approve_many, release_many
from .opening import (
    ImportedDecision,
    OpenedWithdrawal,
    Quote,
    decide_imported,
    keep_quote,
    open_withdrawals,
    quote_withdrawal,
)
from .payees import add_account, correct_payee, register_payee, remove_account
from .policies import set_policy
from .refusals import (
    AccountRefused,
    AskingRefused,
    BatchRefused,
    DecisionRefused,
    HoldRefused,
    NoticeRefused,
    PolicyRefused,
)
from .stopping import ask_to_lift, lift_stop, stop_payouts
from .verifying import ChannelSays, ask_channel, made_by_hand

__all__ = [
    "REASON_MAX",
    "AccountRefused",
    "AskingRefused",
    "BatchRefused",
    "ChannelSays",
    "DecisionRefused",
    "HoldRefused",
    "ImportedDecision",
    "NoticeRefused",
    "OpenedWithdrawal",
    "PolicyRefused",
    "Quote",
    "add_account",
    "approve_many",
    "approve_result_file",
    "approve_withdrawal",
    "ask_channel",
    "ask_to_lift",
    "book_result_file",
    "correct_payee",
    "decide_imported",
    "drop_result_file",
    "keep_quote",
    "lift_stop",
    "made_by_hand",
    "make_batch",
    "note_download",
    "open_withdrawals",
    "place_hold",
    "quote_withdrawal",
    "read_result_file",
    "recall_withdrawal",
    "record_by_hand",
    "register_payee",
    "reject_withdrawal",
    "release_hold",
    "release_many",
    "release_withdrawal",
    "remove_account",
    "ring_for_results",
    "set_policy",
    "settle_sending",
    "stop_payouts",
    "take_notice",
]
