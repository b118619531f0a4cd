"""Papers of suppliers: how their numbers are written, and when they run out. Dates are days in Shanghai."""

import re
from datetime import date, timedelta

BUSINESS, FOOD, PRODUCTION, COSMETIC = "business", "food", "production", "cosmetic"
TRADEMARK, ORIGIN, INSPECTION, ORGANIC = "trademark", "origin", "inspection", "organic"
# What goods of a category may be sold with alone. A permit always says until when it is good.
PERMITS = (FOOD, PRODUCTION, COSMETIC)
WAITING, APPROVED, REJECTED, REPLACED, WITHDRAWN = "waiting", "approved", "rejected", "replaced", "withdrawn"
SOON_DAYS, LATER_DAYS = 30, 60
# So long goods on the shelf stay there without a permit that their category came to ask for.
GRACE_DAYS = 14
EXPIRED, SOON, LATER, GOOD = "expired", "soon", "later", "good"
NUMBER_MAX = 40

# GB 32100-2015: what a unified social credit code is written with, and what each of its 17 places weighs.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_CODE = re.compile(rf"[1-9A-HJ-NP-RTUWXY][1-9][0-9]{{6}}[{_ALPHABET}]{{10}}")
# Issued numbers: of food sellers (JY and 14 digits), of makers (SC and 14), of makers of cosmetics (粤妆20160001).
_NUMBERS = {
    FOOD: re.compile(r"(JY|YB)[0-9]{14}"),
    PRODUCTION: re.compile(r"SC[0-9]{14}"),
    COSMETIC: re.compile(r"[\u4e00-\u9fff]妆[0-9]{8}"),
}


def plain_number(text: str) -> str:
    """Return a number as it is kept: without spaces around and within, letters in upper case."""
    return "".join(text.split()).upper()


def is_credit_code(code: str) -> bool:
    """Say whether a unified social credit code (统一社会信用代码) can be one: its letters, and its check character by
    GB 32100-2015."""
    if not _CREDIT_CODE.fullmatch(code):
        return False
    total = sum(_ALPHABET.index(letter) * weight for letter, weight in zip(code, _WEIGHTS, strict=False))
    return _ALPHABET[-total % 31] == code[17]


def is_number_of(kind: str, number: str) -> bool:
    """Say whether a paper of this kind can have this number. Kinds without a known form take any, and none."""
    if kind == BUSINESS:
        return is_credit_code(number)
    form = _NUMBERS.get(kind)
    return form is None or form.fullmatch(number) is not None


def expiry_of(valid_until: date | None, today: date) -> str:
    """Return how a paper stands with its last good day: expired, soon (30 days), later (60 days), or good."""
    if valid_until is None or valid_until > today + timedelta(days=LATER_DAYS):
        return GOOD
    if valid_until < today:
        return EXPIRED
    return SOON if valid_until <= today + timedelta(days=SOON_DAYS) else LATER
