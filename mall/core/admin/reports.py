"""What became of the rows of a file, as the page of a report shows it: what is wrong first, and not without end."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _

SHOWN_MAX = 500
TONES = {"bad": "bad", "good": "good", "done": "info", "skipped": ""}


class Row(Protocol):
    """A row's number, its status (a key of `TONES`), what it is about, and what happens or why not."""

    @property
    def number(self) -> int: ...
    @property
    def status(self) -> str: ...


def report_context(report: Sequence[Row], *, needs_all: bool = False) -> dict[str, Any]:
    """Return what `supplier/sheet.html` shows. With `needs_all` one row that is wrong keeps all others back."""
    order = list(TONES)
    rows = sorted(report, key=lambda row: (order.index(row.status), row.number))
    counts = {status: sum(row.status == status for row in report) for status in TONES}
    words = {"bad": _("有问题"), "good": _("可以执行"), "done": _("已完成"), "skipped": _("跳过")}
    is_blocked = needs_all and counts["bad"] > 0
    return {
        "report": [(row, TONES[row.status], words[row.status]) for row in rows[:SHOWN_MAX]],
        "hidden": max(0, len(rows) - SHOWN_MAX),
        "counts": [(TONES[status], words[status], count) for status, count in counts.items() if count],
        "good": 0 if is_blocked else counts["good"],
    }
