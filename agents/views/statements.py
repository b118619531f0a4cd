"""Monthly statements: on the screen, as PDF, as CSV."""

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from agents import statement_files
from agents.queries import statements as queries
from mall.core import clock
from mall.core.access import members_only

from .signed_in import member_of

Response = TypeVar("Response", bound=HttpResponseBase)


@members_only
@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """Every month since joining, with what changed and what there was at its end."""
    at = clock.now()
    months = queries.statement_months(member=member_of(request), at=at)
    return render(request, "agents/statements.html", {"months": months, "now": at})


@members_only
@require_safe
def statement(request: HttpRequest, month: str) -> HttpResponse:
    """One month: openings, each entry, closings, what was withheld, the checksum."""
    head = _head(request, month)
    after = request.GET.get("after", "")
    found = list(queries.statement_lines(head=head, after=after, limit=queries.PAGE + 1))
    lines = found[: queries.PAGE]
    page = {
        "head": head,
        "lines": lines,
        "is_first": not after,
        "checksum": "" if after else queries.checksum(head=head),
        "more": f"?after={lines[-1].cursor}" if len(found) > queries.PAGE else "",
        "proof": statement_files.proof_address(),
        "now": clock.now(),
    }
    return render(request, "agents/statement.html", page)


@members_only
@require_safe
def statement_csv(request: HttpRequest, month: str) -> StreamingHttpResponse:
    """The month for spreadsheets, sent while it is read."""
    head = _head(request, month)
    response = StreamingHttpResponse(
        _in_language(statement_files.csv_lines(head), get_language()), content_type="text/csv; charset=utf-8"
    )
    return _attached(response, head, "csv")


@members_only
@require_safe
def statement_pdf(request: HttpRequest, month: str) -> HttpResponse:
    """The month for printing."""
    head = _head(request, month)
    made_at = f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}"
    content = statement_files.pdf_file(head, made_at=made_at)
    return _attached(HttpResponse(content, content_type="application/pdf"), head, "pdf")


def _head(request: HttpRequest, month: str) -> queries.Statement:
    at = clock.now()
    member = member_of(request)
    period = queries.statement_month(member=member, key=month, at=at)
    if period is None:
        raise Http404
    return queries.statement(member=member, period=period, at=at)


def _in_language(lines: Iterator[str], language: str | None) -> Iterator[str]:
    """Give the lines, a good many at a time, in the reader's language also after the request is over."""
    while True:
        with override(language):
            some = "".join(islice(lines, 500))
        if not some:
            return
        yield some


def _attached(response: Response, head: queries.Statement, ending: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="statement-{head.period.key}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response
