"""The story before it is played: pure, the same every time, and with everything in it that the demo promises."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from linkage.rules.plan import check_plan, parse_plan, worst_case_fen
from mall.core.ids import SHANGHAI
from mall.demo.days import DAYS, SLOTS, Calendar, Moment, is_past
from mall.demo.drawing import digest_of_code, draw
from mall.demo.goods import catalogue, goods, subjects
from mall.demo.people import ACCOUNTS
from mall.demo.shopping import Fate, Purchase
from mall.demo.story import SEED, Story, Terms, Verb, tell
from mall.pictures import SILHOUETTES, view_path

NOON = datetime(2026, 11, 22, 4, 30, 7, tzinfo=UTC)


@pytest.fixture(name="story", scope="module")
def _story() -> Story:
    return tell()


def outline(story: Story) -> list[tuple[object, ...]]:
    """What happens, without the identity of who it happens to."""
    return [(act.moment, act.verb, getattr(act.subject, "nickname", "")) for act in story.acts]


def test_the_story_is_the_same_every_time(story: Story) -> None:
    again = tell()
    assert outline(again) == outline(story)
    assert [(person.key, person.phone, person.full_name, person.place) for person in again.people] == [
        (person.key, person.phone, person.full_name, person.place) for person in story.people
    ]


def test_three_hundred_people_with_names_and_phones_of_their_own(story: Story) -> None:
    assert len(story.people) == 300
    assert len({person.nickname for person in story.people}) == 300
    phones = {person.phone for person in story.people}
    assert len(phones) == 300
    accounts = {account.phone: account.nickname for account in ACCOUNTS}
    members = {person.phone: person.nickname for person in story.people}
    told = {phone: name for phone, name in members.items() if phone in accounts}
    assert told == {account.phone: account.nickname for account in ACCOUNTS if not account.site}


def test_three_chains_have_depth_and_everybody_joins_after_who_brought_them(story: Story) -> None:
    assert max(person.depth for person in story.people) >= 5
    for person in story.people:
        if person.referrer is not None:
            assert person.referrer.joined < person.joined
    heads = Counter()
    for person in story.people:
        above = person
        while above.referrer is not None:
            above = above.referrer
        heads[above.nickname] += 1
    assert [name for name, _ in heads.most_common(3)] == ["周岚", "陈国栋", "许曼"]
    assert all(heads[name] >= 40 for name in ("周岚", "陈国栋", "许曼"))


def test_fifteen_hundred_orders_of_which_some_do_not_end_well(story: Story) -> None:
    placed = [act.subject for act in story.acts if act.verb == Verb.PLACE]
    assert len(placed) == 1500
    assert all(isinstance(purchase, Purchase) for purchase in placed)
    fates = Counter(purchase.fate for purchase in placed)
    assert min(fates[fate] for fate in Fate) >= 3
    assert fates[Fate.KEPT] > 1_100
    assert fates[None] == 5


def test_nobody_buys_before_joining(story: Story) -> None:
    for act in story.acts:
        if act.verb == Verb.PLACE:
            assert act.subject.person.joined < act.moment


def test_everything_on_sale_can_be_drawn_and_is_worth_its_price() -> None:
    shelf = goods()
    assert len(shelf) == 40
    assert len({good.slug for good in shelf}) == 40
    assert [row["name"] for row in catalogue()["categories"]] == [
        "茶饮",
        "粮油",
        "滋补",
        "零食",
        "美护",
        "家居",
        "母婴",
        "文创",
    ]
    assert {good.supplier for good in shelf} == {row["slug"] for row in catalogue()["suppliers"]}
    for good in shelf:
        assert good.silhouette in SILHOUETTES
        for unit in good.units:
            if unit.sale_price_fen is not None:
                assert unit.supply_price_fen < unit.sale_price_fen < unit.list_price_fen
    assert sum(good.is_pack for good in shelf) == 3


def test_every_plan_may_be_published_and_leaves_room_for_what_the_packs_cost(story: Story) -> None:
    plans = [parse_plan(act.subject.params)[0] for act in story.acts if isinstance(act.subject, Terms)]
    assert len(plans) == 3
    dearest = max(good.units[0].supply_price_fen for good in goods() if good.is_pack)
    for plan in plans:
        check_plan(plan)
        assert dearest + worst_case_fen(plan) <= plan.pack_price_fen


@pytest.mark.parametrize("hours", range(0, 24, 5))
def test_days_run_in_order_at_whatever_hour_they_are_told(hours: int) -> None:
    calendar = Calendar(NOON + timedelta(hours=hours))
    instants = [calendar.at(Moment(3, slot)) for slot in range(SLOTS + 1)]
    assert instants == sorted(instants)
    assert instants[0] == calendar.start + timedelta(days=3)
    assert instants[-1] == calendar.start + timedelta(days=4)
    assert calendar.at(Moment(DAYS)) == calendar.now
    assert calendar.at(Moment(10, 77)) - calendar.at(Moment(3, 77)) == timedelta(days=7)
    asleep = sum(1 <= instant.astimezone(SHANGHAI).hour < 6 for instant in instants)
    assert asleep < SLOTS // 50
    assert len({calendar.date(day) for day in range(DAYS)}) == DAYS


@pytest.mark.parametrize("hour", range(24))
def test_what_is_over_is_over_at_whatever_hour_the_story_is_told(hour: int) -> None:
    """Counted in whole days, from any slot of the story: the length of an hour does not come into it."""
    now = NOON + timedelta(hours=hour)
    calendar = Calendar(now)
    for day, slot, hours, over in (
        *((118, 9_999, 24, True), (119, 1, 24, False), (119, 9_999, 0, True)),
        *((117, 50, 48, True), (117, 50, 49, False)),
    ):
        assert is_past(calendar.at(Moment(day, slot)), now=now, hours=hours) is over, (day, slot, hours)


def test_pictures_are_drawn_once_and_then_taken_over(tmp_path: Path) -> None:
    subject = subjects()[Random(SEED).randrange(40)]
    kept, first, second = tmp_path / "kept", tmp_path / "first", tmp_path / "second"
    kept.mkdir()
    code = digest_of_code()
    draw(subject, media=first, kept=kept, code=code)
    (folder,) = kept.iterdir()
    drawn = {path: path.stat().st_mtime_ns for path in folder.rglob("*.webp")}
    draw(subject, media=second, kept=kept, code=code)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.webp")} == drawn
    path = view_path(subject.slug, "hero")
    assert (second / path).read_bytes() == (first / path).read_bytes()
    assert (second / view_path(subject.slug, "hero", 375)).exists()
