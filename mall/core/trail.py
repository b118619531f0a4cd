"""The trail of what operators do: every POST at `/ops/` that did something leaves one row, whatever view it was.

The middleware (`mall.core.middleware`) writes it once the answer is there. Acts (`mall.core.admin.acting`) say what the
record was before and after; any other view is written down with what was sent to it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.http import HttpRequest

# Neither what opens doors nor in whose name somebody is paid stands in the trail, which nobody can ever shorten.
SECRET = re.compile(r"csrf|password|secret|token|key|sealed|real_name|id_number|id_hash", re.IGNORECASE)


@dataclass(slots=True)
class Told:
    """What a view says of its act: a title, the record that it is about, and its columns before and after."""

    act: str = ""
    subject: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def tell(request: HttpRequest, told: Told) -> None:
    """Say what is being done; the last word counts."""
    vars(request)["operator_act"] = told


def columns_of(record: Any) -> dict[str, Any]:
    """Return the columns of a record as they stand in the database now; none of what is no record."""
    if not isinstance(record, Model) or record.pk is None:
        return {}
    found = type(record)._base_manager.filter(pk=record.pk).values().first() or {}
    plain: dict[str, Any] = json.loads(json.dumps(found, cls=DjangoJSONEncoder, default=str))
    return {name: value for name, value in plain.items() if not SECRET.search(name)}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return of both only the columns that differ."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}
