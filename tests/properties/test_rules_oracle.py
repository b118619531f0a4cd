"""The engine against the rules told a second time, naively, over random stories under plans of every kind."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from linkage.rules.engine import Book
from linkage.rules.result import Result, member_row, platform_row, reward_order, reward_row
from tests.properties.literal_rules import LiteralMall
from tests.properties.stories import STARTS_AT, Story, examples, stories, tell

DATA = Path(__file__).parent.parent / "scenarios" / "data"


def assert_agreement(story: Story) -> None:
    """Tell a story to both, comparing the members after every event and the whole result at the end."""
    book, mall = Book(story.parsed), LiteralMall(story.plans)
    plan, terms = story.parsed[1], story.terms
    refused = []
    for number, (event, version) in enumerate(story.events, start=1):
        if not tell(book, event, terms, version):
            refused.append(number)
        mall.tell(event, version)
        assert {id: member_row(book, member, plan) for id, member in book.members.items()} == mall.members(), number
    rewards = (reward_row(order.id, reward) for order in book.orders.values() for reward in order.rewards)
    result = Result(mall.members().items(), sorted(rewards, key=reward_order), platform_row(book), refused)
    assert result.as_dict() == mall.result()


@settings(max_examples=examples(500))
@given(stories())
def test_the_engine_agrees_with_the_rules_as_they_read(story: Story) -> None:
    assert_agreement(story)


@settings(max_examples=examples(250))
@given(stories(versions=2, most_events=100))
def test_the_engine_agrees_where_orders_were_paid_under_different_plans(story: Story) -> None:
    assert_agreement(story)


def test_a_recruit_who_returns_twice_is_subtracted_from_its_referrer_once() -> None:
    """Bought again while the referrer had nothing standing, the recruit no longer counts."""
    told = (
        {"event": "join", "member": "ann", "referrer": None},
        {"event": "join", "member": "bob", "referrer": "ann"},
        {"event": "join", "member": "cat", "referrer": "ann"},
        {"event": "order", "order": "o1", "member": "ann", "packs": 1},
        {"event": "order", "order": "o2", "member": "bob", "packs": 1},
        {"event": "order", "order": "o3", "member": "cat", "packs": 1},
        {"event": "refund", "order": "o2"},
        {"event": "refund", "order": "o1"},
        {"event": "order", "order": "o4", "member": "bob", "packs": 1},
        {"event": "refund", "order": "o4"},
    )
    assert_agreement(Story({1: {}}, [({**event, "at": STARTS_AT}, 1) for event in told]))


@pytest.mark.parametrize("path", sorted(DATA.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_rules_as_they_read_give_every_scenario(path: Path) -> None:
    plan, *events = [json.loads(line) for line in path.read_text().splitlines()]
    mall = LiteralMall({1: plan["plan"]})
    for event in events:
        mall.tell(event)
    assert mall.result() == json.loads(path.with_suffix(".expected.json").read_text())
