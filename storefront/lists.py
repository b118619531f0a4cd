"""What the address of a list says, and the addresses that lead on from it.

Everything in an address may be anything: what is malformed or unknown counts for nothing, but for a category, brand
or supplier that does not exist, of which there is no page.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from mall.core.money import yuan
from suppliers import queries
from suppliers.queries import Selection, Sort

PAGE = 20
PAGES_MAX = 500
TEXT_MAX = 200
_SLUG = re.compile(r"[-\w]{1,60}", re.ASCII)
_YUAN = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
# The names of an address, in the order in which they are written.
NAMES = ("q", "c", "b", "s", "packs", "low", "high", "stock", "free", "sort", "view")
FILTERS = ("low", "high", "stock", "free")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list as its address asks for it: what to select, which page, in one column or two. `given` is what the address
    says of it, as far as it counts; `path` where it stands; `kept` which of its names the page itself is about."""

    path: str
    selection: Selection
    given: Mapping[str, str]
    page: int = 1
    kept: tuple[str, ...] = field(default=())

    @property
    def in_rows(self) -> bool:
        return self.given.get("view") == "rows"

    @property
    def start(self) -> int:
        return (self.page - 1) * PAGE

    def address(self, page: int = 1, **changes: str) -> str:
        """Return the address of the same list with some of its names changed; an empty value drops a name."""
        names = {**self.given, **changes, "page": str(page) if page > 1 else ""}
        query = urlencode([(name, names[name]) for name in (*NAMES, "page") if names.get(name)])
        return f"{self.path}?{query}" if query else self.path

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The filters in force, in words, each with the address that drops it."""
        chosen = self.selection
        found = []
        if chosen.free_freight:
            found.append((_("包邮"), self.address(free="")))
        if chosen.in_stock:
            found.append((_("有货"), self.address(stock="")))
        if chosen.low_fen is not None or chosen.high_fen is not None:
            found.append((_between(chosen.low_fen, chosen.high_fen), self.address(low="", high="")))
        if chosen.brand and "b" not in self.kept:
            found.append((chosen.brand.name, self.address(b="")))
        if chosen.category and "c" not in self.kept:
            found.append((chosen.category.name, self.address(c="")))
        return found

    @property
    def without_filters(self) -> str:
        dropped = dict.fromkeys([*FILTERS, *(name for name in ("b", "c") if name not in self.kept)], "")
        return self.address(1, **dropped)

    @property
    def sorts(self) -> list[tuple[str, str, str]]:
        """The orders to choose from: in words, the address, and `true` where it is the present one; of prices the
        way it goes (`up`, `down`)."""
        now = self.selection.sort
        dear = now == Sort.CHEAP
        price = "up" if dear else "down" if now == Sort.DEAR else ""
        return [
            (_("综合"), self.address(sort=""), "true" if now == Sort.BEST else ""),
            (_("销量"), self.address(sort=Sort.SALES), "true" if now == Sort.SALES else ""),
            (_("价格"), self.address(sort=Sort.DEAR if dear else Sort.CHEAP), price),
            (_("新品"), self.address(sort=Sort.NEW), "true" if now == Sort.NEW else ""),
        ]

    @property
    def other_view(self) -> str:
        """The address of the same in the other number of columns."""
        return self.address(self.page, view="" if self.in_rows else "rows")

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the filter form passes on without showing it."""
        shown = {*FILTERS, *(name for name in ("b", "c") if name not in self.kept)}
        return [(name, value) for name, value in self.given.items() if name not in shown]


def wanted(params: Mapping[str, Any], *, path: str, kept: tuple[str, ...] = (), **about: Any) -> Wanted:
    """Read what an address asks for. `about` is what the page itself is about, whatever its query says."""
    given = {name: _plain(params.get(name, "")) for name in NAMES}
    given = {name: value for name, value in given.items() if value and name not in about}
    low, high = sorted_pair(_fen(given.get("low", "")), _fen(given.get("high", "")))
    selection = {
        "text": given.get("q", "")[:TEXT_MAX],
        "category": _found(given, "c", queries.category_by_slug),
        "brand": _found(given, "b", queries.brand_by_slug),
        "supplier": _found(given, "s", queries.supplier_by_slug),
        "low_fen": low,
        "high_fen": high,
        "in_stock": given.get("stock") == "1",
        "free_freight": given.get("free") == "1",
        "packs": given.get("packs") == "1",
        "sort": _sort(given.get("sort", "")),
    }
    selection |= {_FIELDS[name]: value for name, value in about.items()}
    return Wanted(
        path=path, selection=Selection(**selection), given=_counting(given, selection), page=_page(params), kept=kept
    )


_FIELDS = {"q": "text", "c": "category", "b": "brand", "s": "supplier"}


def sorted_pair(low: int | None, high: int | None) -> tuple[int | None, int | None]:
    """Return two bounds, the lower one first."""
    return (high, low) if low is not None and high is not None and low > high else (low, high)


def _counting(given: dict[str, str], selection: dict[str, Any]) -> dict[str, str]:
    """Return what an address says, without what counted for nothing."""
    counts = {
        "low": selection["low_fen"] is not None,
        "high": selection["high_fen"] is not None,
        "stock": selection["in_stock"],
        "free": selection["free_freight"],
        "packs": selection["packs"],
        "sort": bool(selection["sort"]),
        "view": given.get("view") == "rows",
    }
    kept = {name: value for name, value in given.items() if counts.get(name, True)}
    # Bounds stand in the address as they are shown, also when they came the wrong way round.
    return kept | {name: _written(selection[f"{name}_fen"]) for name in ("low", "high") if name in kept}


def _found(given: dict[str, str], name: str, query: Any) -> Any:
    slug = given.get(name, "")
    if not slug:
        return None
    row = query(slug=slug) if _SLUG.fullmatch(slug) else None
    if row is None:
        raise Http404
    return row


def _plain(value: Any) -> str:
    return unicodedata.normalize("NFKC", str(value)[: TEXT_MAX * 4].replace("\x00", " ")).strip()[:TEXT_MAX]


def _fen(text: str) -> int | None:
    if not _YUAN.fullmatch(text):
        return None
    whole, _dot, fraction = text.partition(".")
    return int(whole) * 100 + int(fraction.ljust(2, "0") or 0)


def _written(fen: int) -> str:
    return yuan(fen).removeprefix("¥").replace(",", "").removesuffix(".00")


def _between(low_fen: int | None, high_fen: int | None) -> str:
    low, high = (None if fen is None else _written(fen) for fen in (low_fen, high_fen))
    if low is None:
        return _("¥%(high)s 以下") % {"high": high}
    if high is None:
        return _("¥%(low)s 以上") % {"low": low}
    return f"¥{low}–{high}"


def _sort(text: str) -> Sort:
    try:
        wanted = Sort(text)
    except ValueError:
        return Sort.BEST
    return Sort.BEST if wanted == Sort.COMMISSION else wanted


def _page(params: Mapping[str, Any]) -> int:
    text = str(params.get("page", ""))
    return min(int(text), PAGES_MAX) if _NUMBER.fullmatch(text) else 1
