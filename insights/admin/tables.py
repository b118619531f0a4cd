"""The same figures as rows: the table under the charts, the file, and who came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights import rules
from insights.models import DayFigures
from insights.queries import known
from insights.queries.buyers import PAGE_ROWS, buyers_page
from insights.queries.figures import value_of
from insights.rules import TARGETS
from mall.core import clock
from mall.core.admin import ops_site
from mall.core.ids import SHANGHAI
from mall.core.money import yuan
from mall.core.names import masked_phone
from mall.core.spreadsheet import Number, line
from mall.core.spreadsheet import yuan as hundredths

from .cards import RIGHTS, may_see
from .words import LABELS, figure

FILE_DAYS = 90
# Sums that stand beside the figures, and the figure by whose right they are seen.
BESIDE: tuple[tuple[str, Any, str, bool], ...] = (
    ("pack_fen", gettext_lazy("其中礼包"), rules.GMV, True),
    ("shipped", gettext_lazy("发货订单"), rules.IN_TIME, False),
    ("rewards_fen", gettext_lazy("2+1 奖励"), rules.EARNINGS, True),
    ("commissions_fen", gettext_lazy("零售佣金"), rules.EARNINGS, True),
    ("skus_out", gettext_lazy("卖空规格"), rules.STOCK_OUT, False),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table: a figure by its kind, or a sum by its name."""

    label: str
    kind: str = ""
    name: str = ""
    is_money: bool = False

    def value(self, row: DayFigures) -> int | None:
        found: int | None = value_of(self.kind, [row]) if self.kind else getattr(row, self.name)
        return found

    def shown(self, row: DayFigures) -> str:
        value = self.value(row)
        if self.kind:
            return figure(TARGETS[self.kind].unit, value)
        return "—" if value is None else yuan(value) if self.is_money else f"{value:,}"

    def plain(self, row: DayFigures) -> Number | str:
        """Return the cell as other programs read it: yuan and percent with two places."""
        value = self.value(row)
        if value is None:
            return ""
        unit = TARGETS[self.kind].unit if self.kind else rules.FEN if self.is_money else rules.COUNT
        return Number(str(value)) if unit == rules.COUNT else hundredths(value)


def columns_for(request: HttpRequest) -> list[Column]:
    """Return the columns that this person may see."""
    now_only = (rules.PAYOUTS, rules.RISKS)
    kinds = [kind for kind in RIGHTS if kind not in now_only and may_see(request, kind)]
    found = [Column(str(LABELS[kind]), kind=kind) for kind in kinds]
    for name, label, kind, is_money in BESIDE:
        if may_see(request, kind):
            found.append(Column(str(label), name=name, is_money=is_money))
    return found


def table_rows(rows: Sequence[DayFigures], columns: Sequence[Column]) -> list[tuple[date, list[str]]]:
    """Return the days, the newest first, with their cells."""
    return [(row.date, [column.shown(row) for column in columns]) for row in reversed(rows)]


@ops_site.page("cockpit/days.csv", name="cockpit_csv", permission="")
def days_file(request: HttpRequest) -> HttpResponseBase:
    """Answer with the days of the last ninety as a file; only columns that this person may see."""
    now = clock.now()
    columns = columns_for(request)
    if not columns:
        raise PermissionDenied
    days = known(at=now)
    rows = days.rows(days.today - timedelta(days=FILE_DAYS - 1), days.today)
    percent = [column for column in columns if column.kind and TARGETS[column.kind].unit == rules.BPS]
    head = [_("日期"), *(f"{column.label}（%）" if column in percent else column.label for column in columns)]
    lines = [line(head), *(line([row.date.isoformat(), *(one.plain(row) for one in columns)]) for row in rows)]
    response = HttpResponse(b"\xef\xbb\xbf" + "".join(lines).encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cockpit-{days.today:%Y%m%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@ops_site.page("cockpit/repeat-buyers/", name="repeat_buyers", permission="orders.view_order")
def repeat_buyers(request: HttpRequest) -> HttpResponseBase:
    """Show who bought within thirty days and had bought before."""
    if not may_see(request, rules.REPEAT):
        raise PermissionDenied
    today = clock.now().astimezone(SHANGHAI).date()
    until = _day(request.GET.get("until"), today)
    page = _number(request.GET.get("p"))
    count, rows = buyers_page(until=until, page=page)
    context: dict[str, Any] = {
        **ops_site.each_context(request),
        "title": _("30 天回头客"),
        "since": until - timedelta(days=rules.WINDOW_DAYS - 1),
        "until": until,
        "count": count,
        "page": page,
        "is_last": page * PAGE_ROWS >= count,
        "rows": [(one, masked_phone(one.phone) if one.phone else "") for one in rows],
    }
    return TemplateResponse(request, "ops/repeat_buyers.html", context)


def _day(text: str | None, today: date) -> date:
    try:
        return min(today, date.fromisoformat(text or ""))
    except ValueError:
        return today


def _number(text: str | None) -> int:
    return max(1, int(text)) if text and text.isascii() and text.isdecimal() and len(text) < 7 else 1
