"""Reading requests to Alipay."""

import json
import re
from typing import Any

from django.http import HttpRequest

YUAN = re.compile(r"(\d{1,9})\.(\d{2})", re.ASCII)


class Failure(Exception):
    """A no, by its `sub_code`."""


def fields_of(request: HttpRequest) -> dict[str, str]:
    """Return the fields of a request, wherever they stand."""
    given = request.GET if "method" in request.GET else request.POST
    return {name: value for name, value in given.items() if isinstance(value, str)}


def content_of(fields: dict[str, str]) -> dict[str, Any]:
    try:
        content = json.loads(fields.get("biz_content", ""))
    except (ValueError, RecursionError) as error:
        raise Failure("isv.invalid-parameter") from error
    if not isinstance(content, dict):
        raise Failure("isv.invalid-parameter")
    return content


def text_of(content: dict[str, Any], field: str, length_max: int) -> str:
    value = content.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= length_max or "\x00" in value:
        raise Failure("ACQ.INVALID_PARAMETER")
    return value


def amount_of(content: dict[str, Any], field: str) -> int:
    found = YUAN.fullmatch(text_of(content, field, 12))
    if found is None or not int(found[1]) * 100 + int(found[2]):
        raise Failure("ACQ.INVALID_PARAMETER")
    return int(found[1]) * 100 + int(found[2])
