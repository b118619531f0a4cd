"""The proof of the books: the roots for everybody, the own chain for a member."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.queries.proof import own_chain, roots_page
from ledger.models import DailyRoot
from ledger.queries import head_before, held_proof, proof_entries, proof_head
from ledger.queries import roots as published_roots
from mall.core import clock
from mall.core.access import members_only, public
from mall.core.public_page import describe

from .signed_in import member_of

SCRIPT = Path(__file__).parent.parent / "verify.py"
# Without a wish, a proof begins so many entries before its end.
ENTRIES = 1_000


@public
@require_safe
def roots(request: HttpRequest) -> HttpResponse:
    """The root of every day, the newest first, and how to check with it."""
    found, following = roots_page(before=_date(request.GET.get("before", "")))
    describe(request, title=_("账本公示"), description=_("每天公布一次全部账目的根哈希，谁都可以核对账本没有被改过。"))
    page = {
        "roots": [(root, bytes(root.root).hex()) for root in found],
        "more": f"?before={following}" if following is not None else "",
        "script": SCRIPT.read_text(encoding="utf-8"),
        "now": clock.now(),
    }
    return render(request, "agents/proof_roots.html", page)


@public
@require_safe
def roots_json(request: HttpRequest) -> JsonResponse:
    """The same for machines."""
    found, following = roots_page(before=_date(request.GET.get("before", "")), limit=100)
    onward = f"{reverse('proof:roots-json')}?before={following}" if following is not None else None
    return JsonResponse({"roots": [_told(root) for root in found], "next": onward})


@public
@require_safe
def root_json(request: HttpRequest, day: str) -> JsonResponse:
    """The root of one day."""
    on = _date(day)
    found = published_roots().filter(date=on).first() if on is not None else None
    if found is None:
        raise Http404
    return JsonResponse(_told(found))


@public
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script that checks a proof, as a file."""
    response = HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    return response


@members_only
@require_safe
def proof(request: HttpRequest) -> HttpResponse:
    """The member's own chain: its head, the root that it hangs on, each entry, the check."""
    before = request.GET.get("before", "")
    chain = own_chain(member=member_of(request), before=int(before) if _is_number(before) else None)
    more = f"?before={chain.next_before}" if chain is not None and chain.next_before is not None else ""
    return render(request, "agents/proof.html", {"chain": chain, "more": more, "now": clock.now()})


@members_only
@require_safe
def proof_download(request: HttpRequest) -> StreamingHttpResponse:
    """The proof as a file: from the entry that `from` names to the head under the newest root."""
    member = member_of(request)
    found = held_proof(holder_id=member.pk)
    wanted = request.GET.get("from", "")
    first = int(wanted) if _is_number(wanted) else 0
    if found is None or first > found.sequence:
        raise Http404
    first = first or max(1, found.sequence - ENTRIES + 1)
    start = head_before(holder_id=member.pk, sequence=first)
    head = proof_head(proof=found, first=first, start=start, made_at=clock.now())
    response = StreamingHttpResponse(_pieces(head, found.sequence), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="proof-{found.root.date:%Y%m%d}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def _pieces(head: dict[str, Any], last: int) -> Iterator[str]:
    """Give the file piece by piece, an entry on each line."""
    yield json.dumps(head, indent=1)[:-2] + ',\n "entries": ['
    separator = "\n  "
    for entry in proof_entries(holder_id=head["holder"], first=head["first"], last=last):
        told = {"hash": entry.leaf.hex()} if entry.text is None else {"text": entry.text, "hash": entry.leaf.hex()}
        yield separator + json.dumps(told, ensure_ascii=False)
        separator = ",\n  "
    yield "\n ]\n}\n"


def _told(root: DailyRoot) -> dict[str, Any]:
    return {
        "date": root.date.isoformat(),
        "root": bytes(root.root).hex(),
        "holders": root.holders,
        "entries": root.entries,
        "published_at": root.published_at.isoformat(timespec="seconds"),
    }


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
