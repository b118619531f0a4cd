"""What can be done to members, one function each. Time is an argument."""

from .codes import CodeRefused, SmsNotSent, TooManyCodes, keep_message, redeem_code, send_code, sweep_codes
from .joining import (
    JoinRefused,
    NewMember,
    create_operator,
    enter_by_code,
    follow_link,
    give_password,
    import_members,
    record_touch,
    register_member,
    register_members,
)
from .profile import (
    AddressText,
    ProfileRefused,
    choose_default_address,
    delete_address,
    record_visit,
    rename_member,
    save_address,
)

__all__ = [
    "AddressText",
    "CodeRefused",
    "JoinRefused",
    "NewMember",
    "ProfileRefused",
    "SmsNotSent",
    "TooManyCodes",
    "choose_default_address",
    "create_operator",
    "delete_address",
    "enter_by_code",
    "follow_link",
    "give_password",
    "import_members",
    "keep_message",
    "record_touch",
    "record_visit",
    "redeem_code",
    "register_member",
    "register_members",
    "rename_member",
    "save_address",
    "send_code",
    "sweep_codes",
]
