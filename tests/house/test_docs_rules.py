"""docs/rules.md is true: its examples are run, its defaults are the plan's, its worst cases are computed."""

import json
import re
from typing import Any

import pytest

from linkage.rules.event_file import EVENT_FIELDS
from linkage.rules.plan import (
    further_worst_case_fen,
    parse_plan,
    payout_limit_fen,
    plan_as_dict,
    refusal,
    worst_case_fen,
)
from linkage.rules.result import result_of
from linkage.rules.simulation import simulate
from mall.core.money import yuan
from tests.house.project import PROJECT

PAGE = (PROJECT / "docs" / "rules.md").read_text()
EXAMPLES: dict[str, str] = dict(
    re.findall(r"^### (.+?)\n(.*?)(?=^### |\Z)", PAGE.partition("## Examples")[2], re.M | re.S)
)
MEMBER_COLUMNS = {
    "title": "rank",
    "acts as": "acting_rank",
    "leader": "leader",
    "valid referrals": "valid_referrals",
    "pending": "pending_fen",
    "held": "held_fen",
    "available": "available_fen",
    "withdrawing": "withdrawing_fen",
    "withdrawn": "withdrawn_fen",
    "debt": "debt_fen",
}
PLATFORM_COLUMNS = {
    "support fund": "support_fund_fen",
    "reward expense": "reward_expense_fen",
    "cash out": "cash_out_fen",
    "tax": "tax_fen",
    "fee": "fee_fen",
}


def tables(text: str) -> list[list[dict[str, str]]]:
    """Return every table of a page as rows by the words of its header."""
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", text, re.M):
        header, _, *rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in block.splitlines()]
        found.append([dict(zip(map(str.strip, header), row, strict=True)) for row in rows])
    return found


def table(text: str, column: str) -> list[dict[str, str]] | None:
    """Return the first table whose first column is `column`."""
    return next((rows for rows in tables(text) if next(iter(rows[0])) == column), None)


def shown(field: str, value: Any) -> str:
    if value is None:
        return "–"
    return yuan(value) if field.endswith("_fen") else str(value)


@pytest.mark.parametrize("title", EXAMPLES)
def test_an_example_comes_out_as_it_is_told(title: str) -> None:
    body = EXAMPLES[title]
    lines = body.partition("```jsonl\n")[2].partition("```")[0].splitlines()
    result = result_of(simulate(lines)).as_dict()

    members = table(body, "member")
    assert members
    for row in members:
        actual = result["members"][row.pop("member")]
        assert row == {column: shown(MEMBER_COLUMNS[column], actual[MEMBER_COLUMNS[column]]) for column in row}

    rewards = table(body, "order")
    if rewards is not None:
        assert rewards == [
            {
                "order": reward["order"],
                "reward": reward["kind"].replace("_", " "),
                "to": reward["member"] or "support fund",
                "amount": yuan(reward["amount_fen"]),
                "held": yuan(reward["held_fen"]),
                "hold": reward["hold"],
                "reversed": "yes" if reward["reversed"] else "no",
            }
            for reward in result["rewards"]
        ]

    for row in table(body, "support fund") or table(body, "reward expense") or []:
        assert row == {column: yuan(result["platform"][PLATFORM_COLUMNS[column]]) for column in row}

    told = re.search(r"^Refused: (.+)\.$", body, re.M)
    assert result["refused"] == ([int(number) for number in told[1].split(", ")] if told else [])


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 11


def test_every_field_of_a_plan_stands_there_with_its_default() -> None:
    rows = table(PAGE, "field")
    assert rows
    told = {row["field"].strip("`"): row["default"] for row in rows}
    defaults = {}
    for field, value in plan_as_dict(*parse_plan({})).items():
        if isinstance(value, dict):
            defaults.update({f"{field}.{inner}": str(inner_value) for inner, inner_value in value.items()})
        elif field == "tasks":
            defaults[field] = ", ".join(task["kind"] for task in value)
        else:
            defaults[field] = str(value)
    assert told == defaults


def test_the_worst_cases_are_those_of_the_plans() -> None:
    rows = table(PAGE, "plan")
    assert rows
    for row in rows:
        plan, _ = parse_plan(json.loads(row["plan"].strip("`")))
        assert row == {
            "plan": row["plan"],
            "first pack": yuan(worst_case_fen(plan)),
            "further pack": yuan(further_worst_case_fen(plan)),
            "limit": yuan(payout_limit_fen(plan)),
            "accepted": "no" if refusal(plan) else "yes",
        }


def test_every_event_stands_there_with_its_fields() -> None:
    rows = table(PAGE, "event")
    assert rows
    told = {row["event"].strip("`"): re.findall(r"`(\w+)`", row["fields"]) for row in rows}
    assert told == EVENT_FIELDS
