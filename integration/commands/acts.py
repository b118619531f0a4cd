"""The trail of a supplier's interface."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from integration.models import ActKind, ApiAct, ApiKey
from mall.core import request_id
from suppliers.models import Supplier

# Three years, one of them a leap year: as long as the law has records of trade kept. The table itself holds to it too.
KEPT_DAYS = 1_096


def note_act(
    *,
    supplier: Supplier,
    kind: ActKind,
    by: Any,
    subject: str,
    at: datetime,
    detail: str = "",
    key: ApiKey | None = None,
    by_key: bool = False,
) -> ApiAct:
    """Write down what was done, in the caller's transaction. `by_key`: a system did it with `key`, whose maker is `by`;
    else a person did it, to `key` where there is one."""
    return ApiAct.objects.create(
        supplier=supplier,
        api_key=key,
        by_key=by_key,
        done_by=by,
        kind=kind,
        subject=subject[:80],
        detail=detail[:200],
        request_id=request_id.current()[:64],
        at=at,
    )


def forget_acts(*, at: datetime) -> int:
    """Forget what was done more than three years ago, the oldest ten thousand at once. Returns how many.

    Nobody may delete a row of this table: a function of the database does it, and never for a younger one, whatever
    clock `at` is from.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT integration_forget_acts(%s)", [at - timedelta(days=KEPT_DAYS)])
        return int(cursor.fetchone()[0])
