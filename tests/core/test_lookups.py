import pytest
from django.db import connection

from members.models import Member
from tests.factories import a_member

pytestmark = pytest.mark.django_db

NAMES = [
    "HJ26",
    "HJ260",
    "HJ27",
    "HJ2",
    "HJ2~",
    "",
    "茶",
    "茶叶",
    "茷",
    "\ud7ff茶",
    "\ue000",
    "\U0010ffff",
    "\U0010ffffa",
    "100%",
    "1001",
    "a_b",
    "ab",
]


@pytest.mark.parametrize("start", [*NAMES, "H", "HJ26011", "\\", "'"])
def test_what_begins_so_is_what_starts_so(start: str) -> None:
    for name in NAMES:
        Member.objects.filter(pk=a_member().pk).update(nickname=name)
    found = Member.objects.filter(nickname__begins=start).order_by("pk")
    assert list(found) == list(Member.objects.filter(nickname__startswith=start).order_by("pk"))
    assert found.exists() == any(name.startswith(start) for name in NAMES)


def test_the_database_lets_an_index_answer_before_row_level_security_has_spoken() -> None:
    """The plan itself needs many rows: `make bench GROUP=desks` looks for a number among a million."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oprname, proleakproof FROM pg_operator JOIN pg_proc ON pg_proc.oid = oprcode"
            " WHERE oprleft = 'text'::regtype AND oprright = 'text'::regtype AND oprname IN ('~>=~', '~<~', '~~')"
        )
        assert dict(cursor.fetchall()) == {"~>=~": True, "~<~": True, "~~": False}
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'orders_order'")
        assert any("(number varchar_pattern_ops)" in definition for (definition,) in cursor.fetchall())
