"""What all views of the interface share: a key, its scopes, and one transaction that sees the supplier's rows alone."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration import commands
from integration.models import ActKind, ApiKey
from mall.core import clock
from mall.core.own_supplier import rows_of
from suppliers.models import Supplier

from .keys import HasScope, KeyAuthentication
from .problems import Problem, answer_of

BODY_MAX = 262_144
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{8,64}")


class JsonAlone(BaseContentNegotiation):
    """Whatever a client says that it accepts: it gets JSON."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        kind = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None) -> Any:
        first = next(iter(renderers))
        return first, first.media_type


class SupplierView(APIView):
    """`scopes` names for each method what a key needs; a method without a line is refused. Methods in `once` take an
    `Idempotency-Key`: the same request again is answered the same, and done once.

    A method runs in one transaction as the supplier (`mall.core.own_supplier`); what it raises undoes all of it.
    """

    scopes: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    once: ClassVar[frozenset[str]] = frozenset()

    authentication_classes = (KeyAuthentication,)
    permission_classes = (HasScope,)
    renderer_classes = (JSONRenderer,)
    parser_classes = (JSONParser,)
    content_negotiation_class = JsonAlone

    @property
    def key(self) -> ApiKey:
        found = self.request.auth
        assert isinstance(found, ApiKey)
        return found

    @property
    def supplier(self) -> Supplier:
        return self.key.supplier

    def get_exception_handler(self) -> Callable[..., Response]:
        return answer_of

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """As the framework does, with the supplier's transaction around the method alone."""
        self.args, self.kwargs = args, kwargs
        self.headers = self.default_response_headers
        self.request = self.initialize_request(request, *args, **kwargs)
        try:
            if len(request.body) > BODY_MAX:
                raise Problem("too_large")
            self.initial(self.request, *args, **kwargs)
            method = getattr(self, str(request.method).lower(), self.http_method_not_allowed)
            with rows_of(self.key.supplier_id):
                answer = self._answered(method, *args, **kwargs)
        except Exception as failure:
            answer = self.handle_exception(failure)
        self.response = self.finalize_response(self.request, answer, *args, **kwargs)
        self.response["Cache-Control"] = "no-store"
        return self.response

    def note(self, kind: ActKind, subject: str, detail: str = "") -> None:
        """Write down in the supplier's trail what the key does, in the same transaction."""
        commands.note_act(
            supplier=self.supplier,
            kind=kind,
            by=self.key.made_by,
            subject=subject,
            detail=detail,
            key=self.key,
            by_key=True,
            at=clock.now(),
        )

    def _answered(self, method: Callable[..., Response], *args: Any, **kwargs: Any) -> Response:
        if self.request.method not in self.once:
            return method(self.request, *args, **kwargs)
        given = self.request.headers.get("Idempotency-Key", "")
        if not IDEMPOTENCY_KEY.fullmatch(given):
            raise Problem("idempotency_key_missing")

        def run() -> tuple[int, dict[str, Any]]:
            answer = method(self.request, *args, **kwargs)
            return answer.status_code, answer.data

        plain = self.request._request
        asked = f"{plain.method} {plain.path}\n".encode() + plain.body
        status, body, is_repeat = commands.answered_once(
            supplier=self.supplier, idempotency_key=given, request=asked, at=clock.now(), run=run
        )
        return Response(body, status=status, headers={"Idempotent-Replayed": "true"} if is_repeat else None)
