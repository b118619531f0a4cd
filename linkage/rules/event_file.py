"""Event files: one JSON object a line, first the plan, then events in order. Read strictly, one line at a time.

Whatever is malformed raises `EventFileError` with the number of its line, counting from 1. What is well formed but
impossible (an unknown member, a second refund) is for the engine to refuse: a file may contain such events.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .plan import PayoutTerms, Plan, PlanError, PlanRefused, check_plan, described, is_storable, parse_plan

ID_MAX = 64
# So that instants stay within what a database keeps (the year 5138, with room for any days of a plan), and no order
# that a plan can price outgrows 64 bits.
AT_MAX = 10**11
PACKS_MAX = 10**6
AMOUNT_MAX = 2**63 - 1


class EventFileError(ValueError):
    """The file is malformed at `line`; `reason` is one plain sentence, and the message names both."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"Line {line}: {reason}")
        self.line = line
        self.reason = reason


class Join(NamedTuple):
    line: int
    at: int
    member: str
    referrer: str | None


class Order(NamedTuple):
    line: int
    at: int
    order: str
    member: str
    packs: int


class Receive(NamedTuple):
    line: int
    at: int
    order: str


class Refund(NamedTuple):
    line: int
    at: int
    order: str


class TasksDone(NamedTuple):
    line: int
    at: int
    member: str


class Withdraw(NamedTuple):
    line: int
    at: int
    withdrawal: str
    member: str
    amount_fen: int


class Payout(NamedTuple):
    line: int
    at: int
    withdrawal: str
    approved: bool


class Grant(NamedTuple):
    line: int
    at: int
    member: str
    amount_fen: int


class Tick(NamedTuple):
    line: int
    at: int


Event = Join | Order | Receive | Refund | TasksDone | Withdraw | Payout | Grant | Tick


class EventFile(NamedTuple):
    """A file whose plan was read and accepted; `events` reads on as it is consumed, and may raise EventFileError."""

    plan: Plan
    terms: PayoutTerms
    events: Iterator[Event]


def event_number(event: Event) -> int:
    """Return the number that a result's `refused` knows the event by: 1 for the first after the plan's line."""
    return event.line - 1


def read_event_file(lines: Iterable[str | bytes]) -> EventFile:
    """Read the plan from the first of `lines` and return it with an iterator over the events of the others."""
    numbered = _filled_lines(lines)
    number, line = next(numbered, (1, ""))
    if not line:
        raise EventFileError(1, "The file is empty; its first line must be the plan.")
    data = _parsed(number, line)
    if data.keys() != {"plan"}:
        raise EventFileError(number, 'The first line must be {"plan": {…}} and nothing else.')
    try:
        plan, terms = parse_plan(data["plan"])
        check_plan(plan)
    except PlanError as error:
        raise EventFileError(number, f"The plan is malformed: {error}") from None
    except PlanRefused as error:
        raise EventFileError(number, f"The plan must be refused: {error}") from None
    return EventFile(plan, terms, _events(numbered))


def check_event_file(path: Path | str) -> int:
    """Read the whole file, raise EventFileError at the first malformed line, and return the number of its events."""
    with open(path, "rb") as lines:
        return sum(1 for _ in read_event_file(lines).events)


def _filled_lines(lines: Iterable[str | bytes]) -> Iterator[tuple[int, str]]:
    """Number the lines from 1. Empty lines at the end are nothing; one between others is malformed."""
    empty = 0
    for number, line in enumerate(lines, start=1):
        try:
            text = (line if isinstance(line, str) else line.decode()).strip(_JSON_SPACE)
        except UnicodeDecodeError:
            raise EventFileError(number, "The line is not UTF-8 text.") from None
        if not text:
            empty = empty or number
            continue
        if empty:
            raise EventFileError(empty, "The line is empty.")
        yield number, text


def _events(numbered: Iterator[tuple[int, str]]) -> Iterator[Event]:
    now = 0
    for number, line in numbered:
        data = _parsed(number, line)
        word = data.get("event")
        shape = _SHAPES.get(word) if type(word) is str else None
        if shape is None:
            raise EventFileError(number, _not_an_event(data))
        build, count, fields = shape
        if len(data) != count:
            raise EventFileError(number, _wrong_fields(data, word, fields))
        values = [number]
        for field, check in fields:
            # A field that is missing is told from null by a value that no check lets pass.
            value = data.get(field, _MISSING)
            if check(value):
                values.append(value)
            else:
                raise EventFileError(number, _wrong_value(data, word, fields, field, check))
        at = values[1]
        if at < now:
            raise EventFileError(number, f"Time runs backwards: at is {at} after {now}.")
        now = at
        yield build(values)


