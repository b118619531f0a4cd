"""Members and what hangs on them. The referral forest is guarded by triggers (`migrations/0002_guards.py`)."""

from .address import Address
from .code import CodePurpose, CodeRequest, SmsMessage
from .member import Member, MemberManager, new_public_id, new_referral_code
from .relation import DayVisit, Touch

__all__ = [
    "Address",
    "CodePurpose",
    "CodeRequest",
    "DayVisit",
    "Member",
    "MemberManager",
    "SmsMessage",
    "Touch",
    "new_public_id",
    "new_referral_code",
]
