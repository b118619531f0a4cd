"""What the mall keeps of a person: one declaration for each table. From it are made the page that lists it, the copy
that can be downloaded, the merging of two accounts and the closing of one.

Each app declares its tables in `<app>/personal.py` as `HOLDINGS`, and what hinders closing as `closing_obstacles`;
`settings.PERSONAL_DATA` names these modules. A test asks that no table with a member is forgotten.

What the law asks to be kept for a time has a `Term`: `end_terms` empties it when that is over, once the account is
closed. What takes more than emptying columns is a function `erase` beside the declarations.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import cache, partial
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, F, QuerySet
from django.db.models.functions import Greatest

from .photos import drop_photos

CHUNK = 2_000
TERMS_AT_ONCE = 1_000


class Fate(Enum):
    """What becomes of rows when the account is closed."""

    ERASED = "erased"
    EMPTIED = "emptied"
    KEPT = "kept"


@dataclass(frozen=True)
class Term:
    """For how long kept rows of a closed account keep what is personal: from the latest of the instants in `since` on.

    Then `emptied` is written over it, or the row goes with its files where nothing is `emptied`. A row without any of
    the instants is not over yet.
    """

    days: int
    since: tuple[str, ...]
    emptied: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Holding:
    """A table with rows about a person. `owner` leads from the row to the member; `fields` are what the person gets.

    `emptied` are the columns that lose what is personal, for `Fate.EMPTIED`; `why` says why rows are kept, `term` for
    how long. `files` are columns that name a photo, each with its storage: the photo goes with the row. Rows that
    `anchor` an account keep it from being merged into another; rows that `move` come along.
    """

    model: str
    name: str
    title: Any
    purpose: Any
    fields: tuple[str, ...]
    fate: Fate
    owner: str = "member"
    where: Mapping[str, Any] = field(default_factory=dict)
    emptied: Mapping[str, Any] = field(default_factory=dict)
    why: Any = ""
    term: Term | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    anchors: bool = False
    moves: bool = False

    @property
    def is_kept(self) -> bool:
        return self.fate is Fate.KEPT

    def of(self, member_id: int) -> "QuerySet[Any]":
        """Return the rows about one member."""
        manager: Any = apps.get_model(self.model)._base_manager
        rows: QuerySet[Any] = manager.filter(**{self.owner: member_id}, **self.where)
        return rows


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an account cannot be closed yet, in words; `can_be_given_up` where the member may say: never mind."""

    words: Any
    can_be_given_up: bool = False


@cache
def holdings() -> tuple[Holding, ...]:
    """Return all declared tables, in the order in which people read them."""
    return tuple(holding for module in _modules() for holding in module.HOLDINGS)


def closing_obstacles(*, member_id: int, at: datetime) -> list[Obstacle]:
    """Return everything that keeps a member's account open."""
    asked: Iterable[Callable[..., Iterable[Obstacle]]] = (
        module.closing_obstacles for module in _modules() if hasattr(module, "closing_obstacles")
    )
    return [obstacle for ask in asked for obstacle in ask(member_id=member_id, at=at)]


def export_rows(*, holding: Holding, member_id: int) -> Iterator[dict[str, Any]]:
    """Yield the rows about a member, as the member gets them."""
    rows = holding.of(member_id).order_by("pk").values(*holding.fields)
    yield from rows.iterator(chunk_size=CHUNK)


def anchors(*, member_id: int) -> list[Holding]:
    """Return what ties a member to its account, if there is any of it."""
    return [holding for holding in holdings() if holding.anchors and holding.of(member_id).exists()]


def move_rows(*, from_id: int, to_id: int) -> None:
    """Give another member the rows that come along; of two that say the same, the other member's stays. In the caller's
    transaction."""
    for holding in holdings():
        if not holding.moves:
            continue
        for row in holding.of(from_id):
            try:
                with transaction.atomic():
                    type(row)._base_manager.filter(pk=row.pk).update(**{holding.owner: to_id})
            except IntegrityError:
                type(row)._base_manager.filter(pk=row.pk).delete()


def erase_rows(*, member_id: int) -> None:
    """Delete or empty the rows about a member that nothing asks to be kept. In the caller's transaction; photos are
    deleted once it is committed."""
    for module in _modules():
        if hasattr(module, "erase"):
            module.erase(member_id=member_id)
    for holding in reversed(holdings()):
        if holding.fate is Fate.ERASED:
            _delete(holding, holding.of(member_id))
        elif holding.fate is Fate.EMPTIED and holding.emptied:
            holding.of(member_id).update(**holding.emptied)


def end_terms(*, at: datetime) -> int:
    """Empty or delete rows of closed accounts whose term is over; returns how many. A repeat goes on with the next."""
    return sum(_end_term(holding, holding.term, at) for holding in holdings() if holding.term is not None)


def _end_term(holding: Holding, term: Term, at: datetime) -> int:
    manager: Any = apps.get_model(holding.model)._base_manager
    ends = [F(name) for name in term.since]
    rows = manager.filter(**{f"{holding.owner}__closed_at__isnull": False}, **holding.where)
    rows = rows.annotate(term_began_at=Greatest(*ends, *ends[:1], output_field=DateTimeField()))
    rows = rows.filter(term_began_at__lte=at - timedelta(days=term.days))
    if term.emptied:
        rows = rows.exclude(**term.emptied)
    over = manager.filter(pk__in=list(rows.values_list("pk", flat=True)[:TERMS_AT_ONCE]))
    if term.emptied:
        return int(over.update(**term.emptied))
    with transaction.atomic():
        return _delete(holding, over)


def _delete(holding: Holding, rows: "QuerySet[Any]") -> int:
    """Delete rows, and their photos once that is committed."""
    for column, storage in holding.files.items():
        names = list(rows.exclude(**{column: ""}).values_list(column, flat=True))
        if names:
            transaction.on_commit(partial(drop_photos, names, private=storage == "private"), robust=True)
    return rows.delete()[0]


@cache
def _modules() -> tuple[Any, ...]:
    return tuple(import_module(name) for name in settings.PERSONAL_DATA)
