"""Simulations: what they come to, that they write nothing, and what becomes of one that is cancelled or left behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from ledger.models import JournalEntry
from linkage import commands
from linkage.commands import SimulationRefused
from linkage.models import LinkageEvent, RunKind, RunState, SimulationRun
from linkage.rules.plan import Plan, parse_plan
from linkage.rules.whatif import SHAPES, Course, Scenario, ScenarioError, comparison, figures_of, play
from mall.core.rights import PLANS, REVIEW
from tests.linkage.stories import START, Mall, three_generations
from tests.operators import as_, operator, text
from tests.plans import drafted, planner, simulated
from tests.snapshots import nothing_changes


def course(scenario: Scenario, **params: Any) -> Course:
    played = Course({1: parse_plan(params)[0]}, 1, days=scenario.days)
    play(played, scenario)
    return played


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_seed_gives_the_same_figures_and_another_seed_others(shape):
    scenario = Scenario(size=400, shape=shape, seed=7)
    once, again = (figures_of(course(scenario), seed=7).shown for _ in range(2))
    assert once == again
    assert once != figures_of(course(Scenario(size=400, shape=shape, seed=8)), seed=8).shown


@pytest.mark.parametrize("shape", SHAPES)
def test_figures_add_up(shape):
    played = course(Scenario(size=500, shape=shape, refund_bps=1_000))
    book = played.book
    balances = sum(
        member.pending + member.held + member.available + member.withdrawing + member.withdrawn - member.debt
        for member in book.members.values()
    )
    assert balances + book.fund == book.expense
    figures = figures_of(played, seed=1)
    shown = figures.shown
    assert shown["expense_fen"] == sum(shown["kinds"].values())
    assert sum(row["people"] for row in shown["buckets"]) == shown["buyers"]
    assert shown["concentration"][-1] == 10_000
    assert shown["concentration"] == sorted(shown["concentration"])
    for row in shown["stress"]:
        assert row["unpaid_fen"] + row["fund_fen"] + row["debt_fen"] == row["back_fen"]
        assert row["refund_fen"] == row["packs"] * shown["price_fen"]
    assert shown["not_recovered"] >= shown["earned_nothing"]


def test_a_line_of_two_is_worked_out_by_hand():
    """Ten members in one line, each the recruit of the one before: nine direct rewards, and nobody is promoted."""
    figures = figures_of(course(Scenario(size=10, shape="chain", refer_bps=10_000, refund_bps=0, days=30)), seed=1)
    assert figures.shown["expense_fen"] == 9 * 10_000
    assert figures.shown["revenue_fen"] == 10 * 49_900
    assert figures.shown["payout_bps"] == 90_000 * 10_000 // 499_000
    assert (figures.shown["earned_nothing"], figures.shown["median_fen"]) == (1, 10_000)
    assert figures.shown["not_recovered_bps"] == 10_000


def test_who_gains_and_who_loses_is_counted_by_member():
    scenario = Scenario(size=10, shape="chain", refer_bps=10_000, refund_bps=0, days=30)
    before, after = (figures_of(course(scenario, see_point_fen=fen), seed=1) for fen in (15_000, 15_000))
    assert [row["same"] for row in comparison(before, after)][-1] == 10
    richer = figures_of(course(scenario, direct_fen={"agent": 11_000}), seed=1)
    (*_some, everybody) = comparison(before, richer)
    assert (everybody["more"], everybody["same"], everybody["less"]) == (9, 1, 0)
    assert (everybody["before_fen"], everybody["after_fen"]) == (9_000, 9_900)


@pytest.mark.parametrize(
    "wrong", [{"size": 9}, {"size": 1_000_001}, {"days": 29}, {"shape": "ring"}, {"refund_bps": 10_001}, {"seed": -1}]
)
def test_a_scenario_out_of_bounds_is_refused(wrong):
    with pytest.raises(ScenarioError, match=next(iter(wrong))):
        Scenario(**wrong)


@pytest.mark.django_db
def test_a_simulation_writes_nothing_to_the_books_and_is_kept():
    mall = Mall()
    draft = drafted({"hold_days": 45})
    with nothing_changes(without=("linkage_simulationrun",)):
        run = simulated(draft, at=mall.at, size=200)
    assert (run.state, run.progress_bps, run.base_version) == (RunState.DONE, 10_000, 1)
    assert run.result["before"]["buyers"] == run.result["after"]["buyers"]
    assert [row["title"] for row in run.result["groups"]] == ["agent", "partner", "all"]


@pytest.mark.django_db
def test_the_same_again_is_the_same_run_until_the_plan_in_force_changes():
    mall = Mall()
    draft = drafted({"hold_days": 45})
    first = simulated(draft, at=mall.at)
    assert simulated(draft, at=mall.at).pk == first.pk
    mall.pass_time()
    mall.publish({"hold_days": 31})
    assert simulated(draft, at=mall.at).pk != first.pk


@pytest.mark.django_db
def test_a_copy_of_what_happened_under_the_plan_in_force_comes_to_what_happened():
    mall = Mall()
    three_generations(mall)
    for name in ("zoe", "y1", "ann"):
        mall.receive(f"o-{name}")
    mall.refund("o-y2")
    mall.pass_time(days=9)
    mall.settle()
    draft = drafted({"name": "standard"}, name="same")
    with nothing_changes(without=("linkage_simulationrun",)):
        run = commands.ask_simulation(
            version=draft.version, kind=RunKind.COPY, inputs={"days": 60}, by=planner(), at=mall.at
        )
        run = commands.run_simulation(run_id=run.pk, tick=lambda: mall.at)
    assert run.result["before"] == run.result["after"]
    spent = sum(
        posting.amount_fen
        for entry in JournalEntry.objects.prefetch_related("postings")
        for posting in entry.postings.all()
        if posting.account_id % 32 == 24
    )
    assert run.result["after"]["expense_fen"] == spent
    assert run.result["after"]["buyers"] == 4


@pytest.mark.django_db
def test_a_copy_counts_only_packs_of_the_last_days_under_the_new_plan():
    mall = Mall()
    three_generations(mall)
    mall.pass_time(days=20)
    mall.join("new", "bob")
    mall.buy("new", "o-new")
    mall.settle()
    draft = drafted({"direct_fen": {"agent": 5_000}})
    run = commands.ask_simulation(
        version=draft.version, kind=RunKind.COPY, inputs={"days": 10}, by=planner(), at=mall.at
    )
    run = commands.run_simulation(run_id=run.pk, tick=lambda: mall.at)
    assert run.result["after"]["buyers"] == 1
    assert run.result["after"]["kinds"]["direct"] == 5_000
    assert run.result["before"]["kinds"]["direct"] == 10_000


@pytest.mark.django_db
def test_what_cannot_be_simulated_is_refused():
    off = drafted(None)
    draft = drafted({})
    with nothing_changes():
        with pytest.raises(SimulationRefused, match="关闭"):
            commands.ask_simulation(version=off.version, kind="synthetic", inputs={}, by=planner(), at=START)
        with pytest.raises(SimulationRefused, match="没有可以回放"):
            commands.ask_simulation(version=draft.version, kind="copy", inputs={"days": 9}, by=planner(), at=START)
        for inputs in ({"size": 5}, {"days": 10**9}):
            with pytest.raises(SimulationRefused, match="超出范围"):
                commands.ask_simulation(version=draft.version, kind="synthetic", inputs=inputs, by=planner(), at=START)


def waiting(**inputs: int) -> SimulationRun:
    draft = drafted({})
    return commands.ask_simulation(
        version=draft.version, kind="synthetic", inputs={"size": 60, **inputs}, by=planner(), at=START
    )


@pytest.mark.django_db
def test_a_run_is_cancelled_before_it_starts_and_while_it_runs(monkeypatch):
    run = waiting()
    commands.cancel_simulation(run_id=run.pk, by=planner(), at=START)
    assert commands.run_simulation(run_id=run.pk, tick=lambda: START).state == RunState.CANCELLED

    monkeypatch.setattr("linkage.commands.simulations.BEAT_SECONDS", 0.0)
    run = waiting(seed=2)
    beats = []

    def tick():
        beats.append(1)
        if len(beats) == 4:
            commands.cancel_simulation(run_id=run.pk, by=planner(), at=START)
        return START

    ended = commands.run_simulation(run_id=run.pk, tick=tick)
    assert (ended.state, ended.result) == (RunState.CANCELLED, None)
    assert len(beats) == 4
    with pytest.raises(SimulationRefused, match="已经结束"):
        commands.cancel_simulation(run_id=run.pk, by=planner(), at=START)


@pytest.mark.django_db
def test_a_run_whose_worker_is_gone_is_marked_by_the_sweep_and_never_run_twice():
    run = waiting()
    SimulationRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING, started_at=START, beat_at=START)
    assert commands.run_simulation(run_id=run.pk, tick=lambda: START).state == RunState.RUNNING
    assert commands.sweep_simulations(at=START + timedelta(seconds=60)) == 0
    assert commands.sweep_simulations(at=START + timedelta(seconds=120)) == 1
    run.refresh_from_db()
    assert run.state == RunState.INTERRUPTED


@pytest.mark.django_db
def test_a_run_that_fails_says_why(monkeypatch):
    def broken(*args, **kwargs):
        raise ValueError("out of paper")

    monkeypatch.setattr("linkage.commands.simulations.simulate_side_by_side", broken)
    run = waiting()
    with pytest.raises(ValueError, match="paper"):
        commands.run_simulation(run_id=run.pk, tick=lambda: START)
    run.refresh_from_db()
    assert (run.state, run.failure) == (RunState.FAILED, "ValueError: out of paper")


@pytest.mark.django_db
def test_no_more_than_a_few_wait_at_a_time():
    for seed in range(5):
        waiting(seed=seed)
    with pytest.raises(SimulationRefused, match="排队"):
        waiting(seed=9)


# Pages

NEW = "/ops/linkage/simulationrun/new/"


@pytest.mark.django_db
def test_a_simulation_is_asked_for_seen_and_downloaded_at_its_pages():
    Mall()
    draft = drafted({"hold_days": 45})
    client = as_(operator("林岚", PLANS))
    sent = {"plan": draft.version, "kind": "synthetic", "days": 60, "size": 80, "shape": "even", "seed": 3}
    sent |= {"refer_bps": "40", "refund_bps": "5.5", "tasks_bps": "60"}
    page = text(client.post(NEW, sent, follow=True))
    run = SimulationRun.objects.get(plan=draft)
    assert (run.state, run.inputs["refund_bps"], run.size) == (RunState.WAITING, 550, 80)
    assert "已完成 0%" in page
    commands.run_simulation(run_id=run.pk, tick=lambda: START)
    record = reverse("ops:linkage_simulationrun_change", args=[run.pk])
    page = text(client.get(record))
    for words in ("没有收回礼包价", "每位购买者拿到多少", "待付奖励", "退货压力", "谁多谁少", "看表格"):
        assert words in page
    answer = client.get(reverse("ops:linkage_simulationrun_csv", args=[run.pk, "liability"]))
    assert answer["Content-Type"].startswith("text/csv")
    assert "第几天,现行,试算" in text(answer)
    assert client.get(reverse("ops:linkage_simulationrun_csv", args=[run.pk, "nothing"])).status_code == 404
    again = client.post(reverse("ops:linkage_simulationrun_again", args=[run.pk]))
    assert again["Location"] == record


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"plan": "77"}, "没有这个版本"),
        ({"size": ""}, "需要填这一项"),
        ({"size": "9"}, "大于或等于10"),
        ({"size": "1000001"}, "小于或等于1000000"),
        ({"days": "5"}, "至少 30 天"),
        ({"refund_bps": "101"}, "不能超过 100%"),
        ({"refer_bps": "0"}, "须大于 0"),
        ({"kind": "copy"}, "还没有可以回放的事件"),
    ],
)
def test_a_form_that_cannot_be_run_says_why_and_writes_nothing(changes, words):
    draft = drafted({})
    client = as_(operator("林岚", PLANS))
    LinkageEvent.objects.all().delete()
    sent = {"plan": draft.version, "kind": "synthetic", "days": 60, "size": 80, "shape": "even", "seed": 3}
    sent |= {"refer_bps": "40", "refund_bps": "5", "tasks_bps": "60"}
    with nothing_changes():
        assert words in text(client.post(NEW, sent | changes))


@pytest.mark.django_db
def test_who_may_not_plan_sees_results_but_runs_nothing():
    run = waiting()
    client = as_(operator("苏敏", REVIEW))
    assert client.get(reverse("ops:linkage_simulationrun_change", args=[run.pk])).status_code == 200
    with nothing_changes():
        assert client.post(NEW, {}).status_code == 403
        for act in ("cancel", "again"):
            assert client.post(reverse(f"ops:linkage_simulationrun_{act}", args=[run.pk])).status_code == 403
    assert as_(operator("新同事")).get("/ops/compliance/").status_code == 403


def test_no_course_needs_a_plan_with_promotions():
    assert figures_of(course(Scenario(size=50), promotion_referrals=1_000), seed=1).shown["partners"] == 0
    assert Plan().promotion_referrals == 2
