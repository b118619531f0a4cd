"""Members and what hangs on them. The referral forest is guarded by triggers (`migrations/0002_guards.py`)."""

from .account import AccountClosing, DataExport, PhoneChange, new_export_token
from .address import Address, AddressLabel
from .adviser import AdviserRelation, BindReason, RelationEnd, RelationPolicy, Shopkeeper, ShopkeeperState
from .code import CodePurpose, CodeRequest, SmsMessage
from .consent import ROLE_AGREEMENTS, Consent, ConsentKind, ConsentText
from .contest import ContestState, RelationContest
from .mark import AccessMark, MarkKind
from .member import Member, MemberManager, new_public_id, new_referral_code
from .relation import DayVisit, Touch
from .session import MemberSession
from .staff import RecoveryCode, StaffDevice
from .wechat import WechatIdentity

__all__ = [
    "ROLE_AGREEMENTS",
    "AccessMark",
    "AccountClosing",
    "Address",
    "AddressLabel",
    "AdviserRelation",
    "BindReason",
    "CodePurpose",
    "CodeRequest",
    "Consent",
    "ConsentKind",
    "ConsentText",
    "ContestState",
    "DataExport",
    "DayVisit",
    "MarkKind",
    "Member",
    "MemberManager",
    "MemberSession",
    "PhoneChange",
    "RecoveryCode",
    "RelationContest",
    "RelationEnd",
    "RelationPolicy",
    "Shopkeeper",
    "ShopkeeperState",
    "SmsMessage",
    "StaffDevice",
    "Touch",
    "WechatIdentity",
    "new_export_token",
    "new_public_id",
    "new_referral_code",
]
