"""What proves how the mall's plans came about and what operators did, as one ZIP with a hash of every file."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from linkage.digests import params_digest
from linkage.models import Acknowledgement, Adjustment, ComplianceCount, PlanVersion, SimulationRun
from linkage.rules.clauses import summary_zh
from linkage.rules.compliance import TEXT_VERSION, forms_of
from mall.core.models import OperatorAct
from payouts.models import PayoutStop

ROWS = 2_000
# What a spreadsheet would run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_evidence(file: IO[bytes], *, at: datetime, by: str, reason: str) -> None:
    """Write the ZIP into a file. Rows are read a page at a time."""
    hashes: dict[str, dict[str, Any]] = {}
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, chunks in _files():
            digest, size = sha256(), 0
            with archive.open(name, "w") as entry:
                for chunk in chunks:
                    raw = chunk.encode()
                    digest.update(raw)
                    size += len(raw)
                    entry.write(raw)
            hashes[name] = {"sha256": digest.hexdigest(), "bytes": size}
        manifest = {"made_at": at, "made_by": by, "reason": reason, "wording": TEXT_VERSION, "files": hashes}
        archive.writestr("MANIFEST.json", _json(manifest))


def _files() -> Iterator[tuple[str, Iterable[str]]]:
    yield "plans.json", _plans()
    yield (
        "acknowledgements.csv",
        _table(
            Acknowledgement.objects.all(),
            ("id", "plan_id", "digest", "text_version", "findings", "read_by__nickname", "read_by_id", "at"),
        ),
    )
    yield "simulations.json", _simulations()
    yield "figures.json", _lines(ComplianceCount.objects.order_by("id").values("at", "figures"))
    yield (
        "payout_stops.csv",
        _table(
            PayoutStop.objects.all(),
            (
                *("id", "reason", "stopped_by__nickname", "stopped_at", "lift_reason", "lift_asked_by__nickname"),
                *("lift_asked_at", "lifted_by__nickname", "lifted_at"),
            ),
        ),
    )
    yield (
        "adjustments.csv",
        _table(
            Adjustment.objects.all(),
            (
                *("number", "member__public_id", "kind", "amount_fen", "reason", "state", "asked_by__nickname"),
                *("asked_at", "decided_by__nickname", "decided_at", "decline_reason"),
            ),
        ),
    )
    names = (
        "id",
        "at",
        "by_id",
        "by_name",
        "act",
        "subject",
        "reason",
        "page",
        "sent",
        "before",
        "after",
        "request_id",
    )
    yield "operator_acts.csv", _table(OperatorAct.objects.all(), names)


def _plans() -> Iterator[str]:
    found = PlanVersion.objects.select_related("created_by", "published_by").order_by("version")
    yield _json(
        [
            {
                "version": version.version,
                "name": version.name,
                "params": version.params,
                "digest": params_digest(version.params) if version.params is not None else None,
                "clauses": summary_zh(plan) if (plan := version.plan) is not None else [],
                "forms": [
                    {"form": form.title, "law": form.law, "does": form.does, "verdict": form.tone}
                    for form in forms_of(plan)
                ],
                "drafted_by": str(version.created_by) if version.created_by else None,
                "edited_at": version.edited_at,
                "submitted_at": version.submitted_at,
                "simulation": version.simulation_id,
                "acknowledgement": version.acknowledgement_id,
                "published_by": str(version.published_by) if version.published_by else None,
                "published_at": version.published_at,
                "starts_at": version.starts_at,
                "imported": version.imported,
            }
            for version in found
        ]
    )


def _simulations() -> Iterator[str]:
    names = (
        *("id", "plan_id", "params", "digest", "base_version", "base_params", "kind", "inputs", "seed", "size"),
        *("state", "result", "asked_by__nickname", "asked_at", "started_at", "finished_at"),
    )
    return _lines(SimulationRun.objects.order_by("id").values(*names))


def _lines(rows: "QuerySet[Any, Any]") -> Iterator[str]:
    """One JSON object a line."""
    for row in rows.iterator(chunk_size=ROWS):
        yield json.dumps(row, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n"


def _table(rows: "QuerySet[Any]", names: Sequence[str]) -> Iterator[str]:
    yield "\ufeff" + _line(names)
    for row in rows.order_by("id").values_list(*names).iterator(chunk_size=ROWS):
        yield _line([_cell(value) for value in row])


def _line(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _cell(value: Any) -> str:
    """Return a value as it stands in a table; text that a spreadsheet would run is defused."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder) + "\n"
