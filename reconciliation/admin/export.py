"""A day as a file for spreadsheets: the three books row by row, and every item with what was done about it."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from mall.core import clock
from mall.core.admin import ops_site
from mall.core.admin.columns import moment
from mall.core.ids import SHANGHAI
from mall.core.spreadsheet import BOM, line, yuan
from reconciliation.models import Day, Item
from reconciliation.queries import all_items_of, day_of
from reconciliation.rules import Cause

from . import words
from .page import VIEW, parsed_day


@ops_site.page("reconciliation/<str:day>/export.csv", name="reconciliation_export", permission=VIEW)
def export(request: HttpRequest, day: str) -> HttpResponseBase:
    """Give a day that was checked as CSV. Nothing of it names a member."""
    found = day_of(day=parsed_day(day, clock.now().astimezone(SHANGHAI).date()))
    if found is None:
        raise Http404
    name = f"reconciliation-{found.date.isoformat()}.csv"
    answer = HttpResponse(BOM + "".join(_lines(found)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines(day: Day) -> Iterator[str]:
    yield line([_("日期"), day.date.isoformat(), day.get_state_display(), _("核对时间"), moment(day.checked_at)])
    yield line([_("科目"), _("业务笔数"), _("业务单据"), _("渠道笔数"), _("渠道账单"), _("账本笔数"), _("账本")])
    for row in day.figures.get("rows", []):
        cells = []
        for book in (row["document"], row["channel"], row["ledger"]):
            cells += [book[0], yuan(book[1])] if book is not None else ["", ""]
        yield line([words.part_name(row["part"], row["provider"]), *cells])
    yield line([])
    heads = (_("单号"), _("类别"), _("归属日期"), _("可能的原因"), _("业务单据"), _("渠道账单"), _("账本"))
    yield line([*heads, _("状态"), _("处理方式"), _("经过"), _("处理人"), _("复核人")])
    for item in all_items_of(day=day):
        yield line(_cells(item))


def _cells(item: Item) -> list[object]:
    amounts = ["" if fen is None else yuan(fen) for fen in (item.document_fen, item.channel_fen, item.ledger_fen)]
    return [
        item.title or item.number,
        words.part_name(item.part, item.provider),
        item.date.isoformat(),
        str(words.CAUSES[Cause(item.cause)]),
        *amounts,
        item.get_state_display(),
        item.get_how_display() if item.how else "",
        item.note,
        str(item.proposed_by or ""),
        str(item.confirmed_by or ""),
    ]
