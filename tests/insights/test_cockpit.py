"""The first page of /ops/: every figure is what its list shows, and nobody sees what they may not open."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from insights.commands import make_days, set_goal, set_target
from insights.models import Goal, Target
from insights.queries import goal_tracks, goals_in_force, known
from mall.core.rights import PLANS, REVIEW, SERVICE
from tests.factories import a_member, a_paid_order, a_sku
from tests.insights.small import NOW, TODAY, Plain, a_small_mall, at_now, on
from tests.operators import as_, operator, superuser, text
from tests.payouts.people import asked
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_of():
    with at_now():
        yield


@pytest.fixture
def client(as_of):
    return as_(superuser())


def cards(client: Any, period: str = "month") -> dict[str, Any]:
    return {card.kind: card for card in client.get(f"/ops/?period={period}").context["cards"]}


def rows(client: Any, address: str) -> list[Any]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.context["rows"] if "repeat-buyers" in address else list(answer.context["cl"].result_list)


@pytest.mark.parametrize("period", ["today", "yesterday", "week", "month"])
def test_every_card_leads_to_just_the_rows_that_make_its_number(client, period):
    a_small_mall()
    asked(a_member(nickname="提现"), at=on(1))
    make_days(at=NOW)
    true, shown = Plain(), cards(client, period)
    last, first = {"today": (0, 0), "yesterday": (1, 1), "week": (1, 7), "month": (1, 30)}[period]
    days = [true.of(TODAY - timedelta(days=ago)) for ago in range(last, first + 1)]
    total = {name: sum(day[name] for day in days) for name in days[0]}

    paid = rows(client, shown["orders"].ways[0].address)
    assert len(paid) == total["orders"] == int(shown["orders"].value)
    assert sum(order.total_fen for order in paid) == total["gmv_fen"]
    assert shown["gmv"].value == f"¥{total['gmv_fen'] // 100:,}.{total['gmv_fen'] % 100:02d}"
    assert len(rows(client, shown["members"].ways[0].address)) == total["members"] == int(shown["members"].value)
    assert len(rows(client, shown["agents"].ways[0].address)) == total["agents"] == int(shown["agents"].value)
    assert len(rows(client, shown["partners"].ways[0].address)) == total["partners"] == int(shown["partners"].value)
    returned = rows(client, shown["repeat"].ways[0].address)
    assert len(returned) == days[0]["repeat_buyers"]
    assert shown["repeat"].ways[0].words == f"{days[0]['repeat_buyers']} / {days[0]['buyers']} 人"
    sent, late = (rows(client, way.address) for way in shown["in_time"].ways)
    assert (len(sent), len(late)) == (total["shipped"], total["shipped"] - total["in_time"])
    rewards, commissions = (rows(client, way.address) for way in shown["earnings"].ways)
    assert (len(rewards), len(commissions)) == (total["rewards"], total["commissions"])
    sold_out = rows(client, shown["stock_out"].ways[0].address)
    assert shown["stock_out"].ways[0].words.startswith(f"卖空 {len(sold_out)} / ")
    assert len(sold_out) == 1
    waiting = [len(rows(client, way.address)) for way in shown["payouts"].ways]
    assert sum(waiting) == int(shown["payouts"].value) == 1
    assert len(rows(client, shown["risks"].ways[0].address)) == int(shown["risks"].value) == 0


def test_a_figure_is_held_against_its_target_and_the_time_before(client):
    a_small_mall()
    make_days(at=NOW)
    by = superuser("定目标")
    set_target(kind="orders", value=1, reason="试运行", by=by, at=NOW)
    set_target(kind="stock_out", value=100, reason="缺货不超过 1%", by=by, at=NOW)
    shown = cards(client, "week")
    true = Plain()
    week = sum(true.of(TODAY - timedelta(days=ago))["orders"] for ago in range(1, 8))
    before = sum(true.of(TODAY - timedelta(days=ago))["orders"] for ago in range(8, 15))
    assert (week, before) == (6, 5)
    assert (shown["orders"].target, shown["orders"].is_reached) == ("目标 7", False)
    assert (shown["orders"].change, shown["orders"].tone) == ("+20.0%", "good")
    assert (shown["stock_out"].target, shown["stock_out"].is_reached) == ("目标 1.0%", False)
    assert shown["gmv"].spark is not None
    page = text(client.get("/ops/?period=week"))
    assert 'aria-label="销售额：怎么算的"' in page
    assert "之后退款的不减" in page


def test_everybody_sees_only_what_they_may_open(as_of):
    a_small_mall()
    make_days(at=NOW)
    someone = operator("只看会员")
    someone.user_permissions.set(Permission.objects.filter(codename="view_member"))
    own = as_(someone)
    assert set(cards(own)) == {"members"}
    page = own.get("/ops/")
    assert page.context["waiting"] == []
    assert page.context["goals"] == []
    for secret in ("销售额", "¥", "提现", "风险", "帮扶基金"):
        assert secret not in text(page).split('class="ops-page"')[1], secret
    head = own.get("/ops/cockpit/days.csv").content.decode("utf-8-sig").splitlines()[0]
    assert head == "日期,新会员"
    for address in ("/ops/cockpit/repeat-buyers/", "/ops/aims/", "/ops/aims/targets/gmv/", "/ops/aims/goals/members/"):
        assert own.get(address).status_code == 403
    nobody = as_(operator("新同事"))
    assert "你的账号还没有任何权限" in text(nobody.get("/ops/"))
    assert nobody.get("/ops/cockpit/days.csv").status_code == 403


def test_the_page_asks_as_much_of_a_larger_mall(client):
    a_small_mall()
    make_days(at=NOW)
    goals = {"start_date": TODAY - timedelta(days=40), "due_date": TODAY + timedelta(days=50), "change_bps": 20_000}
    by = superuser("定目标")
    set_goal(kind="members", **goals, reason="三个月翻三倍", by=by, at=NOW)
    client.get("/ops/")
    with CaptureQueriesContext(connection) as small:
        client.get("/ops/")
    sku = a_sku(on_hand=90)
    for n in range(12):
        a_paid_order(member=a_member(at=on(n)), sku=sku, at=on(n))
    make_days(at=NOW)
    with CaptureQueriesContext(connection) as large:
        client.get("/ops/")
    assert len(large) == len(small)
    assert len(small) < 75


def test_an_empty_mall_says_so_and_a_mall_without_sums_says_why(client):
    page = text(client.get("/ops/"))
    assert "日汇总还没有跑过" in page
    make_days(at=NOW)
    page = client.get("/ops/")
    assert "日汇总还没有跑过" not in text(page)
    assert [change.title for change in page.context["changes"]] == []
    assert "没有大的变化" in text(page)
    assert {card.value for card in page.context["cards"]} <= {"0", "—", "¥0.00", "2"}
    assert client.get("/ops/?period=nonsense").context["period"].name == "month"


def test_the_file_has_the_days_as_the_page_has_them(client):
    a_small_mall()
    make_days(at=NOW)
    answer = client.get("/ops/cockpit/days.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    head = lines[0].split(",")
    assert {"销售额", "付款订单", "30 天复购率（%）", "奖励佣金占比（%）", "2+1 奖励"} <= set(head)
    day = TODAY - timedelta(days=6)
    (line,) = [line.split(",") for line in lines if line.startswith(day.isoformat())]
    true = Plain().of(day)
    assert line[head.index("付款订单")] == str(true["orders"])
    assert line[head.index("销售额")] == f"{true['gmv_fen'] // 100}.{true['gmv_fen'] % 100:02d}"
    assert "no-store" in answer["Cache-Control"]


def test_a_promise_shows_start_now_and_whether_it_is_behind(client):
    a_small_mall()
    by = superuser("定目标")
    make_days(at=NOW)
    true = Plain()
    start, due = TODAY - timedelta(days=40), TODAY + timedelta(days=50)
    set_goal(kind="members", start_date=start, due_date=due, change_bps=20_000, reason="翻三倍", by=by, at=NOW)
    (goal,) = [one for one in client.get("/ops/").context["goals"] if one["is_set"]]
    had = sum(day <= start for day in true.joined)
    have = len(true.joined)
    assert (goal["start"], goal["now"]) == (str(had), str(have))
    assert goal["changed"] == f"+{Decimal((have - had) * 100) / had:.1f}%"
    assert goal["days_left"] == 50
    assert goal["tone"] == ("good" if have - had >= 2 * had else "warn" if (have - had) * 90 < 2 * had * 40 else "fair")


def test_targets_and_promises_are_versions_set_by_those_who_may(as_of):
    planner, service = operator("规划", PLANS), operator("客服", SERVICE)
    page = "/ops/aims/targets/gmv/"
    assert as_(service).get(page).status_code == 403
    assert as_(service).get("/ops/aims/").status_code == 200
    client = as_(planner)
    for value, reason in (("12x", "r"), ("100", " "), ("99999999999", "r")):
        with nothing_changes():
            assert client.post(page, {"value": value, "reason": reason}).status_code == 200
    assert client.post(page, {"value": "69000.50", "reason": "旺季"}).status_code == 302
    with nothing_changes():
        assert "目标没有变化" in text(client.post(page, {"value": "69000.50", "reason": "旺季"}))
    client.post(page, {"value": "", "reason": "先不设"})
    assert list(Target.objects.order_by("version").values_list("version", "value")) == [(1, 6_900_050), (2, None)]

    goal = "/ops/aims/goals/stock_out/"
    good = {"start_date": "2026-10-01", "due_date": "2026-12-31", "down": "down", "change": "50", "reason": "对外承诺"}
    for wrong in (
        {"start_date": "2026-12-01"},
        {"due_date": "2026-09-01"},
        {"change": "100"},
        {"change": "0"},
        {"change": ""},
        {"start_date": "x"},
        {"due_date": "2099-01-01"},
    ):
        with nothing_changes():
            assert client.post(goal, good | wrong).status_code == 200, wrong
    assert client.post(goal, good).status_code == 302
    with nothing_changes():
        assert "承诺没有变化" in text(client.post(goal, good))
    assert Goal.objects.get().change_bps == -5_000
    assert client.get("/ops/aims/goals/nothing/").status_code == 404
    assert "对外承诺" in text(client.get(goal))


def test_what_changed_is_told_with_the_list_behind_it(client):
    from linkage.models import PlanVersion
    from payouts.commands import stop_payouts
    from risk.models import Hit
    from tests.factories import a_supplier
    from tests.plans import published

    a_small_mall()
    make_days(at=NOW - timedelta(days=1))
    published({"name": "standard"}, starts_at=NOW, at=on(0, 9))
    stop_payouts(reason="渠道故障", by=superuser("值班"), at=on(0, 8))
    for key, at in (("k", on(0)), ("old", on(5))):
        facts = {"rule_version": 0, "threshold": 1, "value": 2, "member": a_member()}
        Hit.objects.create(kind="burst", key=key, found_at=at, seen_at=at, **facts)
    set_target(kind="big_refund", value=1_000, reason="盯紧退款", by=superuser("定目标"), at=NOW)
    supplier = a_supplier("新来的茶厂")
    type(supplier).objects.filter(pk=supplier.pk).update(created_at=on(0))
    found = {change.title: change for change in client.get("/ops/").context["changes"]}
    assert found["打款已全部暂停"].tone == "bad"
    assert f"发布了规则方案 v{PlanVersion.objects.latest('version').version}" in found
    assert "新供应商：新来的茶厂" in found
    assert "目标或承诺改了：大额退款从多少起" in found
    assert len(rows(client, found["新的风险预警 1 条"].address)) == 1
    assert len(rows(client, found["大额退款 1 笔"].address)) == 1
    assert "不想要了" in found["大额退款 1 笔"].note
    service = {change.title for change in as_(operator("新同事")).get("/ops/").context["changes"]}
    assert service == set()


def test_the_filters_refuse_what_they_cannot_read(client):
    a_small_mall()
    for query in ("paid=2026-13-01_2026-11-02", "paid=x", "shipped=2026-11-01"):
        assert rows(client, f"/ops/orders/order/?{query}") == []
    assert rows(client, "/ops/orders/refund/?least_fen=1e9") == []


def test_reviewers_open_every_link_of_their_cards(as_of):
    a_small_mall()
    make_days(at=NOW)
    client = as_(operator("苏敏", REVIEW))
    page = client.get("/ops/")
    links = set(re.findall(r'href="(/ops/[^"]+)"', text(page).split('class="ops-page"')[1]))
    assert len(links) > 15
    for link in links:
        assert client.get(link.replace("&amp;", "&"), follow=True).status_code == 200, link


def test_every_promise_is_measured_by_what_it_says(as_of):
    a_small_mall()
    by = superuser("定目标")
    make_days(at=NOW)
    true, start = Plain(), TODAY - timedelta(days=4)
    kinds = (("agents", 1), ("efficiency", 1), ("stock_out", -1), ("repeat", 1), ("aov", 1))
    for kind, sign in kinds:
        set_goal(kind=kind, start_date=start, due_date=TODAY, change_bps=sign * 3_000, reason="对外承诺", by=by, at=NOW)
    goals = goals_in_force()
    tracks = {track.kind.value: track for track in goal_tracks(goals, known(at=NOW, since=start))}

    def month(upto: Any) -> dict[str, int]:
        days = [true.of(upto - timedelta(days=ago)) for ago in range(30)]
        return {name: sum(day[name] for day in days) for name in days[0]}

    for day, name in ((start, "start"), (TODAY, "now")):
        total, last = month(day), true.of(day)
        assert getattr(tracks["aov"], name) == total["gmv_fen"] // total["orders"]
        assert getattr(tracks["efficiency"], name) == total["ship_minutes"] // max(1, total["shipped"])
        assert getattr(tracks["repeat"], name) == round(Decimal(10_000 * last["repeat_buyers"]) / last["buyers"])
        assert getattr(tracks["agents"], name) == sum(agent is not None and agent <= day for agent, _ in true.positions)
    assert tracks["stock_out"].now > 0
    faster = tracks["efficiency"]
    assert faster.changed_bps == int(Decimal(faster.start - faster.now) * 10_000 / faster.now)
