"""The team: who is seen, how many, who left and why; and at what cost."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents.queries import team
from linkage.models import MoveKind, Reward, TeamMove
from mall.core.money import yuan
from members.models import Member
from tests.linkage.stories import Mall, three_generations

from .conftest import See, browser_of

PAGES = ["team/", "team/?part=recruits", "team/?part=waiting", "team/tree/", "team/moves/"]
HTMX = {"HTTP_HX_REQUEST": "true"}


def body_of(client: Client, path: str, **headers: str) -> str:
    response = client.get(f"/agent/{path}", **headers)
    assert response.status_code == 200, path
    return response.content.decode()


def words(client: Client, path: str, **headers: str) -> str:
    body = body_of(client, path, **headers)
    if "<main" in body:
        body = body.partition("<main")[2].partition("<aside")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def shown(client: Client, path: str, **headers: str) -> list[str]:
    """Return the masked names on a page, in their order."""
    body = body_of(client, path, **headers)
    body = body.partition("<main")[2] if "<main" in body else body
    return re.findall(r"<b>(\w\*\*)</b>", body)


def grown(mall: Mall, **plan: object) -> None:
    """zoe leads ann (agent), ann's recruits kim and lee stay or go as ann is promoted; cat has not bought."""
    three_generations(mall)
    mall.join("cat", "ann")
    for name in ("kim", "lee"):
        mall.join(name, "ann")
        mall.buy(name, f"o-{name}")
    mall.settle()


def test_a_partner_sees_the_team_newest_first_and_what_each_brought(mall: Mall, see: See) -> None:
    three_generations(mall)
    # y1 and y2 came before zoe was a partner and stand in nobody's team.
    assert shown(see("zoe"), "team/") == ["b**", "a**"]
    assert shown(see("zoe"), "team/?sort=old") == ["a**", "b**"]
    assert shown(see("zoe"), "team/?part=recruits&sort=old") == ["y**", "y**", "a**"]
    rewards = Reward.objects.filter(member=mall.members["zoe"], seed_id=mall.members["bob"].pk)
    text = words(see("zoe"), "team/").replace("¥ ", "¥")
    assert f"1 单带来 {yuan(sum(reward.amount_fen for reward in rewards))}" in text


def test_a_short_list_is_sorted_by_what_each_brought(mall: Mall, see: See, monkeypatch: pytest.MonkeyPatch) -> None:
    three_generations(mall)
    for name, packs in (("kay", 1), ("pip", 1)):
        mall.join(name, "zoe")
        mall.buy(name, f"o-{name}", packs=packs)
    mall.settle()
    mall.refund("o-kay")
    mall.settle()
    # ann and pip brought a direct and a see-point reward, bob a see-point one, kay nothing that is left.
    assert shown(see("zoe"), "team/?sort=brought") == ["p**", "a**", "b**", "k**"]
    monkeypatch.setattr(team, "PAGE", 3)
    assert shown(see("zoe"), "team/?sort=brought&after=bob") == ["k**"]
    monkeypatch.setattr(team, "SORTABLE_MAX", 3)
    assert "带来最多" not in words(see("zoe"), "team/")
    assert shown(see("zoe"), "team/?sort=brought")[0] == "p**"


