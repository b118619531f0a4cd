"""Reading an address that was pasted as one piece: who, which phone, where, in whatever order."""

import re
import unicodedata
from dataclasses import dataclass

from .regions import Region, find_region
from .rules import ADDRESS_LENGTHS

PASTED_MAX = 400

# A mobile number, with the spaces and dashes that people and their phones put into it.
_PHONE = re.compile(r"(?<![0-9])(?:\+?86[- ]?)?(1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4})(?![0-9])")
# What forms and chat messages write before the parts.
_LABELS = re.compile(
    r"(?:收货人|收件人|联系人|姓名|名字|手机号码|手机号|手机|联系电话|电话|收货地址|收件地址|详细地址|所在地区|地址|地区)\s*[:：]?"
)
_POSTCODE = re.compile(r"(?:邮编|邮政编码)\s*[:：]?\s*[0-9]{6}")
_BETWEEN = re.compile(r"[\s,，;；、|/。:：]+")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,8}(?:先生|女士|小姐|老师)?|[A-Za-z][A-Za-z .'-]{1,30}")
_LATIN = re.compile(r"[A-Za-z][A-Za-z .'-]*")
_PLACE_WORDS = re.compile(r"[路街道巷弄号栋幢楼室层单元村镇乡区县市省州园苑城座组队店厦]|[0-9]")


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """What could be read; what could not is empty, and the member fills it in."""

    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""


def parse_address(text: str) -> ParsedAddress:
    """Read a pasted address. Never raises; text beyond PASTED_MAX is not looked at."""
    rest = unicodedata.normalize("NFKC", text[: PASTED_MAX * 2])[:PASTED_MAX]
    rest = "".join(" " if unicodedata.category(char).startswith("C") else char for char in rest)
    rest = _LABELS.sub(" ", _POSTCODE.sub(" ", rest))
    found = _PHONE.search(rest)
    phone = re.sub(r"[- ]", "", found[1]) if found else ""
    if found:
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    pieces = _pieces(rest)
    name = _take_name(pieces)
    region, detail = _take_place(pieces)
    return ParsedAddress(
        name=name[: ADDRESS_LENGTHS["name"]],
        phone=phone,
        province=region.province,
        city=region.city,
        district=region.district,
        detail=detail[: ADDRESS_LENGTHS["detail"]],
    )


def _pieces(text: str) -> list[str]:
    """Return what stands between spaces and commas; Latin words that follow one another stay together."""
    pieces: list[str] = []
    for piece in filter(None, _BETWEEN.split(text)):
        if pieces and _LATIN.fullmatch(piece) and _LATIN.fullmatch(pieces[-1]):
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    return pieces


def _take_name(pieces: list[str]) -> str:
    """Take the piece that is a name away from `pieces`: short, without words of places, the first or the last first."""
    places = [0, len(pieces) - 1, *range(1, len(pieces) - 1)] if pieces else []
    for at in places:
        piece = pieces[at]
        if _NAME.fullmatch(piece) and not _PLACE_WORDS.search(piece) and not find_region(piece)[0].depth:
            return pieces.pop(at)
    return ""


def _take_place(pieces: list[str]) -> tuple[Region, str]:
    """Return the region that the pieces name together, and what is left of them as the detail."""
    # Pieces of Chinese run on; numbers and Latin words keep their distance.
    joined = ""
    for piece in pieces:
        joined += (" " if joined and joined[-1].isascii() and piece[0].isascii() else "") + piece
    region, start, end = find_region(joined)
    return region, f"{joined[:start]}{joined[end:]}".strip(" -—")
