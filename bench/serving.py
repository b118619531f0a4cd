"""Web servers under measurement and the client that asks them: gunicorn with two workers, four open connections."""

import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

CONNECTIONS = 4
WORKERS = 2
READY_SECONDS = 30.0


class BadAnswer(Exception):
    """A page did not answer as a measured page must."""


class Server:
    """gunicorn with two workers on a free port, while the block runs."""

    def __init__(self, python: Path, application: str, folder: Path, environment: Mapping[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        command = [python, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}"]
        kind = ["--workers", str(WORKERS), "--threads", "2", "--worker-class", "gthread", "--keep-alive", "60"]
        self._command = [str(part) for part in [*command, *kind, "--log-level", "error"]]
        self._folder, self._environment = folder, dict(environment)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, env=self._environment, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + READY_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise BadAnswer(f"{self._command[3]} did not start") from None
                time.sleep(0.05)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(20)

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection that stays open from one request to the next."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


def ask(
    connection: http.client.HTTPConnection,
    path: str,
    *,
    cookie: str = "",
    form: str | None = None,
    wanted: Sequence[int] = (200,),
) -> tuple[http.client.HTTPResponse, bytes]:
    """Get a page, or post a form that is encoded already; raises BadAnswer unless its status is `wanted`."""
    headers = {"Host": f"127.0.0.1:{connection.port}", "Accept-Encoding": "identity", "Accept-Language": "zh-Hans"}
    if cookie:
        headers["Cookie"] = cookie
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Referer"] = f"http://127.0.0.1:{connection.port}{path}"
    connection.request("GET" if form is None else "POST", path, body=form, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status not in wanted:
        raise BadAnswer(f"{path} answered {answer.status} {answer.headers.get('Location', '')}")
    return answer, body


def pages_a_second(server: Server, paths: Sequence[str], *, cookies: Sequence[str], seconds: float) -> float:
    """Ask for the pages in turn over four connections for a while; return how many were answered in a second.

    Each connection has a cookie of its own, where there are any: oscar fails where one buyer is in four places.
    """
    counts, errors = [0] * CONNECTIONS, []
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        connection = server.connect()
        try:
            while time.monotonic() < until:
                ask(
                    connection,
                    paths[(counts[number] * CONNECTIONS + number) % len(paths)],
                    cookie=cookies[number % len(cookies)] if cookies else "",
                )
                counts[number] += 1
        except (BadAnswer, OSError) as error:
            errors.append(error)
        finally:
            connection.close()

    began = time.monotonic()
    in_parallel(work)
    if errors:
        raise errors[0]
    return sum(counts) / (time.monotonic() - began)


def in_parallel(work: Callable[[int], None]) -> None:
    """Run the work in as many threads as there are connections."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
