"""Phone numbers, nicknames, addresses and codes: what is accepted and in which form it is kept."""

import re
import unicodedata
import zlib
from dataclasses import dataclass
from datetime import timedelta

PHONE_INPUT_MAX = 40
NICKNAME_MAX = 40
ADDRESSES_MAX = 20
ADDRESS_LENGTHS = {"name": 40, "province": 20, "city": 30, "district": 30, "detail": 120}

CODE_DIGITS = 6
CODE_TRIES = 5
CODE_LIFE = timedelta(minutes=5)

# Codes that may be asked for: (within, at most). For one phone and purpose, one network address, the whole mall.
PHONE_LIMITS = ((timedelta(seconds=60), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))
ADDRESS_LIMITS = ((timedelta(minutes=1), 10), (timedelta(hours=1), 60), (timedelta(days=1), 300))
MALL_LIMITS = ((timedelta(hours=1), 3000),)
LIMITS_LOOK_BACK = timedelta(days=1)

# A change of the phone that only WeChat confirms waits this long; an account that is to be closed this long.
PHONE_REST = timedelta(hours=72)
CLOSING_REST = timedelta(days=7)
EXPORT_LIFE = timedelta(hours=24)

REFERRAL_CODE = re.compile(r"[2-9A-HJ-NP-Z]{4,12}")

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_BETWEEN_DIGITS = re.compile(r"[\s\-()\u2010-\u2015.]")


def normal_phone(text: str) -> str:
    """Return a mainland mobile number as `+86…`, from how people type it: spaces, dashes, full-width digits, +86 or 86.

    Raises ValueError for anything else, and for control characters.
    """
    if len(text) > PHONE_INPUT_MAX or any(unicodedata.category(char) == "Cc" for char in text.strip()):
        raise ValueError("not a phone number")
    digits = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    for prefix in ("+86", "0086", "86"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 11:
            digits = digits.removeprefix(prefix)
            break
    if not _MOBILE.fullmatch(digits):
        raise ValueError("not a phone number")
    return f"+86{digits}"


def root_shard(public_id: str, shards: int) -> int:
    """Return the shard of the referral tree that a member without referrer starts."""
    return zlib.crc32(public_id.encode()) % shards


def is_referral_code(text: str) -> bool:
    """Say whether a text could be a referral code at all."""
    return REFERRAL_CODE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Device:
    """What a browser says it runs on: one of the names of `SYSTEMS` and of `BROWSERS`, or `other`."""

    system: str
    browser: str


# The first that is found counts: every browser names several.
SYSTEMS = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("harmony", "HarmonyOS"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac", "Macintosh"),
    ("linux", "Linux"),
)
BROWSERS = (
    ("wechat", "MicroMessenger"),
    ("alipay", "AlipayClient"),
    ("edge", "Edg"),
    ("quark", "Quark"),
    ("uc", "UCBrowser"),
    ("qq", "QQBrowser"),
    ("firefox", "Firefox"),
    ("chrome", "Chrome"),
    ("chrome", "CriOS"),
    ("safari", "Safari"),
)


def device_of(user_agent: str) -> Device:
    """Return what a browser runs on, from how it calls itself."""
    system = next((name for name, mark in SYSTEMS if mark in user_agent), "other")
    browser = next((name for name, mark in BROWSERS if mark in user_agent), "other")
    return Device(system, browser)
