"""`linkage_simulate`: no test here may touch the database, and pytest-django holds it to that."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linkage.rules.simulation import simulate
from linkage.rules.summary import Summary, summary_of

DATA = Path(__file__).parent.parent / "scenarios" / "data"


def test_the_result_goes_to_the_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("linkage_simulate", DATA / "02_worked_example.jsonl")
    assert capsys.readouterr().out == (DATA / "02_worked_example.expected.json").read_text()


def test_the_result_goes_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "result.json"
    call_command("linkage_simulate", DATA / "11_peer_share.jsonl", out=out)
    assert out.read_text() == (DATA / "11_peer_share.expected.json").read_text()
    assert capsys.readouterr().out == ""


def test_a_file_with_nothing_but_a_plan_has_an_empty_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plan.jsonl").write_text('{"plan": {}}\n')
    call_command("linkage_simulate", tmp_path / "plan.jsonl")
    out = capsys.readouterr().out
    zeros = dict.fromkeys(("support_fund_fen", "reward_expense_fen", "cash_out_fen", "tax_fen", "fee_fen"), 0)
    assert out == json.dumps({"members": {}, "rewards": [], "platform": zeros, "refused": []}, indent=1) + "\n"


def test_ids_of_any_script_come_back_as_they_were(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    id = 'quote " back \\ 汉字 \u2028 😀'
    join = json.dumps({"event": "join", "at": 1, "member": id, "referrer": None})
    (tmp_path / "events.jsonl").write_text(f'{{"plan": {{}}}}\n{join}\n')
    call_command("linkage_simulate", tmp_path / "events.jsonl")
    assert list(json.loads(capsys.readouterr().out)["members"]) == [id]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("", "Line 1: The file is empty; its first line must be the plan."),
        ('{"plan": {}}\n{"event": "tick"}\n', "Line 2: The field at is missing."),
        ('{"plan": {}}\n{"event": "tick", "at": 1}\n\n{"event": "tick", "at": 2}\n', "Line 3: The line is empty."),
        (
            '{"plan": {"peer_bonus_fen": 90000}}\n',
            "Line 1: The plan must be refused: A first pack can pay out 115000 fen: the larger of direct reward of an "
            "agent 10000 + peer bonus 90000 and direct reward of a partner 10000, + see-point reward 15000 + peer "
            "share 0. At most 29940 fen are allowed (payout_max_bps 6000 of the price 49900).",
        ),
    ],
)
def test_a_malformed_file_is_one_sentence_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: str, sentence: str
) -> None:
    file, out = tmp_path / "events.jsonl", tmp_path / "result.json"
    file.write_text(lines)
    with pytest.raises(CommandError) as caught:
        call_command("linkage_simulate", file, out=out, summary=True)
    assert str(caught.value) == sentence
    assert caught.value.returncode == 2
    assert not out.exists()
    assert capsys.readouterr().out == ""


def test_a_result_that_was_there_before_outlives_a_malformed_file(tmp_path: Path) -> None:
    file, out = tmp_path / "events.jsonl", tmp_path / "result.json"
    file.write_text('{"plan": {}}\nnonsense\n')
    out.write_text("before")
    with pytest.raises(CommandError, match=r"^Line 2: "):
        call_command("linkage_simulate", file, out=out)
    assert out.read_text() == "before"


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file or directory") as caught:
        call_command("linkage_simulate", tmp_path / "nowhere.jsonl")
    assert caught.value.returncode == 2


def test_an_out_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: Is a directory") as caught:
        call_command("linkage_simulate", DATA / "01_first_sales.jsonl", out=tmp_path)
    assert caught.value.returncode == 2


def test_the_summary_speaks_chinese_and_replaces_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("linkage_simulate", DATA / "02_worked_example.jsonl", summary=True)
    out = capsys.readouterr().out
    for words in ("没有任何收入的购买者", "收回礼包支出的购买者", "拨出率", "推荐层级", "团队层级"):
        assert words in out
    assert '"members"' not in out


def test_the_summary_beside_an_out_writes_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "result.json"
    call_command("linkage_simulate", DATA / "02_worked_example.jsonl", out=out, summary=True)
    assert json.loads(out.read_text())["platform"]["reward_expense_fen"] > 0
    assert "拨出率" in capsys.readouterr().out


def test_the_summary_of_the_worked_example_counts_by_hand() -> None:
    """Ten buyers: zoe earned 1330.00, ann 730.00, bob 200.00 and dan 100.00, six nothing; a pack costs 499.00."""
    with (DATA / "02_worked_example.jsonl").open("rb") as lines:
        simulation = simulate(lines)
    assert summary_of(simulation.book, simulation.plan) == Summary(
        members=10,
        buyers=10,
        partners=3,
        earned_nothing_bps=6_000,
        recovered_price_bps=2_000,
        top_percent_bps=133_000 * 10_000 // 236_000,
        revenue_fen=499_000,
        reward_expense_fen=236_000,
        payout_bps=236_000 * 10_000 // 499_000,
        support_fund_fen=0,
        frozen_fen=22_600 + 10_600,
        earned_median_fen=0,
        balance_median_fen=-49_900,
        earned_max_fen=133_000,
        depth_median=3,
        depth_max=4,
        teams=2,
        team_size_median=2,
        team_size_max=3,
        team_depth_median=2,
        team_depth_max=3,
    )


def test_the_summary_of_an_empty_mall_is_all_zeros() -> None:
    simulation = simulate(['{"plan": {}}'])
    summary = summary_of(simulation.book, simulation.plan)
    assert {getattr(summary, field) for field in Summary.__slots__} == {0}


def test_what_was_returned_or_forfeited_is_not_earned() -> None:
    with (DATA / "05_hold_expires_fund.jsonl").open("rb") as lines:
        simulation = simulate(lines)
    book = simulation.book
    summary = summary_of(book, simulation.plan)
    kept = sum(
        member.pending + member.held + member.available + member.withdrawing + member.withdrawn
        for member in book.members.values()
    )
    assert summary.support_fund_fen > 0
    assert summary.reward_expense_fen == kept + summary.support_fund_fen
    assert summary.earned_max_fen <= kept
