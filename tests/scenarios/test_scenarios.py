"""Every story in `data/` comes out of the pure rules, to the byte of its expected result."""

import io
import json
from pathlib import Path

import pytest

from linkage.rules.result import result_of, write_result
from linkage.rules.simulation import simulate

STORIES = sorted((Path(__file__).parent / "data").glob("*.jsonl"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_rules_give_the_expected_result(path: Path) -> None:
    expected = path.with_suffix(".expected.json").read_text()
    with path.open("rb") as lines:
        simulation = simulate(lines)
    assert result_of(simulation).as_dict() == json.loads(expected)
    out = io.StringIO()
    write_result(result_of(simulation), out)
    assert out.getvalue() == expected


def test_there_are_stories() -> None:
    assert len(STORIES) >= 22