class _RepeatedKeyError(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise _RepeatedKeyError(next(key for key, count in counts.items() if count > 1))
    return data


_JSON_SPACE = " \t\r\n"
_decode = json.JSONDecoder(object_pairs_hook=_unique).raw_decode


def _parsed(number: int, text: str) -> dict[str, Any]:
    try:
        data, end = _decode(text)
    except _RepeatedKeyError as error:
        raise EventFileError(number, f"A field stands twice: {described(str(error))}.") from None
    except json.JSONDecodeError as error:
        raise EventFileError(number, f"The line is not valid JSON: {error.msg} (column {error.colno}).") from None
    except (ValueError, RecursionError):
        # A number of thousands of digits, or brackets nested without end.
        raise EventFileError(number, "The line is not readable JSON.") from None
    if end != len(text):
        raise EventFileError(number, f"The line is not valid JSON: it goes on after its end (column {end + 1}).")
    if type(data) is not dict:
        raise EventFileError(number, f"The line must be a JSON object, not {described(data)}.")
    return data


def _is_id(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= ID_MAX and is_storable(value)


def _is_id_or_null(value: Any) -> bool:
    return value is None or _is_id(value)


def _is_at(value: Any) -> bool:
    return type(value) is int and 0 <= value <= AT_MAX


def _is_packs(value: Any) -> bool:
    return type(value) is int and -PACKS_MAX <= value <= PACKS_MAX


def _is_amount(value: Any) -> bool:
    return type(value) is int and -AMOUNT_MAX <= value <= AMOUNT_MAX


def _is_bool(value: Any) -> bool:
    return value is True or value is False


_Check = Callable[[Any], bool]

_MISSING = object()
_ID = f"an id of 1 to {ID_MAX} characters"
_WANTED: dict[_Check, str] = {
    _is_id: _ID,
    _is_id_or_null: f"{_ID}, or null",
    _is_at: f"a whole number of seconds between 0 and {AT_MAX}",
    _is_packs: f"a whole number of at most {PACKS_MAX}",
    _is_amount: f"a whole number of fen of at most {AMOUNT_MAX}",
    _is_bool: "true or false",
}

_Fields = tuple[tuple[str, _Check], ...]
_Shape = tuple[Callable[[list[Any]], Event], int, _Fields]


def _shape(kind: Any, **checks: _Check) -> _Shape:
    """Return how to build `kind` from its line number and fields, how many keys its object has, and the fields."""
    fields = (("at", _is_at), *checks.items())
    return kind._make, 1 + len(fields), fields


_SHAPES: dict[str, _Shape] = {
    "join": _shape(Join, member=_is_id, referrer=_is_id_or_null),
    "order": _shape(Order, order=_is_id, member=_is_id, packs=_is_packs),
    "receive": _shape(Receive, order=_is_id),
    "refund": _shape(Refund, order=_is_id),
    "tasks_done": _shape(TasksDone, member=_is_id),
    "withdraw": _shape(Withdraw, withdrawal=_is_id, member=_is_id, amount_fen=_is_amount),
    "payout": _shape(Payout, withdrawal=_is_id, approved=_is_bool),
    "grant": _shape(Grant, member=_is_id, amount_fen=_is_amount),
    "tick": _shape(Tick),
}

# What each event carries beside `event` and `at`.
EVENT_FIELDS = {word: [field for field, _ in fields[1:]] for word, (_, _, fields) in _SHAPES.items()}


def _not_an_event(data: dict[str, Any]) -> str:
    if "event" not in data:
        return "The field event is missing."
    return f"There is no event {described(data['event'])}; there are {', '.join(_SHAPES)}."


def _wrong_fields(data: dict[str, Any], word: Any, fields: _Fields) -> str:
    known = {"event", *(field for field, _ in fields)}
    for field in data:
        if field not in known:
            return f"The event {word} has no field {described(field)}."
    return f"The field {next(field for field, _ in fields if field not in data)} is missing."


def _wrong_value(data: dict[str, Any], word: Any, fields: _Fields, field: str, check: _Check) -> str:
    if field not in data:
        return _wrong_fields(data, word, fields)
    return f"The field {field} must be {_WANTED[check]}, not {described(data[field])}."
