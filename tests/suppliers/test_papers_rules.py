"""How numbers of papers are written, and when papers run out."""

from datetime import date, timedelta

import pytest

from suppliers.rules.papers import expiry_of, is_credit_code, is_number_of, plain_number

# Codes of real companies, from their public filings.
REAL = ("91330100799655058B", "9144030071526726XG", "91440300708461136T", "91110000600037341L")


@pytest.mark.parametrize("code", REAL)
def test_a_real_credit_code_is_one_and_no_longer_when_a_letter_of_it_differs(code: str) -> None:
    assert is_credit_code(code)
    for place in range(18):
        for letter in "05AXY":
            other = code[:place] + letter + code[place + 1 :]
            assert other == code or not is_credit_code(other), other


@pytest.mark.parametrize("code", ["", "91330100799655058", "91330100799655058b", "9133010079965505８B", "I" * 18])
def test_what_is_no_credit_code_is_told_apart(code: str) -> None:
    assert not is_credit_code(code)


def test_two_neighbours_that_changed_places_are_noticed() -> None:
    assert not is_credit_code("91330107099655058B")


@pytest.mark.parametrize(
    ("kind", "number", "is_one"),
    [
        ("business", REAL[0], True),
        ("business", "330106000012345", False),
        ("food", "JY13301060000012", True),
        ("food", "JY1330106000001", False),
        ("food", "SC13301060000012", False),
        ("production", "SC11435078200001", True),
        ("production", "", False),
        ("cosmetic", "粤妆20160001", True),
        ("cosmetic", "粤20160001", False),
        ("inspection", "", True),
        ("trademark", "第 60010001 号", True),
    ],
)
def test_a_number_fits_its_kind_or_not(kind: str, number: str, is_one: bool) -> None:
    assert is_number_of(kind, number) is is_one


def test_a_number_is_kept_without_spaces_and_in_capitals() -> None:
    assert plain_number(" jy1 3301 0600 0001 2\n") == "JY13301060000012"


@pytest.mark.parametrize(
    ("days", "stands"),
    [(-1, "expired"), (0, "soon"), (30, "soon"), (31, "later"), (60, "later"), (61, "good"), (None, "good")],
)
def test_a_paper_is_good_through_its_last_day(days: int | None, stands: str) -> None:
    today = date(2026, 11, 30)
    assert expiry_of(None if days is None else today + timedelta(days=days), today) == stands
