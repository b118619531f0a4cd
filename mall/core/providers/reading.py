"""Reading what providers send, strictly: a wrong type is as bad as a wrong signature. All raise ValueError."""

import json
import re
from datetime import datetime
from typing import Any, NoReturn

from mall.core.ids import SHANGHAI

AMOUNT_MAX = 10**12
# An instant with its offset, as `datetime.isoformat` writes it.
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(\+\d{2}:\d{2}|Z)")
# A moment of the wall clock in China, as Alipay and the bills write it.
LOCAL_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
YUAN = re.compile(r"(0|[1-9]\d{0,9})\.(\d{2})", re.ASCII)


def strict_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; anything else, doubled keys, fractions and NaN are refused."""
    try:
        content = json.loads(
            body.decode("utf-8"), object_pairs_hook=_object, parse_float=_refuse, parse_constant=_refuse
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(content, dict):
        raise ValueError("not an object")
    return content


def text(content: Any, field: str, length_max: int) -> str:
    """Return a text that is there and not too long."""
    value = content.get(field) if isinstance(content, dict) else None
    if not isinstance(value, str) or not 0 < len(value) <= length_max or "\x00" in value:
        raise ValueError(f"{field} is missing or malformed")
    return value


def whole(content: Any, field: str) -> int:
    """Return a positive whole number of fen."""
    value = content.get(field) if isinstance(content, dict) else None
    if type(value) is not int or not 0 < value <= AMOUNT_MAX:
        raise ValueError(f"{field} is not a positive whole number")
    return value


def fen(value: object) -> int:
    """Return the fen in a positive amount of yuan with exactly two decimals, such as `68.00`."""
    found = YUAN.fullmatch(value) if isinstance(value, str) else None
    amount = int(found[1]) * 100 + int(found[2]) if found else 0
    if not 0 < amount <= AMOUNT_MAX:
        raise ValueError("not a positive amount of yuan with two decimals")
    return amount


def yuan_text(amount_fen: int) -> str:
    """Return an amount as providers write it, such as `68.00`."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


def instant(value: object) -> datetime:
    """Return an instant that tells its offset."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise ValueError("not an instant")
    return datetime.fromisoformat(value)


def local_moment(value: object) -> datetime:
    """Return the instant of a moment on China's wall clock."""
    if not isinstance(value, str) or not LOCAL_MOMENT.fullmatch(value):
        raise ValueError("not a moment")
    return datetime.fromisoformat(value).replace(tzinfo=SHANGHAI)


def local_text(at: datetime) -> str:
    """Return an instant as China's wall clock shows it."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a doubled key")
    return content


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number} is not a whole number")
