"""A mall whose story ends now, and a way to look at its pages as somebody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linkage.commands import WithdrawalRefused, request_withdrawal
from mall.core import clock
from members.models import Member
from tests.linkage import stories
from tests.snapshots import nothing_changes

BACKEND = "django.contrib.auth.backends.ModelBackend"
See = Callable[[str], Client]


@pytest.fixture
def mall(db: None, monkeypatch: pytest.MonkeyPatch) -> stories.Mall:
    """2+1 has been on for sixty days; `mall.at` starts then."""
    monkeypatch.setattr(stories, "START", clock.now().replace(microsecond=0) - timedelta(days=60))
    return stories.Mall()


@pytest.fixture
def see(mall: stories.Mall) -> See:
    """Return the browser of a member of the mall."""

    def browser(name: str) -> Client:
        return browser_of(mall.members[name])

    return browser


@pytest.fixture
def ann(mall: stories.Mall) -> Member:
    """ann has 100 yuan available and a phone, but neither name nor account."""
    stories.three_generations(mall)
    for number in ("o-bob", "o-y1", "o-y2"):
        mall.receive(number)
    mall.pass_time(days=8)
    mall.settle()
    for place, member in enumerate(mall.members.values()):
        Member.objects.filter(pk=member.pk).update(phone=f"+861380000{place:04d}")
        member.refresh_from_db()
    return mall.members["ann"]


def browser_of(member: Member) -> Client:
    client = Client()
    client.force_login(member, backend=BACKEND)
    return client


def refusal_of(member: Member, amount_fen: int = 5_000, **asked: Any) -> str:
    """Return why a withdrawal is refused; nothing is written."""
    with nothing_changes(), pytest.raises(WithdrawalRefused) as refused:
        request_withdrawal(member=member, amount_fen=amount_fen, at=asked.pop("at", clock.now()), **asked)
    return refused.value.code
