"""Statements whose plan a session keeps."""

import pytest
from django.db import DatabaseError, connection, transaction

from mall.core import statements

pytestmark = pytest.mark.django_db

_SUM = "SELECT %(one)s::int + %(two)s::int + %(one)s::int, '100%%'"


def _run(text: str, params: statements.Params, *, keep: bool = True) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        statements.run(cursor, text, params, keep=keep)
        return cursor.fetchall()


def _kept(text: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{text}%"]
        )
        return cursor.fetchall()


def test_a_kept_statement_says_what_its_text_says() -> None:
    assert _run(_SUM, {"one": 1, "two": 5}) == _run(_SUM, {"one": 1, "two": 5}, keep=False) == [(7, "100%")]
    ours = "SELECT unnest(%s::bigint[]), %s::text"
    assert _run(ours, ["{1,NULL}", "it's"]) == _run(ours, ["{1,NULL}", "it's"], keep=False)


def test_its_plan_is_made_once_in_a_session() -> None:
    text = "SELECT id FROM linkage_shard WHERE id = %s AND 'planned once' <> ''"
    for shard in range(12):
        _run(text, [shard])
    assert _kept("planned once") == [(12, 0)]


def test_what_was_prepared_in_a_transaction_that_is_rolled_back_is_still_known() -> None:
    text = "SELECT %s::int, 'rolled back'"
    with transaction.atomic():
        _run(text, [1])
        transaction.set_rollback(True)
    assert _run(text, [2]) == [(2, "rolled back")]


def test_a_text_that_cannot_be_prepared_is_refused_each_time_and_not_taken_for_prepared() -> None:
    for _ in range(2):
        with pytest.raises(DatabaseError, match="nowhere"), transaction.atomic():
            _run("SELECT 1 FROM nowhere WHERE 1 = %s", [1])


def test_behind_a_pooler_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert _run("SELECT %s::int, 'pooled'", [1]) == [(1, "pooled")]
    assert _kept("pooled") == []


@pytest.mark.django_db(transaction=True)
def test_a_new_session_prepares_anew() -> None:
    text = "SELECT %s::int, 'new session'"
    _run(text, [1])
    connection.close()
    assert _kept("SELECT $1::int, 'new session'") == []
    assert _run(text, [2]) == [(2, "new session")]
