"""After-sale cases. A case changes under the lock of its order; who comes too late is refused and changes nothing."""

from .answering import (
    agree_case,
    decide_case,
    refund_instead,
    refuse_case,
    resend,
    set_return_address,
    take_back,
)
from .asking import cancel_case, dispute_case, open_case, send_back, take_replacement
from .overdue import act_on_overdue
from .speaking import add_to_dispute, speak_in_dispute

__all__ = [
    "act_on_overdue",
    "add_to_dispute",
    "agree_case",
    "cancel_case",
    "decide_case",
    "dispute_case",
    "open_case",
    "refund_instead",
    "refuse_case",
    "resend",
    "send_back",
    "set_return_address",
    "speak_in_dispute",
    "take_back",
    "take_replacement",
]
