"""Pages of the desks under measurement: the time of their SQL, and how many questions they ask."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.test import Client

from bench.books import BooksWrong
from bench.results import Result, ceiling
from bench.run import Run
from mall.core.totp import new_secret
from members.commands.staff import keep_device
from members.models import Member
from members.second_factor import SESSION_KEY

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROUNDS = 9
SQL_MS_MAX = 100


def signed_in(member: Member) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(member, backend=BACKEND)
    return client


def an_operator(*, at: datetime) -> Client:
    """Return the browser of an operator who may open everything and showed the second factor just now."""
    member = Member.objects.create(
        nickname="operator",
        public_id="bench-operator",
        phone="+8613700000001",
        shard=0,
        is_staff=True,
        is_superuser=True,
        joined_at=at,
    )
    keep_device(member=member, secret=new_secret(), at=at)
    client = signed_in(member)
    session = client.session
    session[SESSION_KEY] = int(time.time())
    session.save()
    return client


def measure_pages(run: Run, client: Client, pages: Mapping[str, str], *, questions: int) -> Iterator[Result]:
    """Open each page by its address several times; at most so many `questions`, and their SQL within a tenth of a
    second."""
    for name, address in pages.items():
        spent, counts, slowest = [], [], (0.0, "")
        client.get(address)
        for _turn in range(ROUNDS):
            watch = _Watch()
            with connection.execute_wrapper(watch):
                answer = client.get(address)
            if answer.status_code != 200:
                raise BooksWrong(f"{name} answered {answer.status_code}")
            spent.append(watch.spent_ms)
            counts.append(watch.count)
            slowest = max(slowest, watch.slowest)
        run.tell(f"{name}: {spent[0]:.1f} ms in {counts[0]:.0f} questions; {slowest[0]:.1f} ms: {slowest[1][:160]}")
        yield ceiling(f"{name}: SQL of the page", "ms", spent, SQL_MS_MAX)
        yield ceiling(f"{name}: questions", "", counts, questions)


class _Watch:
    """How many questions a page asks, and how long they take."""

    def __init__(self) -> None:
        self.spent_ms, self.count, self.slowest = 0.0, 0, (0.0, "")

    def __call__(self, execute: Any, sql: str, *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, *arguments)
        finally:
            took = 1000 * (time.perf_counter() - began)
            self.spent_ms += took
            self.count += 1
            self.slowest = max(self.slowest, (took, str(sql)))
