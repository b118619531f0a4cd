"""Every story in `data/`, moved into an empty mall through its tables and settlement, comes out of the database."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from ledger.queries import findings
from linkage import audit, exporter, importer
from linkage.models import ImportRun, LinkageEvent
from linkage.rules.result import result_of, write_result
from linkage.rules.simulation import simulate
from mall.core import clock
from members.models import Member
from orders.models import Order
from tests.linkage.stories import Mall

pytestmark = pytest.mark.django_db(transaction=True)

STORIES = sorted((Path(__file__).parent / "data").glob("*.jsonl"))


def exported() -> str:
    out = io.StringIO()
    with transaction.atomic():
        write_result(exporter.result(at=clock.now()), out)
    return out.getvalue()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_an_imported_story_gives_the_expected_result(path: Path) -> None:
    importer.import_file(path, at=clock.now())

    assert exported() == path.with_suffix(".expected.json").read_text()
    assert list(findings()) == []
    assert list(audit.findings(audit.replay())) == []


@pytest.mark.parametrize("chunk", [1, 7])
def test_the_size_of_chunks_changes_no_result(chunk: int) -> None:
    path = next(path for path in STORIES if path.stem.startswith("14_"))
    importer.import_file(path, at=clock.now(), chunk_size=chunk)

    assert exported() == path.with_suffix(".expected.json").read_text()


def test_an_interrupted_import_goes_on_where_it_stopped() -> None:
    path = next(path for path in STORIES if path.stem.startswith("20_"))

    class Interrupted(Exception):
        pass

    def stop_at(last: int) -> Callable[[int, int], None]:
        def progress(done: int, lines: int) -> None:
            if done >= last:
                raise Interrupted

        return progress

    for last in (100, 400, 700):
        with pytest.raises(Interrupted):
            importer.import_file(path, at=clock.now(), chunk_size=100, progress=stop_at(last))
    importer.import_file(path, at=clock.now())
    importer.import_file(path, at=clock.now())

    assert exported() == path.with_suffix(".expected.json").read_text()
    assert ImportRun.objects.get().finished_at is not None


def test_a_malformed_file_is_refused_with_its_line_before_anything_is_written(tmp_path: Path) -> None:
    lines = STORIES[0].read_text().splitlines()
    lines[5] = lines[5].replace('"at": ', '"at": "x')
    broken = tmp_path / "broken.jsonl"
    broken.write_text("\n".join(lines))

    with pytest.raises(CommandError, match="Line 6") as refused:
        call_command("linkage_import", str(broken))
    assert refused.value.returncode == 2
    assert not Member.objects.exists()
    assert not LinkageEvent.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_mall_that_is_not_empty_refuses_an_import() -> None:
    mall = Mall()
    mall.join("zoe")
    mall.settle()
    events = LinkageEvent.objects.count()

    with pytest.raises(CommandError, match="not empty"):
        call_command("linkage_import", str(STORIES[0]))
    assert LinkageEvent.objects.count() == events
    assert not Order.objects.exists()


def test_a_file_that_is_not_there_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("linkage_import", str(tmp_path / "nowhere.jsonl"))
    assert not ImportRun.objects.exists()


def test_the_export_command_writes_what_the_simulation_of_the_same_file_writes(tmp_path: Path) -> None:
    path = STORIES[1]
    call_command("linkage_import", str(path))
    out = tmp_path / "result.json"
    call_command("linkage_export", out=out)

    with path.open("rb") as lines:
        simulated = io.StringIO()
        write_result(result_of(simulate(lines)), simulated)
    assert out.read_text() == simulated.getvalue()
    assert json.loads(out.read_text())["members"]
