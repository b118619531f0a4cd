import json
from pathlib import Path
from typing import Any

import pytest

from linkage.rules.event_file import (
    EventFileError,
    Grant,
    Join,
    Order,
    Payout,
    Receive,
    Refund,
    TasksDone,
    Tick,
    Withdraw,
    check_event_file,
    event_number,
    read_event_file,
)
from linkage.rules.plan import PayoutTerms, Plan

PLAN = '{"plan": {}}'
JOIN = '{"event": "join", "at": 100, "member": "ann", "referrer": null}'


def refused(*lines: str | bytes) -> EventFileError:
    """Read all of the lines and return the error that they raise."""
    with pytest.raises(EventFileError) as caught:
        list(read_event_file(lines).events)
    return caught.value


def event(**fields: Any) -> str:
    return json.dumps(fields)


def test_the_plan_and_every_kind_of_event_are_read_with_their_lines() -> None:
    file = read_event_file(
        [
            '{"plan": {"name": "n", "withdrawal": {"min_fen": 5}}}\n',
            event(event="join", at=1, member="ann", referrer=None),
            event(event="join", at=1, member="李", referrer="ann"),
            event(event="order", at=2, order="o1", member="李", packs=2),
            event(event="receive", at=3, order="o1"),
            event(event="tasks_done", at=4, member="李"),
            event(event="withdraw", at=5, withdrawal="w1", member="ann", amount_fen=1000),
            event(event="payout", at=6, withdrawal="w1", approved=False),
            event(event="grant", at=7, member="ann", amount_fen=-3),
            event(event="refund", at=8, order="o1"),
            event(event="tick", at=9),
        ]
    )
    assert file.plan == Plan(name="n")
    assert file.terms == PayoutTerms(min_fen=5)
    events = list(file.events)
    assert events == [
        Join(2, 1, "ann", None),
        Join(3, 1, "李", "ann"),
        Order(4, 2, "o1", "李", 2),
        Receive(5, 3, "o1"),
        TasksDone(6, 4, "李"),
        Withdraw(7, 5, "w1", "ann", 1000),
        Payout(8, 6, "w1", False),
        Grant(9, 7, "ann", -3),
        Refund(10, 8, "o1"),
        Tick(11, 9),
    ]
    kinds = [Join, Join, Order, Receive, TasksDone, Withdraw, Payout, Grant, Refund, Tick]
    assert [type(read) for read in events] == kinds
    assert [event_number(read) for read in events] == list(range(1, 11))


@pytest.mark.parametrize("end", [[], [""], ["\n"], ["\n", "  \r\n", ""]])
def test_empty_lines_at_the_end_are_nothing(end: list[str]) -> None:
    assert len(list(read_event_file([PLAN, JOIN, *end]).events)) == 1


def test_an_empty_line_between_others_is_malformed() -> None:
    error = refused(PLAN, "\n", "\n", JOIN)
    assert error.line == 2
    assert str(error) == "Line 2: The line is empty."


@pytest.mark.parametrize("lines", [[], [""], ["\n", "\n"]])
def test_an_empty_file_is_malformed(lines: list[str]) -> None:
    assert refused(*lines).line == 1


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (JOIN, "The first line must be"),
        ('{"plan": {}, "event": "tick"}', "The first line must be"),
        ("{}", "The first line must be"),
        ("[]", "must be a JSON object, not a list"),
        ('{"plan": []}', "plan must be an object, not a list"),
        ('{"plan": {"see_point": 1}}', "see_point is not a field of a plan"),
        ('{"plan": {"see_point_fen": 1.0}}', "see_point_fen must be a whole number, not the fraction 1.0"),
        ('{"plan": {"see_point_fen": 1, "see_point_fen": 2}}', "stands twice"),
        ('{"plan": {"direct_fen": {"agent": 1, "agent": 1}}}', "stands twice"),
        ('{"plan": {"see_point_fen": 20000}}', "must be refused: A first pack can pay out 34000 fen"),
        ('{"plan": {"repeat_fen": {"direct": 29941}}}', "must be refused: A further pack can pay out 29941 fen"),
        ('{"plan": ', "not valid JSON"),
    ],
)
def test_a_first_line_that_is_no_good_plan_is_refused_before_any_event(first: str, words: str) -> None:
    with pytest.raises(EventFileError) as caught:
        read_event_file([first, JOIN])
    assert caught.value.line == 1
    assert words in str(caught.value)


