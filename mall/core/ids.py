"""Codes and numbers that people see. None of them tells a row's id."""

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def random_code(length: int = 8) -> str:
    """Return a random code in base 32, without the look-alikes 0, O, 1 and I."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def numbered(prefix: str, at: datetime) -> str:
    """Return a number such as `HJ261122` + ten random digits, the date being that of `at` in Shanghai."""
    return f"{prefix}{at.astimezone(SHANGHAI):%y%m%d}{secrets.randbelow(10**10):010d}"
