"""The interface described as OpenAPI, made from the views and what they say of themselves."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from . import schemas
from .problems import CODES, CONTENT_TYPE, problem

PREFIX = "/api/supplier/v1/"
VERSION = "1.0.0"
IN_ADDRESSES = {"number": _("订单号"), "code": _("商品编码")}
# What every address may answer, whatever is asked.
ALWAYS = ("key_missing", "key_unknown", "key_revoked", "key_expired", "key_suspended")
ALWAYS_OF_KEYS = (*ALWAYS, "scope_missing", "too_many_requests")
OF_BODIES = ("bad_json", "too_large", "unsupported_media_type")
OF_REPEATS = ("idempotency_key_missing", "idempotency_key_reused")


class DocumentedSchema(AutoSchema):
    """Says of each operation which scopes it needs."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            view: Any = self.view
            operation["x-scopes"] = list(view.scopes.get(self.method, ()))
            for one in operation.get("parameters", ()):
                if one["in"] == "path":
                    one["description"] = IN_ADDRESSES[one["name"]]
        return operation


class KeyScheme(OpenApiAuthenticationExtension):
    """How a key is shown."""

    target_class = "integration.api.keys.KeyAuthentication"
    name = "supplierKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": str(_("密钥在供应商后台的“接口”里创建"))}


def documented(
    *,
    name: str,
    title: Any,
    about: Any,
    answers: Mapping[int, type[Any]],
    request: type[Any] | None = None,
    query: type[Any] | None = None,
    refusals: Sequence[str] = (),
) -> Callable[[Any], Any]:
    """Return the decorator that says of a view's method what it takes and answers. `refusals` are codes beside those
    that every method may answer."""

    def decorate(method: Any) -> Any:
        is_write = method.__name__ == "post"
        is_repeatable = is_write and name != "show_recipients"
        codes = [*ALWAYS_OF_KEYS, *refusals]
        codes += OF_BODIES if is_write else ()
        codes += OF_REPEATS if is_repeatable else ()
        parameters: list[Any] = [query] if query is not None else []
        parameters.append(_told("Retry-After", OpenApiTypes.INT, _("几秒后再试"), [429]))
        if is_repeatable:
            parameters.append(_told("Idempotent-Replayed", OpenApiTypes.STR, _("是重复的请求时为 true"), list(answers)))
            parameters.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    required=True,
                    description=_(
                        "每件事一个，8 到 64 个可见字符，如 UUID。没收到应答就原样再发：只做一次，应答相同。留 30 天。"
                    ),
                )
            )
        documented_method: Any = extend_schema(
            operation_id=name,
            summary=title,
            description=about,
            parameters=parameters,
            request=request,
            responses={**dict(answers), **_problems(codes)},
            tags=["supplier"],
        )(method)
        return documented_method

    return decorate


def _told(name: str, kind: Any, about: Any, statuses: list[int]) -> OpenApiParameter:
    """Return a header of answers."""
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=about, response=statuses)


def _problems(codes: Sequence[str]) -> dict[Any, Any]:
    """Return for each status the problems that have it."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(CODES[code][0], []).append(code)
    return {
        (status, CONTENT_TYPE): OpenApiResponse(schemas.ProblemOut, description=", ".join(dict.fromkeys(same)))
        for status, same in sorted(by_status.items())
    }


def described() -> dict[str, Any]:
    """Return the document in the language of now."""
    return _described(get_language() or "")


@cache
def _described(language: str) -> dict[str, Any]:
    from .urls import endpoints

    with override(language or None):
        generator: Any = SchemaGenerator(patterns=[path(PREFIX.lstrip("/"), include(endpoints))])
        found: dict[str, Any] = generator.get_schema(request=None, public=True)
        told: dict[str, Any] = json.loads(json.dumps(found, default=str))
    return told


def document(request: HttpRequest) -> HttpResponse:
    """The document itself: it is the same for everybody, and tells nothing of anybody."""
    response = JsonResponse(described(), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Accept-Language"
    return response


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """No address of the interface."""
    return JsonResponse(problem("not_found"), status=404, content_type=CONTENT_TYPE)
