"""`linkage_verify` reads only plans and events on its own side, and names whatever else was changed by SQL."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from linkage.models import TeamMove
from tests.linkage.stories import Mall, three_generations

pytestmark = pytest.mark.django_db(transaction=True)

TAMPERINGS = {
    "reward": (
        "UPDATE linkage_reward SET amount_fen = amount_fen + 1 WHERE id = (SELECT max(id) FROM linkage_reward)",
        "amount",
    ),
    "reward's owner": (
        "UPDATE linkage_reward SET member_id = seed_id WHERE id = (SELECT max(id) FROM linkage_reward)",
        "member is",
    ),
    "lost reward": ("DELETE FROM linkage_reward WHERE id = (SELECT max(id) FROM linkage_reward)", "lacks its reward"),
    "rank": ("UPDATE linkage_position SET rank = 1 WHERE rank = 2", "rank is 1"),
    "leader": ("UPDATE linkage_position SET leader_id = member_id WHERE leader_id IS NOT NULL", "leader is"),
    "referrals": (
        "UPDATE linkage_position SET valid_referrals = valid_referrals + 1 WHERE rank = 2",
        "valid referrals",
    ),
    "hold": ("UPDATE linkage_reward SET hold = 2 WHERE hold = 1", "hold is 2"),
    "held amount": ("UPDATE linkage_reward SET held_fen = held_fen - 1 WHERE hold = 1", "held is"),
    "balance": ("UPDATE ledger_account SET balance_fen = balance_fen + 1 WHERE kind = 1", "pending is"),
    "support fund": (
        "INSERT INTO ledger_account (id, kind, holder_id, balance_fen) VALUES (10, 10, 0, 5)"
        " ON CONFLICT (id) DO UPDATE SET balance_fen = ledger_account.balance_fen + 5",
        "support_fund",
    ),
    "event number": (
        "UPDATE linkage_event SET number = 1000 WHERE number = 5",
        "event number 5 is missing",
    ),
    "swapped event numbers": (
        "UPDATE linkage_event SET number = -1 WHERE number = 1;"
        "UPDATE linkage_event SET number = 1 WHERE number = 2;"
        "UPDATE linkage_event SET number = 2 WHERE number = -1",
        "event 1 (join) was settled, but the rules refuse it",
    ),
    "lost event": (
        "DELETE FROM linkage_event WHERE number = (SELECT max(number) FROM linkage_event)",
        "the stream counts",
    ),
    "plan": (
        """UPDATE linkage_planversion SET params = jsonb_set(params, '{see_point_fen}', '14999')""",
        "amount is 15000",
    ),
    "lost move": ("DELETE FROM linkage_teammove", "no row says so"),
    "move": ("UPDATE linkage_teammove SET from_leader_id = member_id", "former leader is"),
    "invented move": (
        "INSERT INTO linkage_teammove (order_id, member_id, kind, at)"
        " SELECT max(order_id), max(member_id), 2, now() FROM linkage_settledorder",
        "but no event made it",
    ),
    "order": (
        "UPDATE linkage_settledorder SET packs = 2 WHERE order_id = (SELECT max(order_id) FROM linkage_settledorder)",
        "packs",
    ),
}


def story() -> Mall:
    mall = Mall()
    three_generations(mall)
    mall.receive("o-ann")
    mall.settle()
    return mall


def test_an_honest_mall_is_confirmed_with_a_count(capsys: pytest.CaptureFixture[str]) -> None:
    story()
    call_command("linkage_verify")

    assert "The replay of 11 events agrees: 5 members" in capsys.readouterr().out


@pytest.mark.parametrize("what", TAMPERINGS)
def test_whatever_was_changed_by_sql_is_named(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    story()
    sql, named = TAMPERINGS[what]
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("linkage_event", "linkage_planversion"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        assert cursor.rowcount > 0
        for table in ("linkage_event", "linkage_planversion"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    with pytest.raises(SystemExit) as stopped:
        call_command("linkage_verify")
    assert stopped.value.code == 1
    assert named in capsys.readouterr().err


def test_moves_that_were_never_written_are_written_from_the_stream(capsys: pytest.CaptureFixture[str]) -> None:
    story()
    before = list(TeamMove.objects.values_list("order_id", "member_id", "kind", "from_leader_id", "to_leader_id", "at"))
    assert before
    TeamMove.objects.all().delete()

    call_command("linkage_moves")
    call_command("linkage_moves")

    assert "0 moves written." in capsys.readouterr().out
    written = TeamMove.objects.values_list("order_id", "member_id", "kind", "from_leader_id", "to_leader_id", "at")
    assert list(written) == before
    call_command("linkage_verify")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE linkage_event SET at = now() WHERE number = 3",
        "DELETE FROM linkage_event WHERE number = 3",
        "UPDATE linkage_planversion SET params = '{}' WHERE version = 1",
        "DELETE FROM linkage_planversion WHERE version = 1",
    ],
)
def test_settled_events_and_used_plans_are_guarded_by_the_database(sql: str) -> None:
    story()

    with pytest.raises(Exception, match=r"never (changed|edited)"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    call_command("linkage_verify")
