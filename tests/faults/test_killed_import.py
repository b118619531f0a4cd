"""Killed with -9 again and again, an import ends in the same state as the rules alone."""

import io
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, transaction

from bench.event_files import event_lines
from ledger.queries import findings
from linkage import audit, exporter
from linkage.models import ImportRun, LinkageEvent
from linkage.rules.result import result_of, write_result
from linkage.rules.simulation import simulate
from mall.core import clock

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 20
EVENTS = 10_000


def environment() -> dict[str, str]:
    """The present environment, pointing to the test's own database."""
    url = urlsplit(os.environ["DATABASE_URL"])
    owner = urlsplit(os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"]))
    name = "/" + connection.settings_dict["NAME"]
    return {
        **os.environ,
        "DATABASE_URL": urlunsplit(url._replace(path=name)),
        "DATABASE_OWNER_URL": urlunsplit(owner._replace(path=name)),
        "DJANGO_SETTINGS_MODULE": "mall.settings.test",
    }


def lines_done() -> int:
    return ImportRun.objects.values_list("lines_done", flat=True).first() or 0


def test_an_import_killed_twenty_times_ends_in_the_same_state(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(line + "\n" for line in event_lines(EVENTS, seed=7)))
    command = [sys.executable, "manage.py", "linkage_import", str(path), "--chunk", "100"]
    dice = random.Random(7)
    killed = 0
    stops = sorted(dice.sample(range(100, EVENTS - 500), KILLS))
    for stop in stops:
        process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and lines_done() < stop:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(%s)", [dice.choice([0.001, 0.01, 0.02])])
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed == KILLS
    assert lines_done() < EVENTS
    subprocess.run(command, env=environment(), check=True, capture_output=True)

    expected, actual = io.StringIO(), io.StringIO()
    with path.open("rb") as lines:
        write_result(result_of(simulate(lines)), expected)
    with transaction.atomic():
        write_result(exporter.result(at=clock.now()), actual)
    assert actual.getvalue() == expected.getvalue()
    assert LinkageEvent.objects.count() == EVENTS
    assert list(findings()) == []
    assert list(audit.findings(audit.replay())) == []
