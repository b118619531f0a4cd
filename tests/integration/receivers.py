"""A supplier's server on this machine: it keeps what it is sent, and answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What came: path, headers and body of each. `answers` are used up one by one, the last one stays. While `holds` is
    set, nobody is answered."""

    answers: list[int] = field(default_factory=lambda: [204])
    holds: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _path, headers, _body in self.came]


@contextmanager
def receiver(*answers: int) -> Iterator[Receiver]:
    """Run a receiver for the length of the block."""
    there = Receiver()
    there.answers = list(answers) or [204]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            there.came.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if there.holds.is_set():
                there.released.wait(30)
                return
            status = there.answers.pop(0) if len(there.answers) > 1 else there.answers[0]
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        there.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
