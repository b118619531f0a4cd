"""What somebody types into a list's search: a number of ours, the tail of a phone, a nickname.

Each kind of term is looked up by the index that it has. Asking for all kinds at once in one condition would have the
database read every row.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.db.models.functions import Right

PHONE = re.compile(r"(?:\+?86)?(1\d{10})")
TAIL = re.compile(r"\d{4}")
NUMBER = re.compile(r"[A-Za-z]{0,4}[0-9A-Za-z-]{6,47}")
PEOPLE_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """Where terms are looked for: columns that hold a number of ours whole, and the way to the member."""

    numbers: tuple[str, ...] = ()
    member: str = ""

    def apply(self, rows: "QuerySet[Any]", term: str) -> "QuerySet[Any]":
        """Return the rows that a term means."""
        term = term.strip().replace("\0", "")[:60]
        if not term:
            return rows
        if self.member and (people := self._people(term)) is not None:
            return rows.filter(**{self._path("in"): people})
        either = Q(pk__in=self._numbered(rows, term))
        if self.member and not re.search(r"\d{6}", term):
            people = _ids(_members().filter(nickname__startswith=term).exclude(nickname=""))
            either |= Q(**{self._path("in"): people})
        if self.member and NUMBER.fullmatch(term):
            either |= Q(**{self._path("in"): _ids(_members().filter(public_id=term))})
        return rows.filter(either)

    def _numbered(self, rows: "QuerySet[Any]", term: str) -> list[Any]:
        every: QuerySet[Any] = rows.model._default_manager.order_by()
        found: list[Any] = []
        for column in self.numbers:
            found += every.filter(**{f"{column}__in": {term, term.upper()}}).values_list("pk", flat=True)[:PEOPLE_MAX]
        return found

    def _people(self, term: str) -> list[int] | None:
        """Return the members of a phone or its tail; none where the term is no phone."""
        digits = re.sub(r"[ -]", "", term)
        if found := PHONE.fullmatch(digits):
            return _ids(_members().filter(phone=f"+86{found[1]}"))
        if TAIL.fullmatch(digits):
            return _ids(_members().alias(tail=Right("phone", 4)).filter(tail=digits, phone__isnull=False))
        return None

    def _path(self, lookup: str) -> str:
        return f"{self.member}__{lookup}"


def _members() -> "QuerySet[Any]":
    found: QuerySet[Any] = get_user_model()._default_manager.all()
    return found


def _ids(members: "QuerySet[Any]") -> list[int]:
    return list(members.values_list("pk", flat=True)[:PEOPLE_MAX])
