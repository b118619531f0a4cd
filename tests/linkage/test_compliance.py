"""The compliance page: what is counted, what a plan does of each form, and what is handed over as evidence."""

import csv
import io
import json
from hashlib import sha256
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage import commands
from linkage.counting import counted
from linkage.models import ComplianceCount
from linkage.rules.compliance import forms_of, gauges_of, warnings_of
from linkage.rules.plan import Plan
from mall.core import clock
from mall.core.models import OperatorAct
from mall.core.rights import PLANS, REVIEW
from tests.factories import a_member
from tests.linkage.stories import Mall, three_generations
from tests.operators import as_, operator, text
from tests.plans import drafted
from tests.snapshots import nothing_changes

PAGE = "/ops/compliance/"


@pytest.mark.django_db
def test_levels_heads_and_payouts_are_counted_as_they_stand():
    mall = Mall()
    three_generations(mall)
    mall.join("quiet", "zoe")
    mall.join("cat", "quiet")
    mall.buy("cat", "o-cat")
    mall.settle()
    figures = counted()
    # zoe; y1, y2, ann and cat (quiet bought nothing, and is no level); bob.
    assert (figures["participants"], figures["partners"]) == (6, 1)
    assert figures["levels"][:4] == [1, 4, 1, 0]
    assert (figures["levels_max"], figures["beyond_levels"]) == (3, 0)
    assert figures["below_max"] == 5
    assert figures["team_max"] == 3
    assert figures["pack_sales_fen"] == 6 * 49_900
    assert figures["kinds"]["direct"] == 40_000
    assert figures["others_fen"] == figures["kinds"]["see_point"]
    assert (figures["sellers"], figures["commission_fen"]) == (0, 0)


@pytest.mark.django_db
def test_a_new_mall_counts_to_nothing():
    figures = counted()
    assert figures["participants"] == figures["levels_max"] == figures["reward_fen"] == 0
    assert {gauge.tone for gauge in gauges_of(figures, None)} == {"good"}


@pytest.mark.django_db
def test_counting_asks_the_same_number_of_queries_however_many_there_are():
    mall = Mall()
    three_generations(mall)
    with CaptureQueriesContext(connection) as few:
        counted()
    for number in range(12):
        mall.join(f"m{number}", "bob")
    mall.settle()
    with CaptureQueriesContext(connection) as many:
        counted()
    assert len(few) == len(many)


def figures(**changes: int) -> dict[str, int]:
    empty = dict.fromkeys(
        (
            *("reward_fen", "commission_fen", "participants", "levels_max", "beyond_levels", "below_max"),
            *("below_many", "below_grave", "team_max", "teams_many", "pack_sales_fen", "others_fen", "sellers"),
        ),
        0,
    )
    return empty | changes


@pytest.mark.parametrize(
    ("changes", "name", "tone"),
    [
        ({"levels_max": 2}, "levels", "good"),
        ({"levels_max": 3}, "levels", "bad"),
        ({"levels_max": 4}, "levels", "bad"),
        ({"participants": 23, "sellers": 23}, "participants", "good"),
        ({"participants": 24, "sellers": 24}, "participants", "warn"),
        ({"participants": 29, "sellers": 29}, "participants", "warn"),
        ({"participants": 30, "sellers": 30}, "participants", "bad"),
        ({"below_max": 30}, "below", "bad"),
        ({"reward_fen": 10, "commission_fen": 90}, "packs", "good"),
        ({"reward_fen": 90, "commission_fen": 10}, "packs", "bad"),
        ({"reward_fen": 6_100, "pack_sales_fen": 10_000}, "payout", "bad"),
        ({"reward_fen": 100, "others_fen": 1}, "others", "bad"),
        ({"participants": 10, "sellers": 4}, "idle", "bad"),
    ],
)
def test_a_figure_is_judged_by_its_red_line(changes, name, tone):
    found = {gauge.name: gauge.tone for gauge in gauges_of(figures(**changes), Plan())}
    assert found[name] == tone


