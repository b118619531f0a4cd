"""What import-linter cannot say: through which rooms one app reaches another."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.project import APPS, PROJECT, python_files

OPEN_ROOMS = {"commands", "queries", "models", "events"}


def imported_names(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of everything a file imports from this repository."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_an_app_reaches_others_only_through_commands_queries_models_and_events():
    wrong = []
    for app in APPS:
        for file in python_files(PROJECT / app):
            for line, name in imported_names(file):
                target, *rooms = name.split(".")
                if target in APPS and target != app and rooms[0] not in OPEN_ROOMS:
                    wrong.append(f"{file.relative_to(PROJECT)}:{line} imports {name}")
    assert wrong == []


def test_an_app_imports_of_the_project_only_its_core():
    wrong = []
    for app in APPS:
        for file in python_files(PROJECT / app):
            for line, name in imported_names(file):
                if name.startswith("mall.") and not name.startswith("mall.core."):
                    wrong.append(f"{file.relative_to(PROJECT)}:{line} imports {name}")
    assert wrong == []


def test_the_core_imports_no_app():
    wrong = []
    for file in python_files(PROJECT / "mall" / "core"):
        for line, name in imported_names(file):
            if name.split(".")[0] in APPS:
                wrong.append(f"{file.relative_to(PROJECT)}:{line} imports {name}")
    assert wrong == []


def test_only_interfaces_ask_the_clock():
    """Commands, queries, rules and settlement take the time as an argument."""
    interfaces = {
        "views",
        "api",
        "admin",
        "forms",
        "tasks",
        "management",
        "middleware",
        "clock",
        "account",
        "adapter",
        "gateways",
        "demo",
        "landing",
        "overview",
    }
    wrong = []
    for folder in [*APPS, "mall"]:
        for file in python_files(PROJECT / folder):
            rooms = {part.removesuffix(".py") for part in file.relative_to(PROJECT).parts}
            if rooms & interfaces:
                continue
            for number, line in enumerate(file.read_text().splitlines(), 1):
                if "timezone.now" in line or "datetime.now" in line or "clock.now(" in line:
                    wrong.append(f"{file.relative_to(PROJECT)}:{number} {line.strip()}")
    assert wrong == []


def test_no_room_is_a_junk_drawer():
    names = {"utils", "util", "common", "helpers", "misc"}
    files = [
        file.relative_to(PROJECT) for folder in [*APPS, "mall", "tests"] for file in python_files(PROJECT / folder)
    ]
    assert [str(file) for file in files if names & {part.removesuffix(".py") for part in file.parts}] == []