ORDER = '{"event": "order", "at": 200, "order": "o1", "member": "ann", "packs": 1}'
MALFORMED: list[tuple[str | bytes, str]] = [
    ("{", "not valid JSON"),
    ("hello", "not valid JSON"),
    (JOIN + JOIN, "not valid JSON"),
    ("{'event': 'tick', 'at': 200}", "not valid JSON"),
    ('{"event": "tick", "at": 200,}', "not valid JSON"),
    ('{"event": "join", "at": 200, "member": "a\tb", "referrer": null}', "not valid JSON"),
    (b'{"event": "tick", "at": 200, "x": "\xff"}', "not UTF-8"),
    ("\ufeff" + ORDER, "not valid JSON"),
    ("[" * 100_000, "not readable JSON"),
    ('{"event": "tick", "at": ' + "9" * 5_000 + "}", "not readable JSON"),
    ("[]", "must be a JSON object, not a list"),
    ("null", "must be a JSON object, not null"),
    ("5", "must be a JSON object, not 5"),
    ('"tick"', "must be a JSON object, not the text 'tick'"),
    ("{}", "The field event is missing"),
    (PLAN, "The field event is missing"),
    ('{"at": 200}', "The field event is missing"),
    ('{"event": "dance", "at": 200}', "There is no event the text 'dance'"),
    ('{"event": "Tick", "at": 200}', "There is no event the text 'Tick'"),
    ('{"event": null, "at": 200}', "There is no event null"),
    ('{"event": ["tick"], "at": 200}', "There is no event a list"),
    ('{"event": "tick"}', "The field at is missing"),
    ('{"event": "receive", "at": 200}', "The field order is missing"),
    ('{"event": "join", "at": 200, "member": "bob"}', "The field referrer is missing"),
    ('{"event": "tick", "at": 200, "note": "x"}', "The event tick has no field the text 'note'"),
    ('{"event": "tick", "at": 200, "x": NaN}', "The event tick has no field the text 'x'"),
    ('{"event": "receive", "at": 200, "member": "ann"}', "The event receive has no field the text 'member'"),
    ('{"event": "tick", "event": "tick", "at": 200}', "A field stands twice: the text 'event'"),
    ('{"event": "tick", "at": 200, "at": 200}', "A field stands twice: the text 'at'"),
    ('{"event": "tick", "at": "200"}', "The field at must be a whole number of seconds"),
    ('{"event": "tick", "at": 200.0}', "not the fraction 200.0"),
    ('{"event": "tick", "at": true}', "The field at must be a whole number of seconds"),
    ('{"event": "tick", "at": null}', "The field at must be a whole number of seconds"),
    ('{"event": "tick", "at": NaN}', "not the fraction nan"),
    ('{"event": "tick", "at": -1}', "The field at must be a whole number of seconds"),
    ('{"event": "tick", "at": 100000000001}', "The field at must be a whole number of seconds"),
    ('{"event": "tick", "at": 99}', "Time runs backwards: at is 99 after 100"),
    (ORDER.replace("200", "99"), "Time runs backwards"),
    (ORDER.replace('"packs": 1', '"packs": 1.0'), "The field packs must be a whole number"),
    (ORDER.replace('"packs": 1', '"packs": true'), "The field packs must be a whole number"),
    (ORDER.replace('"packs": 1', '"packs": "1"'), "The field packs must be a whole number"),
    (ORDER.replace('"packs": 1', '"packs": 1000001'), "The field packs must be a whole number"),
    (ORDER.replace('"packs": 1', '"packs": null'), "The field packs must be a whole number"),
    (ORDER.replace('"ann"', "5"), "The field member must be an id"),
    (ORDER.replace('"ann"', "null"), "The field member must be an id"),
    (ORDER.replace('"ann"', '""'), "The field member must be an id"),
    (ORDER.replace('"ann"', '"a\\u0000"'), "The field member must be an id"),
    (ORDER.replace('"ann"', '"\\ud83d"'), "The field member must be an id"),
    (ORDER.replace('"ann"', f'"{"a" * 65}"'), "not a long text"),
    (ORDER.replace('"o1"', "[]"), "The field order must be an id"),
    ('{"event": "join", "at": 200, "member": "bob", "referrer": ""}', "The field referrer must be an id"),
    ('{"event": "join", "at": 200, "member": "bob", "referrer": false}', "or null, not false"),
    ('{"event": "join", "at": 200, "member": null, "referrer": null}', "The field member must be an id"),
    ('{"event": "grant", "at": 200, "member": "ann", "amount_fen": 1.5}', "not the fraction 1.5"),
    ('{"event": "grant", "at": 200, "member": "ann", "amount_fen": 1e3}', "not the fraction 1000.0"),
    ('{"event": "grant", "at": 200, "member": "ann", "amount_fen": "5"}', "not the text '5'"),
    ('{"event": "grant", "at": 200, "member": "ann", "amount_fen": true}', "not true"),
    ('{"event": "grant", "at": 200, "member": "ann", "amount_fen": NaN}', "not the fraction nan"),
    ('{"event": "grant", "at": 200, "member": "ann", "amount_fen": -Infinity}', "not the fraction -inf"),
    ('{"event": "grant", "at": 200, "member": "ann", "amount_fen": {}}', "not an object"),
    (
        '{"event": "withdraw", "at": 200, "withdrawal": "w", "member": "ann", "amount_fen": 9223372036854775808}',
        "not a number of that size",
    ),
    (
        '{"event": "withdraw", "at": 200, "withdrawal": 1, "member": "ann", "amount_fen": 1}',
        "The field withdrawal must be an id",
    ),
    ('{"event": "payout", "at": 200, "withdrawal": "w", "approved": 1}', "must be true or false, not 1"),
    ('{"event": "payout", "at": 200, "withdrawal": "w", "approved": "yes"}', "must be true or false"),
    ('{"event": "payout", "at": 200, "withdrawal": "w", "approved": null}', "must be true or false, not null"),
]


