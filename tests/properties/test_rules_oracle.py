"""The engine against the rules told a second time, naively, over random stories under plans of every kind."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from linkage.rules.engine import Book
from linkage.rules.result import Result, member_row, platform_row, reward_order, reward_row
from tests.properties.literal_rules import LiteralMall
from tests.properties.stories import Story, stories, tell

DATA = Path(__file__).parent.parent / "scenarios" / "data"


def settled(story: Story) -> dict[str, Any]:
    """The result of a story by the engine."""
    book, plans, terms = Book(story.parsed), story.parsed, story.terms
    refused = [
        number for number, (event, version) in enumerate(story.events, start=1) if not tell(book, event, terms, version)
    ]
    members = ((id, member_row(book, member, plans[1])) for id, member in book.members.items())
    rewards = (reward_row(order.id, reward) for order in book.orders.values() for reward in order.rewards)
    return Result(members, sorted(rewards, key=reward_order), platform_row(book), refused).as_dict()


def told_literally(story: Story) -> dict[str, Any]:
    mall = LiteralMall(story.plans)
    for event, version in story.events:
        mall.tell(event, version)
    return mall.result()


@settings(max_examples=600)
@given(stories())
def test_the_engine_agrees_with_the_rules_as_they_read(story: Story) -> None:
    assert settled(story) == told_literally(story)


@settings(max_examples=300)
@given(stories(versions=2, most_events=100))
def test_the_engine_agrees_where_orders_were_paid_under_different_plans(story: Story) -> None:
    assert settled(story) == told_literally(story)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_rules_as_they_read_give_every_scenario(path: Path) -> None:
    plan, *events = [json.loads(line) for line in path.read_text().splitlines()]
    mall = LiteralMall({1: plan["plan"]})
    for event in events:
        mall.tell(event)
    assert mall.result() == json.loads(path.with_suffix(".expected.json").read_text())
