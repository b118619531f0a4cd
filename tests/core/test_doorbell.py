"""A broker that takes a connection and never says a word."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

# In a process of its own, whose broker is the mute one: the first ring, cold; then ten more.
RING = """
import os, sys, time
import django
django.setup()
from mall.celery import app
app.conf.broker_url = sys.argv[1]
from linkage.tasks import settle
for count in (1, 10):
    began = time.monotonic()
    assert not any([settle.ring(3) for _ in range(count)])
    print(time.monotonic() - began)
"""


@pytest.fixture
def mute() -> Iterator[str]:
    """A port that accepts and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def test_ringing_a_broker_that_never_answers_costs_two_seconds_once(mute: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", RING, mute], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    first, more = map(float, ran.stdout.split())
    assert first < 2.5
    assert more < 0.1