@pytest.mark.parametrize(("line", "words"), MALFORMED, ids=[f"{index}" for index in range(len(MALFORMED))])
def test_a_malformed_line_is_named_by_its_number(line: str | bytes, words: str) -> None:
    error = refused(PLAN, JOIN, line, ORDER)
    assert error.line == 3
    assert str(error).startswith("Line 3: ")
    assert words in str(error)
    assert "\n" not in str(error)
    assert str(error).endswith(".")


@pytest.mark.parametrize(
    "line",
    [
        ORDER.replace('"packs": 1', '"packs": 0'),
        ORDER.replace('"packs": 1', '"packs": -5'),
        ORDER.replace('"ann"', '"nobody"'),
        ORDER.replace('"ann"', f'"{"宽" * 64}"'),
        ORDER.replace('"ann"', '"\\ud83d\\ude00"'),
        "  " + ORDER + "\r\n",
        (ORDER + "\n").encode(),
        '{"event": "grant", "at": 200, "member": "ann", "amount_fen": -5}',
        '{"event": "withdraw", "at": 200, "withdrawal": "w", "member": "ann", "amount_fen": 9223372036854775807}',
        '{"event": "tick", "at": 100}',
    ],
)
def test_what_is_impossible_but_well_formed_is_left_to_the_rules(line: str | bytes) -> None:
    assert len(list(read_event_file([PLAN, JOIN, line]).events)) == 2


def test_a_file_is_checked_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(f"{PLAN}\n{JOIN}\n{ORDER}\n")
    assert check_event_file(path) == 2
    path.write_text(f"{PLAN}\n{JOIN}\n{ORDER}\n{JOIN}\n")
    with pytest.raises(EventFileError, match=r"^Line 4: Time runs backwards: at is 100 after 200\.$"):
        check_event_file(path)
