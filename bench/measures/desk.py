"""The agent's pages of a partner with half a million in the team, against those of one with ten."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from bench import books, databases, desks
from bench.results import Result, ceiling, pair
from bench.run import Run
from linkage.models import Position
from members.models import Member

BACKEND = "django.contrib.auth.backends.ModelBackend"
# Nothing was collected for a server.
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
ROUNDS = 15
TIMES_MAX = 3
QUERY_MS_MAX = 5

# What is opened: a name, and the address for a partner.
PAGES: dict[str, Callable[[Member], str]] = {
    "agent home": lambda member: "/agent/",
    "earnings": lambda member: "/agent/earnings/",
    "calendar": lambda member: "/agent/calendar/",
    "promoted orders": lambda member: "/agent/orders/",
    "frozen": lambda member: "/agent/frozen/",
    "progress": lambda member: "/agent/progress/",
    "team list": lambda member: "/agent/team/",
    "recruits": lambda member: "/agent/team/?part=recruits",
    "team by phone": lambda member: "/agent/team/?q=0001",
    "team by name": lambda member: "/agent/team/?q=%E9%A1%BE123",
    "team tree": lambda member: "/agent/team/tree/",
    "tree node": lambda member: f"/agent/team/tree/{_busiest(member)}/",
    "team moves": lambda member: "/agent/team/moves/",
}


def _name_everybody(made: desks.Desks) -> None:
    """Give everybody a nickname and a phone, by which a search finds a page of the large team and all of the small
    one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE members_member SET nickname = '顾' || id, phone = '+8613' || lpad(id::text, 9, '0')"
            " WHERE phone IS NULL"
        )
        cursor.execute(
            "UPDATE members_member SET nickname = '顾123' || id, phone = '+861' || lpad(id::text, 6, '0') || '0001'"
            " FROM linkage_position position WHERE position.member_id = members_member.id AND leader_id = %s",
            [made.small.pk],
        )
    databases.settle_down(made.database)


def _busiest(leader: Member) -> str:
    """Return who of the team brought in most."""
    team = Position.objects.filter(leader_id=leader.pk).order_by("-recruits", "member_id")
    return team.values_list("member__public_id", flat=True)[0]


def measure(run: Run) -> Iterator[Result]:
    made = desks.build(run)
    books.prove()
    _name_everybody(made)
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": PLAIN}}):
        yield from _measure(run, made)
    databases.drop(made.database)


def _measure(run: Run, made: desks.Desks) -> Iterator[Result]:
    for name, address in PAGES.items():
        large, small = _Desk(made.large, address), _Desk(made.small, address)
        for _ in range(ROUNDS):
            large.open()
            small.open()
        slowest = max(large.queries, key=lambda sql: median(large.queries[sql]))
        run.tell(f"{name}: {median(large.pages):.1f} against {median(small.pages):.1f} ms; {slowest[:300]}")
        label = f"{name} of a partner with 500,000 in the team"
        yield pair(f"{label}, against 10", "ms", large.pages, small.pages, at_most=TIMES_MAX)
        yield ceiling(f"{label}: slowest query", "ms", large.queries[slowest], QUERY_MS_MAX)


class _Desk:
    """A partner at one page, and how long it took: the page each time, and each of its queries."""

    def __init__(self, member: Member, address: Callable[[Member], str]) -> None:
        self.client = Client(headers={"host": "127.0.0.1"})
        self.client.force_login(member, backend=BACKEND)
        self.path = address(member)
        self.pages: list[float] = []
        self.queries: dict[str, list[float]] = {}
        self.client.get(self.path)

    def open(self) -> None:
        began = time.perf_counter()
        with connection.execute_wrapper(self._timed):
            response = self.client.get(self.path)
        self.pages.append(1000 * (time.perf_counter() - began))
        if response.status_code != 200:
            raise books.BooksWrong(f"{self.path} answered {response.status_code}")

    def _timed(self, execute: Any, sql: str, *arguments: Any) -> Any:
        began = time.perf_counter()
        result = execute(sql, *arguments)
        self.queries.setdefault(sql, []).append(1000 * (time.perf_counter() - began))
        return result
