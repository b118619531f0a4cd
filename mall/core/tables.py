"""What migrations are made of that Django's own operations do slowly or not at all."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error
from django.db import connections, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState, StateApps


class Together(Operation):
    """Carry out many operations on the tables of one app at once: the models are rendered once before and once after.

    Django renders every related model anew after each single operation, which is most of the time of a fresh database.
    A model that is created here is created as it is in the end, so what follows for it needs nothing more; foreign keys
    are added when the migration ends, so the order of the operations does not matter, nor do circles. Of one field or
    constraint that was there before, only one operation may stand here.
    """

    serialization_expand_args = ["operations"]
    atomic = True
    reversible = True

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self._real():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self._real()):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} operations at once"

    def _real(self) -> list[Operation]:
        created = {operation.name_lower for operation in self.operations if isinstance(operation, CreateModel)}
        return [
            operation
            for operation in self.operations
            if isinstance(operation, CreateModel) or getattr(operation, "model_name_lower", "") not in created
        ]


def withhold(rights: str, *tables: str) -> migrations.RunPython:
    """Return the operation that takes rights (`DELETE, TRUNCATE`) on tables from the role of the application, and from
    that in which the supplier's site runs."""

    def revoke(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection: Any = schema_editor.connection
        with connection.cursor() as cursor:
            roles = [settings.DATABASE_APP_ROLE, settings.DATABASE_SUPPLIER_ROLE]
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [roles])
            for (name,) in cursor.fetchall():
                role = connection.ops.quote_name(name)
                cursor.execute(f"REVOKE {rights} ON {', '.join(tables)} FROM {role}")

    return migrations.RunPython(revoke, migrations.RunPython.noop)


def check_replaced(
    app_configs: Sequence[AppConfig] | None, *, databases: Sequence[str] | None = None, **_: Any
) -> list[Error]:
    """Return an error for each migration of which a database, as `migrate` finds it, has only some predecessors.

    The files of the predecessors are gone, and Django would leave out such an app without a word.
    """
    errors: list[Error] = []
    for alias in databases or []:
        loader = MigrationLoader(connections[alias], load=False)
        loader.load_disk()
        applied = MigrationRecorder(connections[alias]).applied_migrations()
        for key, migration in loader.disk_migrations.items():
            missing = [name for name in migration.replaces if name not in applied]
            if missing and len(missing) < len(migration.replaces):
                names = ", ".join(f"{app}.{name}" for app, name in missing)
                errors.append(
                    Error(
                        f"{'.'.join(key)} stands for migrations of which this database has only some: {names} missing.",
                        hint="Bring it up with the last release that had them, then run migrate again.",
                        id="core.E001",
                    )
                )
    return errors