def test_an_agent_sees_its_own_recruits_and_nobody_below_them(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.join("bea", "bob")
    mall.settle()
    assert shown(see("ann"), "team/") == ["b**"]
    assert shown(see("ann"), "team/?part=team") == ["b**"]
    assert shown(see("ann"), "team/tree/") == ["b**"]
    assert see("ann").get("/agent/team/tree/bob/").status_code == 404
    assert shown(see("bea"), "team/") == []


def test_who_left_with_an_own_team_is_told_with_time_and_reason(mall: Mall, see: See) -> None:
    grown(mall)
    move = TeamMove.objects.get(member=mall.members["ann"])
    assert (move.kind, move.from_leader_id, move.to_leader_id) == (MoveKind.PROMOTED, mall.members["zoe"].pk, None)
    assert move.at == mall.position("ann").partner_at
    assert move.order.order.number == "o-kim"
    text = words(see("zoe"), "team/moves/")
    assert "a** 升级合伙人" in text
    assert "k** 买首份礼包，直推满 2 位。 留人规则：之前推荐的人留在原团队。" in text.replace(
        "满 2 位。留", "满 2 位。 留"
    )
    assert "你升级为合伙人，自己成团 离开 z** 的团队。" in words(see("ann"), "team/moves/")
    # What ann's first recruits bring stays with zoe; who came afterwards is ann's.
    assert shown(see("zoe"), "team/") == ["k**", "b**"]
    assert shown(see("ann"), "team/") == ["l**"]
    mall.prove()


def test_under_follow_it_is_told_who_went_along(mall: Mall, see: See) -> None:
    mall.pass_time()
    mall.publish({"name": "follow", "on_promotion": "follow"})
    grown(mall)
    assert "带走规则：2 位一起离开（b**、k**）。" in words(see("zoe"), "team/moves/")
    text = words(see("bob"), "team/moves/")
    assert "随 a** 进入 TA 的团队 此前在 z** 的团队。" in text
    assert sorted(shown(see("ann"), "team/")) == ["b**", "k**", "l**"]
    assert "随 a**" not in words(see("lee"), "team/moves/")
    mall.prove()


def test_who_returned_everything_and_buys_again_may_come_to_another_team(mall: Mall, see: See) -> None:
    grown(mall)
    mall.refund("o-bob")
    mall.settle()
    assert "已退货" in words(see("zoe"), "team/")
    mall.buy("bob", "o-bob-2")
    mall.settle()
    move = TeamMove.objects.get(member=mall.members["bob"])
    assert (move.kind, move.from_leader_id) == (MoveKind.REJOINED, mall.members["zoe"].pk)
    assert move.to_leader_id == mall.members["ann"].pk
    assert "全部退货后重新买了礼包，进入 a** 的团队" in words(see("zoe"), "team/moves/")
    assert "重新买礼包，进入 a** 的团队" in words(see("bob"), "team/moves/")
    mall.prove()


def test_the_tree_shows_two_steps_and_dashes_who_left(mall: Mall, see: See) -> None:
    grown(mall)
    mall.join("eve", "bob")
    mall.join("fay", "eve")
    mall.buy("fay", "o-fay")
    mall.settle()
    # ann left: of hers, bob and kim stayed with zoe; cat and lee are ann's. fay stands in zoe's team, two steps below.
    body = body_of(see("zoe"), "team/tree/")
    assert shown(see("zoe"), "team/tree/") == ["a**", "b**", "k**"]
    assert "twig-left" in body
    assert "已脱链" in body
    assert shown(see("zoe"), "team/tree/bob/", **HTMX) == ["e**"]
    assert shown(see("zoe"), "team/tree/eve/", **HTMX) == ["f**"]
    assert shown(see("zoe"), "team/tree/bob/") == ["b**", "e**"]
    assert sorted(shown(see("ann"), "team/tree/")) == ["c**", "l**"]
    assert "不在你团队的直推 2 位" in words(see("zoe"), "team/tree/")


def test_nobody_outside_the_own_team_is_opened(mall: Mall, see: See) -> None:
    grown(mall)
    mall.join("sam")
    mall.join("tom", "sam")
    mall.settle()
    allowed = {
        "zoe": {"ann", "bob", "kim"},
        "ann": {"lee", "cat"},
    }
    for viewer in mall.members:
        for name in mall.members:
            for headers in ({}, HTMX):
                expected = 200 if name in allowed.get(viewer, set()) else 404
                got = see(viewer).get(f"/agent/team/tree/{name}/", **headers).status_code
                assert got == expected, (viewer, name)
    assert see("zoe").get("/agent/team/tree/nobody-at-all/").status_code == 404


def test_search_finds_only_own_people(mall: Mall, see: See, monkeypatch: pytest.MonkeyPatch) -> None:
    grown(mall)
    mall.join("sam")
    mall.join("bobby", "sam")
    Member.objects.filter(public_id="bob").update(phone="+8613800001234")
    Member.objects.filter(public_id="bobby").update(phone="+8613900001234")
    for most in (1_000, 0):
        monkeypatch.setattr(team, "COUNTED_MAX", most)
        assert shown(see("zoe"), "team/?q=bo") == ["b**"], most
        assert shown(see("zoe"), "team/?q=1234") == ["b**"], most
        assert shown(see("zoe"), "team/?q=sam") == [], most
        assert "没有找到" in words(see("zoe"), "team/?q=bobby")
        assert shown(see("zoe"), "team/?q=%25") == [], most


def test_a_name_that_too_many_bear_says_so(mall: Mall, see: See, monkeypatch: pytest.MonkeyPatch) -> None:
    three_generations(mall)
    monkeypatch.setattr(team, "COUNTED_MAX", 0)
    monkeypatch.setattr(team, "CANDIDATES_MAX", 1)
    assert "还有更多，请多写几个字" in words(see("zoe"), "team/?q=y")


@pytest.mark.parametrize("most", [1_000, 0], ids=["small", "large"])
def test_a_search_leads_to_everybody_it_finds_once(
    mall: Mall, see: See, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    three_generations(mall)
    found = [f"k{number}" for number in range(45)]
    for name in found:
        mall.join(name, "zoe")
    mall.settle()
    monkeypatch.setattr(team, "COUNTED_MAX", most)
    client, path, pages = see("zoe"), "team/?q=k", []
    while path:
        rows = re.findall(r"k\*\*", words(client, path))
        note = "这一页 20 位" if len(rows) == 20 else "这一页 5 位"
        assert note in words(client, path)
        pages.append(len(rows))
        more = re.search(r'href="([^"]*after=[^"]+)" rel="next"', body_of(client, path))
        path = "" if more is None else f"team/{unescape(more[1])}"
    assert pages == [20, 20, 5]
    assert "找到 1 位" in words(client, "team/?q=ann")
    stranger = mall.join("kate")
    mall.settle()
    assert shown(client, f"team/?q=k&after={stranger.public_id}") == shown(client, "team/?q=k")


@pytest.mark.parametrize("path", ["team/", "team/?sort=old", "team/?part=recruits", "team/?part=waiting", "team/tree/"])
def test_pages_lead_to_everybody_once(mall: Mall, see: See, path: str) -> None:
    three_generations(mall)
    for number in range(70):
        name = f"{chr(ord('c') + number % 20)}{number}"
        mall.join(name, "zoe")
        if number % 3:
            mall.buy(name, f"o-{name}")
    mall.settle()
    zoe = mall.members["zoe"].pk
    standing = {name: mall.position(name) for name in mall.members}
    team_of = [name for name, position in standing.items() if position.leader_id == zoe]
    recruits = [name for name, position in standing.items() if position.referrer_id == zoe]
    # bob, of the second step, is shown below ann; y1 and y2 stand in nobody's team.
    twigs = [name for name in [*recruits[:3], "bob", *recruits[3:]] if name not in ("y1", "y2")]
    wanted = {
        "team/": team_of[::-1],
        "team/?sort=old": team_of,
        "team/?part=recruits": recruits[::-1],
        "team/?part=waiting": [name for name in recruits if not standing[name].rank][::-1],
        "team/tree/": twigs,
    }[path]
    client, seen, rounds = see("zoe"), [], 0
    while path:
        seen += shown(client, path)
        more = re.search(r'href="([^"]*after=[^"]+)" (?:rel="next"|hx-get)', body_of(client, path))
        path = "" if more is None else unescape(more[1]).removeprefix("/agent/")
        path = f"team/{path}" if path.startswith("?") else path
        rounds += 1
        assert rounds < 9
    assert rounds > 1
    assert seen == [f"{name[0]}**" for name in wanted]


@pytest.mark.parametrize(
    "query",
    [
        "part=nonsense",
        "sort=%00",
        "after=zoe",
        "after=nobody",
        "after=%27%3B--",
        "q=%00",
        f"q={'x' * 500}",
        "before=1e9",
    ],
)
def test_nonsense_in_the_address_is_ignored(mall: Mall, see: See, query: str) -> None:
    grown(mall)
    for path in ("team/", "team/tree/", "team/moves/", "team/tree/bob/"):
        assert see("zoe").get(f"/agent/{path}?{query}").status_code == 200, path


def test_nobody_is_named_or_numbered_in_full(mall: Mall, see: See) -> None:
    grown(mall)
    Member.objects.filter(public_id="bob").update(phone="+8613800001234")
    for path in [*PAGES, "team/?q=bob"]:
        text = words(see("zoe"), path)
        assert not re.search(r"\b(ann|kim|lee|y1|y2|13800001234)\b", text), path


def test_counts_are_exact_up_to_their_limit(mall: Mall, see: See, monkeypatch: pytest.MonkeyPatch) -> None:
    grown(mall)
    text = words(see("zoe"), "team/")
    assert "2 团队代理 3 有效直推 1 已脱链 0 待首单" in text
    assert "1 我推荐的" not in text
    assert "4 我推荐的 3 有效直推 1 待首单" not in text
    monkeypatch.setattr(team, "COUNTED_MAX", 2)
    assert "1+ 团队代理" in words(see("zoe"), "team/")


def queries_of(client: Client, path: str) -> int:
    client.get(f"/agent/{path}")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/agent/{path}").status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("path", "most"),
    [("team/", 18), ("team/?part=recruits", 18), ("team/tree/", 25), ("team/tree/ann/", 20), ("team/moves/", 16)],
)
def test_pages_cost_the_same_however_large_the_team_is(mall: Mall, see: See, path: str, most: int) -> None:
    grown(mall)
    few = queries_of(see("zoe"), path)
    for number in range(12):
        mall.join(f"s{number}", "zoe")
        mall.buy(f"s{number}", f"o-s{number}")
        mall.join(f"t{number}", f"s{number}")
        mall.buy(f"t{number}", f"o-t{number}")
    mall.settle()
    assert queries_of(see("zoe"), path) == few
    assert few <= most


def test_without_a_plan_nothing_is_said_of_teams_but_to_who_has_a_title(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.join("new", "zoe")
    mall.settle()
    mall.pass_time()
    mall.publish(None)
    for path in ("team/", "team/tree/", "team/moves/"):
        assert see("new").get(f"/agent/{path}").status_code == 404, path
        assert see("zoe").get(f"/agent/{path}").status_code == 200, path


def test_without_a_standing_there_is_an_empty_page(mall: Mall) -> None:
    member = mall.join("new")
    assert "还没有人" in words(browser_of(member), "team/")
    assert "还没有人" in words(browser_of(member), "team/tree/")
    assert "没有变动" in words(browser_of(member), "team/moves/")
