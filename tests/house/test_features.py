"""docs/features.md keeps its word: a row called done names a test that exists."""

import ast
import re

from tests.house.project import PROJECT

ROW = re.compile(r"^\|(?P<cells>.+)\|\s*$", re.MULTILINE)


def rows_done() -> list[list[str]]:
    text = (PROJECT / "docs" / "features.md").read_text()
    rows = [[cell.strip() for cell in match["cells"].split("|")] for match in ROW.finditer(text)]
    return [cells for cells in rows if "done" in cells]


def functions_in(path: str) -> set[str]:
    file = PROJECT / path
    if not file.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}


def test_every_feature_called_done_names_a_test_that_exists():
    wrong = []
    for cells in rows_done():
        named = re.findall(r"(tests/[\w/]+\.py)(?:::(\w+))?", " ".join(cells))
        if not named:
            wrong.append(f"{cells[0]}: no test named")
        for path, name in named:
            if not (PROJECT / path).exists() or (name and name not in functions_in(path)):
                wrong.append(f"{cells[0]}: {path}::{name} is missing")
    assert wrong == []
