"""The badges of the operators' navigation."""

from typing import Any

import pytest

import mall.menu.waiting as badges
from mall.core.rights import REVIEW
from mall.menu.waiting import waiting
from tests.operators import operator, superuser
from tests.payouts.people import asked, person

pytestmark = pytest.mark.django_db


def test_what_waits_is_counted_in_one_question(django_assert_num_queries: Any) -> None:
    boss = superuser()
    asked(person("周舟"))
    with django_assert_num_queries(1):
        assert waiting(boss) == {"payouts": "1"}


def test_nobody_learns_how_much_there_is_of_what_they_may_not_see() -> None:
    asked(person("周舟"))
    assert waiting(operator("林岚")) == {}
    assert waiting(operator("苏敏", REVIEW)) == {"payouts": "1"}


def test_beyond_the_limit_nobody_counts_on(monkeypatch: Any) -> None:
    monkeypatch.setattr(badges, "LIMIT", 1)
    member = person("周舟")
    for _ in range(3):
        asked(member, 10_000)
    assert waiting(superuser()) == {"payouts": "1+"}
