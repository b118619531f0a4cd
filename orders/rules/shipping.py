"""Carriers that suppliers choose from, when a parcel has been silent for too long, and where one goes in a word."""

import re
from datetime import datetime, timedelta

CARRIERS = ("顺丰速运", "中通快递", "圆通速递", "申通快递", "韵达快递", "极兔速递", "京东快递", "中国邮政")
# The numbers that the carriers themselves publish.
HOTLINES = {
    "顺丰速运": "95338",
    "中通快递": "95311",
    "圆通速递": "95554",
    "申通快递": "95543",
    "韵达快递": "95546",
    "京东快递": "950616",
    "中国邮政": "11183",
}
# What a waybill number looks like.
WAYBILL_PATTERN = r"[0-9A-Za-z-]{6,40}"
SILENT_DAYS = 3
_CITY = re.compile(r"(?:.{2,8}?(?:省|自治区))?(.{2,8}?(?:市|自治州|地区|盟))")
PLACE_MAX = 6


def is_silent(*, since: datetime, delivered_at: datetime | None, at: datetime) -> bool:
    """Say whether a parcel on its way has told nothing for three days."""
    return delivered_at is None and at >= since + timedelta(days=SILENT_DAYS)


# An order that has to leave within these hours, or should have left, is at risk of being late.
LATE_RISK_HOURS = 6


def time_left(due_at: datetime, at: datetime) -> tuple[int, int]:
    """Return whole hours and minutes until a deadline; both are negative or zero once it is over."""
    minutes = int((due_at - at).total_seconds() // 60)
    return (minutes // 60, minutes % 60) if minutes >= 0 else (-(-minutes // 60), -(-minutes % 60))


def city_of(address: str) -> str:
    """Return the city of an address that begins with its province, or how it begins where that names none."""
    found = _CITY.match(address)
    return found[1] if found else address.partition(" ")[0][:PLACE_MAX]
