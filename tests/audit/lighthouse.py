"""Lighthouse in the project's own Chromium, run by the node of a wheel."""

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mall.services.children import free_port
from tests.browser import chromium

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = "performance,accessibility,best-practices,seo"


def install() -> None:
    """Install what the lock says, where it is not there yet."""
    if not PROGRAM.exists():
        chromium.install_packages(HERE)


@contextmanager
def browser() -> Iterator[int]:
    """Run a Chromium; yield the port at which it is driven."""
    found, port = chromium.find(), free_port()
    with TemporaryDirectory(prefix="mall-audit-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [found.path, *chromium.ARGUMENTS, f"--remote-debugging-port={port}", f"--user-data-dir={profile}"],
            env={**os.environ, **found.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)


def audit(address: str, *, port: int, cookies: str = "") -> dict[str, Any]:
    """Audit one page as Lighthouse does by itself: a mid-range phone on slow 4G. Return its report."""
    command = [chromium.node(), PROGRAM, address, f"--port={port}", "--output=json", "--quiet"]
    command += [f"--only-categories={CATEGORIES}"]
    if cookies:
        command += [f"--extra-headers={json.dumps({'Cookie': cookies})}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    if done.returncode:
        raise RuntimeError(f"lighthouse on {address}: {done.stderr.strip()[-800:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/version", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the browser did not start")
