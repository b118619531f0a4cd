"""A copy of everything that the mall keeps of a member: asked for, gathered by a worker, deleted after a day."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from mall.core.personal import Holding, export_rows, holdings
from mall.core.spreadsheet import BOM, line
from members.models import DataExport, Member
from members.rules import EXPORT_LIFE

# Another copy may be asked for this long after the last one.
EXPORT_REST = timedelta(hours=1)


class ExportTooSoon(Exception):
    """A copy is being gathered, or was asked for within the hour."""


def request_export(*, member: Member, at: datetime) -> DataExport:
    """Ask for a copy; a worker is rung for. Raises ExportTooSoon."""
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        if DataExport.objects.filter(member=locked, requested_at__gt=at - EXPORT_REST).exists():
            raise ExportTooSoon
        try:
            with transaction.atomic():
                export = DataExport.objects.create(member=locked, requested_at=at)
        except IntegrityError as error:
            raise ExportTooSoon from error
        _ring(export.pk)
    return export


def gather_export(*, export_id: int, at: datetime) -> bool:
    """Gather one copy that waits; returns whether there was one. A repeat is a no-op."""
    with transaction.atomic():
        export = DataExport.objects.select_for_update(skip_locked=True).filter(pk=export_id, ready_at=None).first()
        if export is None:
            return False
        export.content, export.row_count = archive_of(member_id=export.member_id, at=at)
        export.ready_at, export.expires_at = at, at + EXPORT_LIFE
        export.save(update_fields=["content", "row_count", "ready_at", "expires_at"])
    return True


def gather_waiting_exports(*, at: datetime) -> int:
    """Gather the copies that nobody has gathered yet; returns how many."""
    waiting = list(DataExport.objects.filter(ready_at=None).order_by("requested_at").values_list("pk", flat=True)[:20])
    return sum(gather_export(export_id=export_id, at=at) for export_id in waiting)


def sweep_exports(*, at: datetime) -> int:
    """Delete the content of copies whose link has run out; returns of how many."""
    return DataExport.objects.filter(content__isnull=False, expires_at__lte=at).update(content=None)


def archive_of(*, member_id: int, at: datetime) -> tuple[bytes, int]:
    """Return the archive of everything about a member, and how many rows it holds: a table each as JSON and as CSV."""
    out, count = io.BytesIO(), 0
    with transaction.atomic(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, override("zh-hans"):
        for holding in holdings():
            rows = [_plain(row) for row in export_rows(holding=holding, member_id=member_id)]
            count += len(rows)
            archive.writestr(f"{holding.name}.json", json.dumps(rows, ensure_ascii=False, indent=1))
            archive.writestr(f"{holding.name}.csv", BOM + "".join(_csv(holding, rows)))
        archive.writestr("README.txt", BOM + "\n".join(_contents(at)))
    return out.getvalue(), count


def _contents(at: datetime) -> Iterator[str]:
    yield _("你的个人数据副本，生成于 %s（UTC）") % f"{at:%Y-%m-%d %H:%M}"
    yield _("每一类数据有两份：.json 给程序读，.csv 用表格软件打开。金额单位是分。")
    for holding in holdings():
        line = _("%(name)s：%(title)s。用途：%(purpose)s。")
        yield line % {"name": holding.name, "title": holding.title, "purpose": holding.purpose}


def _csv(holding: Holding, rows: list[dict[str, Any]]) -> Iterator[str]:
    yield line(holding.fields)
    for row in rows:
        yield line(_cell(row[field]) for field in holding.fields)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {field: _of_json(value) for field, value in row.items()}


def _of_json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_of_json(part) for part in value]
    return value if value is None or isinstance(value, str | int | bool | dict) else str(value)


def _ring(export_id: int) -> None:
    from members.tasks import gather_export as gathering

    transaction.on_commit(lambda: gathering.ring(export_id), robust=True)
