"""docs/glossary.md is true, and the code keeps to its words."""

import ast
import re
from collections.abc import Iterator
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest
from django.core.exceptions import FieldDoesNotExist

from tests.house.project import APPS, PROJECT, python_files, tracked_files
from tests.house.test_docs_rules import tables

PAGE = (PROJECT / "docs" / "glossary.md").read_text()
ROWS = [row for rows in tables(PAGE) for row in rows if "where" in row]
SPOKEN = {".py", ".html", ".js"}


def resolved(place: str) -> object:
    """Return what a dotted place names: a module's attribute, and on from there; a model's field too."""
    parts = place.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: object = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return reduce(_member, parts[length:], found)
    raise AttributeError(place)


def _member(owner: object, name: str) -> object:
    try:
        return owner._meta.get_field(name)
    except (AttributeError, FieldDoesNotExist):
        return getattr(owner, name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["word"])
def test_a_word_stands_where_the_glossary_says(row: dict[str, str]) -> None:
    assert resolved(row["where"].strip("`")) is not None


def test_people_see_every_chinese_word_somewhere() -> None:
    words = {word for row in ROWS for word in row["people see"].split(", ")}
    text = "".join(
        file.read_text()
        for file in tracked_files()
        if file.suffix in SPOKEN and file.relative_to(PROJECT).parts[0] not in ("tests", "bench")
    )
    assert {word for word in words if word not in text} == set()


def test_no_word_stands_there_twice() -> None:
    words = [word for row in ROWS for word in row["word"].split(", ")]
    assert sorted(words) == sorted(set(words))


# Whole words, also as parts of names such as upline_id. The brackets keep the patterns from finding themselves.
LINES = re.compile(r"(?i)(?<![a-z])(?:up|down)[-_ ]?line[s]?(?![a-z])")


def test_nobody_speaks_of_lines_up_and_down() -> None:
    found = [
        f"{file.relative_to(PROJECT)}: {match[0]}"
        for file in tracked_files()
        if file.suffix in SPOKEN and "vendor" not in file.parts and file != Path(__file__)
        for match in [LINES.search(file.read_text())]
        if match
    ]
    assert found == []


def names_made_in(folder: Path) -> Iterator[tuple[Path, int, str]]:
    """Every name that the code of a folder gives to something of its own: classes, functions, arguments, variables,
    fields, keyword arguments. What comes from libraries under its own name (`transaction.atomic`) is not among them.
    """
    for file in python_files(folder):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    yield file, node.lineno, name
                case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                    yield file, node.lineno, name
                case ast.Attribute(attr=name, ctx=ast.Store()):
                    yield file, node.lineno, name
                case ast.keyword(arg=str(name)):
                    yield file, node.value.lineno, name


def misnamed(folders: list[str], words: set[str]) -> list[str]:
    return [
        f"{file.relative_to(PROJECT)}:{line} {name}"
        for folder in folders
        for file, line, name in names_made_in(PROJECT / folder)
        if words & set(re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_"))
    ]


def test_no_member_has_a_parent() -> None:
    """Categories are a tree and have one; they live in `suppliers`."""
    assert misnamed([app for app in APPS if app not in ("suppliers", "core")], {"parent", "parents"}) == []


def test_money_moves_in_journal_entries_not_in_transactions_and_flows() -> None:
    assert misnamed(APPS, {"transaction", "transactions", "flow", "flows"}) == []


@pytest.mark.parametrize("name", ["upline", "downline_id", "their uplines", "UPLINE", "down-line", "up_line"])
def test_a_line_up_or_down_would_be_found(name: str) -> None:
    assert LINES.search(name)


@pytest.mark.parametrize("name", ["guidelines", "markup_lines", "startup lineage", "uplined", "update"])
def test_an_innocent_word_is_left_alone(name: str) -> None:
    assert not LINES.search(name)


def test_a_misnamed_thing_would_be_found(tmp_path: Path) -> None:
    lines = (
        "def move(parent_id):",
        "    cash_flow = Path(x).parent",
        "    row.parent = 1",
        "class MoneyFlow: pass",
        "f(a=2)",
    )
    (tmp_path / "code.py").write_text("\n".join(lines))
    made = {name for _, _, name in names_made_in(tmp_path)}
    assert made == {"move", "parent_id", "cash_flow", "parent", "MoneyFlow", "a"}
