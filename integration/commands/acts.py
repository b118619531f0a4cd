"""The trail of a supplier's interface."""

from datetime import datetime
from typing import Any

from integration.models import ActKind, ApiAct, ApiKey
from mall.core import request_id
from suppliers.models import Supplier


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
