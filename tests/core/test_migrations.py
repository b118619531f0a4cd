"""A fresh database is made by few migrations; one that was made by those that they replace counts as migrated."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from mall.core.tables import check_replaced
from payouts.models import PayoutPolicy

pytestmark = pytest.mark.django_db


@pytest.fixture
def replaced() -> None:
    """Let the database be recorded as the predecessors of its migrations left it."""
    executor = MigrationExecutor(connection)
    recorder = MigrationRecorder(connection)
    for (app, name), migration in executor.loader.disk_migrations.items():
        if migration.replaces:
            assert recorder.migration_qs.filter(app=app, name=name).delete()[0] == 1
            assert all(old in executor.loader.applied_migrations for old in migration.replaces)


def plan() -> list[Any]:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def test_no_two_migrations_stand_for_the_same_predecessor() -> None:
    """A migration that is run records its predecessors as applied, and with them whatever else stands for them."""
    made = MigrationExecutor(connection).loader.disk_migrations.values()
    names = [name for migration in made for name in migration.replaces]

    assert len(names) == len(set(names)) > 40


@pytest.mark.usefixtures("replaced")
def test_a_database_that_its_predecessors_made_needs_no_migration() -> None:
    assert plan() == []
    assert check_replaced(None, databases=["default"]) == []
    call_command("migrate", "--check", verbosity=0, skip_checks=False)


@pytest.mark.usefixtures("replaced")
def test_a_database_that_has_only_some_predecessors_is_refused() -> None:
    """Without the refusal Django would leave out the app and say that there is nothing to do."""
    before = PayoutPolicy.objects.count()
    MigrationRecorder(connection).record_unapplied("linkage", "0011_compliance_counts")

    with pytest.raises(CommandError, match=r"linkage\.0011_compliance_counts missing"):
        call_command("migrate", verbosity=0, skip_checks=False)

    assert PayoutPolicy.objects.count() == before


def test_a_database_that_stopped_between_tables_and_safeguards_goes_on_with_these() -> None:
    recorder = MigrationRecorder(connection)
    later = sorted(
        recorder.migration_qs.filter(app="ledger").exclude(name__startswith="0001").values_list("name", flat=True)
    )
    for name in later:
        recorder.record_unapplied("ledger", name)

    names = [name for app, name in MigrationExecutor(connection).loader.disk_migrations if app == "ledger"]
    wanted = sorted(set(names) - {"0001_tables"})
    assert wanted[0] == "0002_safeguards"
    assert [(made.app_label, made.name) for made, _ in plan()] == [("ledger", name) for name in wanted]
