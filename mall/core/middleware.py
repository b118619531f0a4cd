"""What stands between a request and its view on this floor: the trail of operators' acts."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict

from mall.core import clock, request_id
from mall.core.models import OperatorAct
from mall.core.trail import SECRET, Told

Answer = Callable[[HttpRequest], HttpResponseBase]

SITE = "/ops/"
UNTOLD = ("/ops/login/", "/ops/logout/")
PHONE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
TEXT_MAX = 500
REASONS = ("reason", "note", "words", "body")


class OperatorTrailMiddleware:
    """Writes down what operators did. Stands below the middleware that knows who is signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and request.path.startswith(SITE) and request.path not in UNTOLD:
            told = vars(request).get("operator_act")
            done = response.status_code in (302, 303) or (told is not None and response.status_code < 300)
            user = getattr(request, "user", None)
            if done and user is not None and user.is_authenticated and user.is_staff:
                _write(request, user, told or Told())
        return response


def _write(request: HttpRequest, user: Any, told: Told) -> None:
    match = request.resolver_match
    sent = _plain(request.POST)
    OperatorAct.objects.create(
        at=clock.now(),
        by_id=user.pk,
        by_name=str(user)[:64],
        act=(told.act or (match.view_name if match else "") or request.path)[:120],
        page=request.path[:200],
        subject=(told.subject or (" ".join(map(str, match.kwargs.values())) if match else ""))[:120],
        reason=next((sent[name] for name in REASONS if isinstance(sent.get(name), str)), "")[:300],
        sent=sent,
        before=told.before,
        after=told.after,
        request_id=request_id.current()[:64],
    )


def _plain(posted: QueryDict) -> dict[str, Any]:
    """Return what was sent, without secrets, phone numbers masked and texts cut."""
    sent = {}
    for name, values in posted.lists():
        if SECRET.search(name):
            continue
        words = [PHONE.sub(r"\1****\2", str(value))[:TEXT_MAX].replace("\0", "") for value in values]
        sent[name] = words[0] if len(words) == 1 else words
    return sent
