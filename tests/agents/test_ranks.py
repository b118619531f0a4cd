"""Ranks: who served whom, who came again, and who is named."""

import pytest

from agents import commands
from agents.models import RankEntry, RankKind, RankName, RankSpan
from agents.queries.ranks import span_start
from mall.core import clock
from orders.models import Order, OrderState
from tests.linkage.stories import Mall

from .conftest import See
from .relations import serve
from .test_team import queries_of, words


@pytest.fixture
def street(mall: Mall) -> Mall:
    """zoe serves six customers, sam five, of whom three came again; tim one. All in this month."""
    for name in ("zoe", "sam", "tim", *(f"c{number}" for number in range(12))):
        mall.join(name)
    mall.at = clock.now().replace(microsecond=0)
    for number in range(6):
        serve(mall, f"c{number}", "zoe", f"Z{number}")
    for number in range(5):
        serve(mall, f"c{number + 6}", "sam", f"S{number}")
    for number in range(3):
        serve(mall, f"c{number + 6}", "sam", f"T{number}")
    serve(mall, "c11", "tim", "U0")
    mall.at = clock.now()
    return mall


def listed(kind: int, mall: Mall) -> list[tuple[str, int, int]]:
    rows = RankEntry.objects.filter(kind=kind, span=RankSpan.MONTH).order_by("place")
    latest = rows.order_by("-starts_date").values_list("starts_date", flat=True).first()
    return list(rows.filter(starts_date=latest).values_list("member__public_id", "place", "value"))


def test_places_are_by_customers_served_and_by_those_who_came_again(street: Mall) -> None:
    commands.count_ranks(at=street.at)
    assert listed(RankKind.SERVED, street) == [("zoe", 1, 6), ("sam", 2, 5), ("tim", 3, 1)]
    # tim has too few for a rate.
    assert listed(RankKind.REPEAT, street) == [("sam", 1, 6_000), ("zoe", 2, 0)]


def test_what_was_returned_or_bought_by_oneself_does_not_count(street: Mall) -> None:
    serve(street, "tim", "tim", "OWN")
    for number in ("Z0", "Z1"):
        order = Order.objects.get(number=number)
        Order.objects.filter(pk=order.pk).update(
            state=OrderState.REFUNDED, refunded_at=street.at, refunded_fen=order.total_fen
        )
    partly = Order.objects.get(number="Z2")
    Order.objects.filter(pk=partly.pk).update(refunded_fen=partly.total_fen - 1)
    Order.objects.filter(number="Z3").update(state=OrderState.SHIPPED, received_at=None)
    commands.count_ranks(at=street.at)
    assert listed(RankKind.SERVED, street) == [("sam", 1, 5), ("zoe", 2, 3), ("tim", 3, 1)]


def test_counting_again_gives_the_same_and_follows_what_changed(street: Mall) -> None:
    commands.count_ranks(at=street.at)
    before = list(RankEntry.objects.order_by("span", "kind", "place").values_list("kind", "span", "member_id", "value"))
    assert commands.count_ranks(at=street.at) == len(before)
    after = list(RankEntry.objects.order_by("span", "kind", "place").values_list("kind", "span", "member_id", "value"))
    assert after == before
    Order.objects.filter(number="U0").update(state=OrderState.SHIPPED, received_at=None)
    commands.count_ranks(at=street.at)
    assert not RankEntry.objects.filter(member=street.members["tim"]).exists()


def test_a_span_begins_on_monday_or_on_the_first(street: Mall) -> None:
    day = street.at.date()
    assert span_start(span=RankSpan.WEEK, day=day).weekday() == 0
    assert span_start(span=RankSpan.MONTH, day=day).day == 1


def test_nobody_is_named_who_did_not_ask_for_it(street: Mall, see: See) -> None:
    commands.count_ranks(at=street.at)
    text = words(see("sam"), "rank/")
    assert "我排第 2 名" in text
    assert "zoe" not in text
    assert "z**" not in text
    assert see("zoe").post("/agent/rank/", {"name": "周姐的茶铺"}).status_code == 302
    assert "周姐的茶铺" in words(see("sam"), "rank/")
    assert "60%" in words(see("sam"), "rank/?by=repeat")
    see("zoe").post("/agent/rank/", {"hide": "1"})
    assert "周姐的茶铺" not in words(see("sam"), "rank/")
    assert not RankName.objects.exists()


@pytest.mark.parametrize("name", ["", "\u202e", "十三个字的名称实在是太长太长了", "138 0000 1111", "a\x00"])
def test_a_name_that_cannot_stand_there_is_refused(street: Mall, see: See, name: str) -> None:
    answer = see("zoe").post("/agent/rank/", {"name": name})
    assert answer.status_code == 422
    assert not RankName.objects.exists()


def test_the_own_place_is_seen_below_the_list_too_and_the_page_counts_nothing(
    street: Mall, see: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.count_ranks(at=street.at)
    monkeypatch.setattr("agents.queries.ranks.SHOWN", 1)
    text = words(see("tim"), "rank/")
    assert "我排第 3 名" in text
    assert queries_of(see("tim"), "rank/") <= 8
    assert "我还没有名次" in words(see("c1"), "rank/")


@pytest.mark.parametrize("query", ["by=income", "span=year", "by=%00"])
def test_nonsense_in_the_address_is_ignored(street: Mall, see: See, query: str) -> None:
    assert see("zoe").get(f"/agent/rank/?{query}").status_code == 200
