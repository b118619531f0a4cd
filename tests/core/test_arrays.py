import pytest
from django.db import connection

from mall.core import arrays

pytestmark = pytest.mark.django_db


def read_back(literal: str, kind: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [literal])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("values", [[], [1], [1, None, -3], [None, None], [2**62, 0]])
def test_numbers_come_back_as_they_were(values: list) -> None:
    assert read_back(arrays.numbers(values), "bigint") == values


def test_truth_values_come_back_as_they_were() -> None:
    assert read_back(arrays.numbers([True, None, False]), "bool") == [True, None, False]


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        ["", ""],
        ["NULL", "null"],
        ["plain", "with, comma", "{braces}"],
        ['a "quote"', "back\\slash", '","'],
        ['"', "\\", "\\\\", '\\"'],
        ["链动 2+1", "a\nb\tc", "'; DROP TABLE x; --", "%s %(a)s"],
    ],
)
def test_texts_come_back_as_they_were(values: list) -> None:
    assert read_back(arrays.texts(values), "text") == values
