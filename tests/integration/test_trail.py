"""What was done with keys is kept for three years and not a day less, whoever asks."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from integration.commands import forget_acts, note_act
from integration.models import ActKind, ApiAct
from integration.tasks import forget
from mall.core import clock
from mall.core.own_supplier import rows_of
from tests.integration.callers import Caller
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

YEARS = timedelta(days=1_096)


def an_act(caller: Caller, subject: str, age: timedelta) -> ApiAct:
    at = clock.now() - age
    return note_act(supplier=caller.supplier, kind=ActKind.SHIPPED, by=caller.owner, subject=subject, at=at)


def kept() -> list[str]:
    return list(ApiAct.objects.exclude(kind=ActKind.KEY_MADE).order_by("pk").values_list("subject", flat=True))


def test_acts_are_forgotten_after_three_years() -> None:
    caller = Caller()
    an_act(caller, "old", YEARS + timedelta(days=2))
    an_act(caller, "younger", YEARS - timedelta(days=2))
    an_act(caller, "new", timedelta())
    assert forget() == 1
    assert kept() == ["younger", "new"]
    with nothing_changes():
        assert forget_acts(at=clock.now()) == 0


def test_no_clock_and_no_person_has_a_younger_one_forgotten() -> None:
    caller = Caller()
    act = an_act(caller, "younger", timedelta(days=1_000))
    with nothing_changes():
        # A demo's clock may be years ahead of the database's.
        assert forget_acts(at=clock.now() + timedelta(days=5_000)) == 0
        for change in (
            lambda: ApiAct.objects.filter(pk=act.pk).delete(),
            lambda: ApiAct.objects.filter(pk=act.pk).update(subject="x"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_the_mall_may_forget_and_a_suppliers_request_may_not() -> None:
    caller = Caller()
    an_act(caller, "old", YEARS + timedelta(days=2))
    with (
        nothing_changes(),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        rows_of(caller.supplier.pk),
    ):
        forget_acts(at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege(%s, 'integration_forget_acts(timestamptz)', 'EXECUTE'),"
            " has_table_privilege(%s, 'integration_apiact', 'DELETE')",
            [settings.DATABASE_APP_ROLE, settings.DATABASE_APP_ROLE],
        )
        assert cursor.fetchone() == (True, False)
