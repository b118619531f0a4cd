"""Names, identity numbers and account numbers as they are kept. All raise ValueError for what cannot be one."""

import re
import unicodedata
from datetime import date

NAME_MAX = 30
BANK_NAME_MAX = 30
INPUT_MAX = 80

_NAME = re.compile(r"[^\W\d_]+(?:[ ·.'-][^\W\d_]+)*")
_MIDDLE_DOTS = re.compile(r"[•‧∙・．｡]")
_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CARD = re.compile(r"[0-9]{12,19}", re.ASCII)
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,40}@[A-Za-z0-9-]{1,30}(?:\.[A-Za-z0-9-]{2,20}){1,3}", re.ASCII)


def normal_name(text: str) -> str:
    """Return a real name: letters of any script, parts joined by a dot, hyphen or space; two to thirty characters."""
    name = _plain(_MIDDLE_DOTS.sub("·", text))
    if not 2 <= len(name) <= NAME_MAX or not _NAME.fullmatch(name):
        raise ValueError("not a name")
    return name


def normal_id_number(text: str, *, on: date) -> str:
    """Return a mainland identity number of 18 characters whose date of birth is a date before `on` and whose check
    digit is right (GB 11643)."""
    number = _plain(text).replace(" ", "").upper()
    if not _ID_NUMBER.fullmatch(number):
        raise ValueError("not an identity number")
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    if not date(1900, 1, 1) <= born < on:
        raise ValueError("born on no possible day")
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    if _ID_CHECKS[total % 11] != number[17]:
        raise ValueError("the check digit is another one")
    return number


def normal_card(text: str) -> str:
    """Return the number of a bank card whose check digit is right (Luhn)."""
    number = re.sub(r"[ -]", "", _plain(text))
    if not _CARD.fullmatch(number):
        raise ValueError("not a card number")
    total = 0
    for place, digit in enumerate(map(int, reversed(number))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    if total % 10:
        raise ValueError("the check digit is another one")
    return number


def normal_bank_name(text: str) -> str:
    """Return the name of a bank."""
    name = _plain(text)
    if not 2 <= len(name) <= BANK_NAME_MAX or not re.fullmatch(r"[\w（）()· ]+", name):
        raise ValueError("not the name of a bank")
    return name


def normal_alipay(text: str) -> str:
    """Return what one signs in to Alipay with: a mainland mobile number, or an address for mail."""
    account = _plain(text).replace(" ", "")
    if not _MOBILE.fullmatch(account) and not _EMAIL.fullmatch(account):
        raise ValueError("not an Alipay account")
    return account


def _plain(text: str) -> str:
    """Return a text in its compatibility form; control and invisible characters are no part of any."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > INPUT_MAX or any(unicodedata.category(char).startswith("C") for char in plain):
        raise ValueError("a character that nobody can see")
    return plain
