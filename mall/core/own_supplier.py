"""Rows of one supplier alone: what PostgreSQL lets a request of the supplier's site touch (`docs/adr`).

The request runs in one transaction, in the role `DATABASE_SUPPLIER_ROLE`, and names its supplier in a setting that ends
with the transaction. Policies on the tables of suppliers look at that setting; they bind this role alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection, transaction

_inside: ContextVar[int | None] = ContextVar("own_supplier", default=None)


@contextmanager
def rows_of(supplier_id: int) -> Iterator[None]:
    """Run what follows in one transaction that sees and writes rows of this supplier alone."""
    with transaction.atomic():
        _become(supplier_id)
        token = _inside.set(supplier_id)
        try:
            yield
        finally:
            _inside.reset(token)
        _become(None)


@contextmanager
def as_the_mall() -> Iterator[None]:
    """Within `rows_of`, run a command with the application's own rights: its sums go over all suppliers of a purchase,
    and what it works on was looked up before. Elsewhere nothing changes."""
    supplier_id = _inside.get()
    if supplier_id is None:
        yield
        return
    with transaction.atomic():
        _become(None)
        token = _inside.set(None)
        try:
            yield
        finally:
            _inside.reset(token)
        _become(supplier_id)


def _become(supplier_id: int | None) -> None:
    role = "none" if supplier_id is None else settings.DATABASE_SUPPLIER_ROLE
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('mall.supplier_id', %s, true)",
            [role, "" if supplier_id is None else str(supplier_id)],
        )
