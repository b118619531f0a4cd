"""What all catalogues are read into, and how a file's columns are told apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _

from mall.core.workbook import TableRow

from .reading import FileRow, TableRefused

AXIS_MAX = 6
# How axes are called elsewhere.
AXES = {
    "color": "颜色",
    "colour": "颜色",
    "颜色分类": "颜色",
    "size": "尺码",
    "material": "材质",
    "style": "款式",
    "flavor": "口味",
    "flavour": "口味",
    "weight": "净含量",
    "title": "规格",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a file says of a product: its name here, the words under which files have it, and whether nothing
    goes without it."""

    key: str
    label: Any
    words: tuple[str, ...]
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One SKU as a file has it, amounts as texts. `key` tells it from the others of its listing."""

    key: str
    code: str
    values: tuple[str, ...]
    price: str
    list_price: str = ""
    supply_price: str = ""
    stock: str = ""
    weight_g: int = 0
    barcode: str = ""


@dataclass(slots=True)
class Listing:
    """One product as a file has it. `number` is its first row; `problem` says why it cannot be read, `notes` what to
    look at in the draft."""

    number: int
    external_id: str
    name: str
    subtitle: str = ""
    category: str = ""
    detail: str = ""
    axes: tuple[str, ...] = ("规格",)
    variants: list[Variant] = field(default_factory=list)
    problem: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """The words of a file's head in their order, and the rows below it. What is empty in a row is not in it."""

    head: tuple[str, ...]
    rows: list[TableRow]


class Source(Protocol):
    """Another platform's file."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> Any: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...

    def table(self, rows: Sequence[FileRow]) -> Table:
        """Find the head and what is below it. Raises TableRefused."""
        ...

    def listings(self, rows: Iterable[TableRow], columns: Mapping[str, str]) -> list[Listing]:
        """Return the products in their order; `columns` has a word of the head for each field's key that is there."""
        ...


def guessed(fields: Sequence[Field], head: Sequence[str]) -> dict[str, str]:
    """Return which column probably stands for which field."""
    known = {word.casefold(): word for word in reversed(head)}
    found = {}
    for one in fields:
        word = next((known[word.casefold()] for word in one.words if word.casefold() in known), None)
        if word is not None:
            found[one.key] = word
    return found


def table_of(head: FileRow | None, body: Iterable[FileRow], *, needs: Sequence[Field]) -> Table:
    """Return a table; a word that stands in the head twice is numbered. Raises TableRefused where nothing of what is
    needed stands in the head."""
    words: list[str] = []
    for cell in head.cells if head else []:
        word = cell.strip() or f"列{len(words) + 1}"
        words.append(word if word not in words else f"{word} ({len(words) + 1})")
    missing = [one for one in needs if one.is_needed and one.key not in guessed(needs, words)]
    if len(missing) == sum(one.is_needed for one in needs):
        raise TableRefused(_("第一行认不出列名，请检查选的平台和文件"))
    rows = []
    for row in body:
        values = {word: cell for word, cell in zip(words, row.cells, strict=False) if cell}
        formulas = tuple(words[place] for place in row.formulas if place < len(words))
        if values or formulas:
            rows.append(TableRow(number=row.number, values=values, formulas=formulas))
    return Table(tuple(words), rows)


def axis(name: str, place: int) -> str:
    """Return what an axis is called here."""
    known = AXES.get(name.strip().casefold(), name.strip())
    return known if 0 < len(known) <= AXIS_MAX else f"规格{place}"


def grams(text: str, *, per_unit: int = 1) -> int:
    """Return a weight in whole grams, of a text in grams or, with 1000 `per_unit`, in kilograms; 0 for what is none."""
    whole, _point, rest = text.strip().partition(".")
    if not (whole or rest) or not (whole + rest).isascii() or not (whole + rest).isdecimal() or len(whole) > 6:
        return 0
    return int(whole or 0) * per_unit + int((rest + "000")[:3]) * per_unit // 1000
