"""Publishing by two people, whatever way somebody takes: a command, a row in the database."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from linkage import commands
from linkage.commands import PlanRejected
from linkage.models import Acknowledgement, PlanVersion, SimulationRun
from linkage.rules.compliance import TEXT_VERSION
from linkage.rules.plan import PlanRefused
from mall.core.rights import REVIEW
from members.models import Member
from suppliers.models import GiftPackTerms
from tests.linkage.stories import START, Mall
from tests.operators import operator
from tests.plans import drafted, planner, simulated, submitted
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def publish(version: PlanVersion, by: Member) -> PlanVersion:
    return commands.publish_plan(version=version.version, starts_at=START, by=by, at=START)


def submit(version: PlanVersion) -> PlanVersion:
    return commands.submit_plan(version=version.version, by=planner(), at=START)


def read(version: PlanVersion) -> Acknowledgement:
    return commands.acknowledge_compliance(
        version=version.version, text_version=TEXT_VERSION, by=planner(), at=START + timedelta(hours=2)
    )


def test_a_draft_that_was_not_submitted_is_published_by_nobody() -> None:
    draft, checker = drafted({}), planner("plan-checker")
    with nothing_changes(), pytest.raises(PlanRejected, match="还没有提交"):
        publish(draft, checker)
    assert not GiftPackTerms.objects.exists()


def test_neither_its_author_nor_somebody_without_the_right_publishes() -> None:
    version = submitted({}, at=START)
    stranger = operator("苏敏", REVIEW)
    with nothing_changes():
        with pytest.raises(PlanRejected, match="自己起草"):
            publish(version, planner())
        with pytest.raises(PlanRejected, match="没有发布方案的权限"):
            publish(version, stranger)
    assert publish(version, planner("plan-checker")).published_at == START


def test_a_draft_is_submitted_only_with_a_simulation_and_an_acknowledgement_of_just_these_params() -> None:
    draft = drafted({})
    with pytest.raises(PlanRejected, match="试算"):
        submit(draft)
    simulated(draft, at=START)
    with pytest.raises(PlanRejected, match="合规页"):
        submit(draft)
    read(draft)
    later = START + timedelta(days=1)
    commands.edit_plan(version=draft.version, name="", params={"hold_days": 31}, by=planner(), at=later)
    with pytest.raises(PlanRejected, match="试算"):
        submit(draft)
    # The same params as before: what was done before the edit holds no more.
    commands.edit_plan(version=draft.version, name="", params={}, by=planner(), at=later)
    with pytest.raises(PlanRejected, match="试算"):
        submit(draft)


def test_a_simulation_of_other_params_or_one_that_did_not_end_is_none() -> None:
    simulated(drafted({"hold_days": 31}), at=START)
    draft = drafted({})
    commands.ask_simulation(version=draft.version, kind="synthetic", inputs={"size": 20}, by=planner(), at=START)
    read(draft)
    with pytest.raises(PlanRejected, match="试算"):
        submit(draft)


def test_a_page_in_another_wording_is_not_acknowledged() -> None:
    draft = drafted({})
    with nothing_changes(), pytest.raises(PlanRejected, match="已经更新"):
        commands.acknowledge_compliance(version=draft.version, text_version="2020-01-01", by=planner(), at=START)


def test_a_wording_that_changed_after_the_submission_stops_the_publication(monkeypatch) -> None:
    version = submitted({}, at=START)
    monkeypatch.setattr("linkage.commands.plans.TEXT_VERSION", "2099-01-01")
    with pytest.raises(PlanRejected, match="重新确认"):
        publish(version, planner("plan-checker"))


def test_the_acknowledgement_of_somebody_else_is_not_the_authors() -> None:
    draft = drafted({})
    simulated(draft, at=START)
    commands.acknowledge_compliance(
        version=draft.version, text_version=TEXT_VERSION, by=planner("plan-checker"), at=START
    )
    with pytest.raises(PlanRejected, match="合规页"):
        submit(draft)


def test_an_unsafe_plan_is_neither_drafted_nor_made_of_a_draft() -> None:
    draft = drafted({})
    with nothing_changes(), pytest.raises(PlanRefused):
        commands.edit_plan(version=draft.version, name="", params={"see_point_fen": 30_000}, by=planner(), at=START)


@pytest.mark.parametrize(
    "changes",
    [
        {"published_at": START, "starts_at": START},
        {"published_at": START, "starts_at": START, "published_by": "plan-author", "submitted_at": START},
        {"published_at": START, "starts_at": START, "published_by": "plan-checker"},
        {"published_at": START, "starts_at": START, "published_by": "plan-checker", "submitted_at": START},
    ],
)
def test_the_database_publishes_nothing_without_two_people_and_a_simulation(changes) -> None:
    draft = drafted({})
    if "published_by" in changes:
        changes = {**changes, "published_by": planner(changes["published_by"])}
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=draft.pk).update(**changes)


def test_what_is_published_or_waits_is_not_edited_in_the_database_either() -> None:
    version = submitted({}, at=START)
    rows = PlanVersion.objects.filter(pk=version.pk)
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        rows.update(params={"hold_days": 1})
    publish(version, planner("plan-checker"))
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        rows.update(params={"hold_days": 1})
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        rows.update(starts_at=START + timedelta(days=1))


def test_acknowledgements_and_finished_simulations_are_kept_as_they_were_written() -> None:
    submitted({}, at=START)
    with pytest.raises(DatabaseError), transaction.atomic():
        Acknowledgement.objects.update(text_version="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        SimulationRun.objects.update(digest="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        SimulationRun.objects.all()._raw_delete("default")


def test_only_an_empty_mall_takes_over_the_plan_of_a_history() -> None:
    mall = Mall()
    with nothing_changes(), pytest.raises(PlanRejected, match="新商城"):
        commands.adopt_plan(name="", params={}, starts_at=mall.at, at=mall.at)
