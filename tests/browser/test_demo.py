"""`make demo` on a copy of the tree: it comes up, four people come in, Ctrl-C ends it and nothing stays."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from mall.services.children import free_port
from tests.browser.conftest import DESK, PHONE
from tests.browser.people import log_in, log_in_with_password
from tests.house.project import tracked_files
from tests.processes import PROJECT, living_processes, wait_until

VENV = Path(sys.executable).parents[1]
# What a person's terminal does not have: the servers of the tests, and the make that runs them.
OURS = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "SANDBOX_KEY", "MEDIA_ROOT"),
    *("MAKEFLAGS", "MFLAGS", "MAKELEVEL"),
)


class Demo:
    """A running `make demo`, as a person has it in a terminal."""

    def __init__(self, tree: Path, data: Path) -> None:
        self.port = free_port()
        self.accounts_file = tree / "accounts.json"
        self.process = subprocess.Popen(
            [
                *("make", "demo", f"VENV={VENV}", f"PORT={self.port}"),
                *(f"DATA={data}", f"ACCOUNTS={self.accounts_file}", "SCALE=5"),
            ],
            cwd=tree,
            env={name: value for name, value in os.environ.items() if name not in OURS},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.printed = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line
            if "Ctrl-C stops everything" in line:
                return
        raise AssertionError(f"the demo did not come up:\n{self.printed}")

    @property
    def accounts(self) -> dict[str, dict[str, str]]:
        accounts: dict[str, dict[str, str]] = json.loads(self.accounts_file.read_text())
        return accounts

    def interrupt(self) -> None:
        """Do what Ctrl-C in a terminal does: every process of the foreground group gets SIGINT."""
        os.killpg(self.process.pid, signal.SIGINT)

    def kill(self) -> None:
        """End make itself, as a power cut would; what it started has to notice."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def tree() -> Iterator[Path]:
    """A copy of the project, without what is built."""
    folder = Path(mkdtemp(prefix="mall-copy-"))
    folder.chmod(0o755)
    for file in tracked_files():
        target = folder / file.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="mall-demo-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_demo_comes_up_lets_four_people_in_stops_and_leaves_nothing(tree, data, browser):
    demo = Demo(tree, data)
    site = f"http://127.0.0.1:{demo.port}"
    try:
        assert f"{site}/" in demo.printed
        for who, path in [
            ("consumer", "/me/"),
            ("agent", "/agent/"),
            ("supplier", "/supplier/"),
            ("operator", "/ops/"),
        ]:
            account = demo.accounts[who]
            assert account["phone"].removeprefix("+86") in demo.printed.replace(" ", "")
            context = browser.new_context(
                base_url=site, locale="zh-CN", **(PHONE if path in ("/me/", "/agent/") else DESK)
            )
            page = context.new_page()
            if account.get("password"):
                log_in_with_password(page, account["phone"], account["password"], site=path)
            else:
                log_in(page, account["phone"])
            answer = page.goto(path)
            assert answer is not None
            assert (answer.status, page.url) == (200, f"{site}{path}")
            context.close()
        demo.interrupt()
        demo.process.wait(timeout=60)
        wait_until(lambda: living_processes(str(data)) == living_processes(str(tree)) == [])
    finally:
        demo.kill()

    again = Demo(tree, data)
    assert "Demo data" not in again.printed
    again.kill()
    wait_until(lambda: living_processes(str(data)) == living_processes(str(tree)) == [])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", again.port)) != 0


def test_a_busy_port_is_one_sentence_and_nothing_starts(tree, data):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = subprocess.run(
            ["make", "demo", f"VENV={VENV}", f"PORT={port}", f"DATA={data}"],
            cwd=tree,
            env={name: value for name, value in os.environ.items() if name not in OURS},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode != 0
    assert done.stdout == f"✗ Port {port} is in use: choose another one, as in PORT={port + 1}.\n"
    assert list(data.iterdir()) == []
