"""A mall whose story ends now, and a way to look at its pages as somebody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from mall.core import clock
from members.models import Member
from tests.linkage import stories

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


def browser_of(member: Member) -> Client:
    client = Client()
    client.force_login(member, backend=BACKEND)
    return client
