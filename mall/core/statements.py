"""Statements whose plan a session of the database keeps: for work that is small and comes often, where reading and
planning the text costs more than doing what it says.

A kept plan is made for arrays of about ten elements, so that it suits a few rows; whoever has many rows runs the text,
which is planned for what it holds. Behind a pooler that hands out another session for each transaction
(`DATABASE_POOLED`) nothing is kept, and everything runs as text.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

# So many rows are few.
FEW = 20

Params = Mapping[str, Any] | Sequence[Any]

_PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?([s%])")


class _Kept(NamedTuple):
    """How a text is prepared and run; `names` are its named parameters in order, none where they have no names."""

    name: str
    prepare: str
    execute: str
    names: tuple[str, ...] | None


_kept: dict[str, _Kept] = {}
_prepared: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()


def run(cursor: CursorWrapper, text: str, params: Params, *, keep: bool) -> None:
    """Execute a statement, and with `keep` from a plan that the session keeps.

    The text says of what type a parameter is wherever PostgreSQL cannot tell (`%s::bigint[]`).
    """
    if not keep or connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        cursor.execute(text, params)
        return
    kept = _kept.get(text)
    if kept is None:
        kept = _kept[text] = _keep(text, f"mall_{len(_kept)}")
    _prepare_once(kept)
    if kept.names is not None:
        assert isinstance(params, Mapping)
        params = [params[name] for name in kept.names]
    cursor.execute(kept.execute, params)


def _keep(text: str, name: str) -> _Kept:
    """Turn the driver's placeholders into those of PostgreSQL; a name that comes twice is one parameter."""
    names: list[str] = []
    count = 0

    def numbered(found: re.Match[str]) -> str:
        nonlocal count
        if found[2] == "%":
            return "%"
        if found[1] is None:
            count += 1
            return f"${count}"
        if found[1] not in names:
            names.append(found[1])
            count += 1
        return f"${names.index(found[1]) + 1}"

    body = _PLACEHOLDER.sub(numbered, text)
    arguments = f" ({', '.join(['%s'] * count)})" if count else ""
    return _Kept(name, f"PREPARE {name} AS {body}", f"EXECUTE {name}{arguments}", tuple(names) if names else None)


def _prepare_once(kept: _Kept) -> None:
    """Prepare the statement in this session. What is prepared outlives a transaction that is rolled back."""
    connection.ensure_connection()
    session = connection.connection
    known = _prepared.setdefault(session, set())
    if kept.name not in known:
        with connection.wrap_database_errors, session.cursor() as plain:
            plain.execute(kept.prepare)
        known.add(kept.name)