def test_retail_only_touches_nothing_and_the_usual_plan_is_told_what_it_touches():
    assert {form.tone for form in forms_of(None)} == {"good"}
    assert [form.tone for form in forms_of(Plan())] == ["bad", "warn", "bad"]
    assert any("见点奖 ¥150.00" in words for words in warnings_of(Plan()))
    direct_only = Plan(see_point_fen=0, peer_bonus_fen=0)
    assert [form.tone for form in forms_of(direct_only)] == ["warn", "warn", "good"]
    assert forms_of(Plan(cooling_off_days=0))[1].tone == "bad"


@pytest.mark.django_db
def test_the_page_shows_figures_with_their_instant_and_what_the_plan_does():
    mall = Mall()
    three_generations(mall)
    client = as_(operator("林岚", PLANS))
    assert "还没有统计过" in text(client.get(PAGE))
    commands.count_compliance(at=clock.now())
    page = text(client.get(PAGE))
    for words in ("统计于", "层级", "参与人数", "因他人发展而付", "第七条", "拉人头", "对照现行 v1", "打款总开关"):
        assert words in page
    assert client.post(f"{PAGE}count/").status_code == 302


@pytest.mark.django_db
def test_a_draft_is_acknowledged_only_once_the_page_is_read():
    draft = drafted({})
    client = as_(operator("林岚", PLANS))
    with nothing_changes():
        page = text(client.post(f"{PAGE}?plan={draft.version}", {"text_version": "2026-11-29"}))
        assert "请先读完并勾选" in page
        assert "已经更新" in text(
            client.post(f"{PAGE}?plan={draft.version}", {"text_version": "2020-01-01", "read": "on"})
        )


@pytest.mark.django_db
def test_old_counts_go():
    old = ComplianceCount.objects.create(at=clock.now().replace(year=2020), figures={})
    commands.count_compliance(at=clock.now())
    assert not ComplianceCount.objects.filter(pk=old.pk).exists()


@pytest.mark.django_db
def test_the_evidence_is_a_zip_whose_hashes_are_true_and_whose_cells_are_no_formulas():
    mall = Mall()
    three_generations(mall)
    commands.count_compliance(at=clock.now())
    client = as_(operator("林岚", PLANS))
    client.post("/ops/linkage/planversion/draft/", {})
    OperatorAct.objects.create(at=clock.now(), by_id=1, by_name="=cmd()", act="x", page="/ops/")
    assert "请填写导出原因" in text(client.post(f"{PAGE}evidence/", {"reason": ""}))
    answer = client.post(f"{PAGE}evidence/", {"reason": "律师审查"})
    assert answer["Content-Type"] == "application/zip"
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        manifest = json.loads(archive.read("MANIFEST.json"))
        assert manifest["reason"] == "律师审查"
        assert set(manifest["files"]) == set(archive.namelist()) - {"MANIFEST.json"}
        for name, told in manifest["files"].items():
            raw = archive.read(name)
            assert (sha256(raw).hexdigest(), len(raw)) == (told["sha256"], told["bytes"])
        plans = json.loads(archive.read("plans.json"))
        assert plans[0]["published_by"] == "plan-checker"
        assert plans[0]["clauses"][0].startswith("第一条")
        rows = list(csv.DictReader(io.StringIO(archive.read("operator_acts.csv").decode("utf-8-sig"))))
        assert rows[0]["by_name"] == "'=cmd()"
        (simulation,) = (json.loads(line) for line in archive.read("simulations.json").decode().splitlines())
        assert simulation["result"]["after"]["buyers"] > 0
    assert OperatorAct.objects.get(act="导出合规材料").reason == "律师审查"


@pytest.mark.django_db
def test_who_may_not_export_or_count_does_not():
    client = as_(operator("苏敏", REVIEW))
    assert client.get(PAGE).status_code == 200
    with nothing_changes():
        assert client.post(f"{PAGE}evidence/", {"reason": "x"}).status_code == 403
        assert client.post(f"{PAGE}count/").status_code == 403
    for address in (PAGE, f"{PAGE}evidence/"):
        assert as_(operator("新同事")).get(address).status_code == 403
        assert as_(a_member()).get(address).status_code == 302
