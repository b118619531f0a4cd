"""Every refusal as `application/problem+json` (RFC 9457), with a `code` that does not change when words do."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from integration.commands.answers import KeyReused
from mall.core import request_id
from orders.commands import OrderRefused, Refusal
from suppliers.commands import OutOfStock, StockMoved

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
TYPE = "urn:mall:problem:"

# Code, status and title. A code that stands here once stays.
CODES: dict[str, tuple[int, Any]] = {
    "bad_json": (400, _("请求内容不是合法的 JSON")),
    "key_missing": (401, _("请带上密钥：Authorization: Bearer …")),
    "key_unknown": (401, _("没有这个密钥")),
    "key_revoked": (401, _("这个密钥已停用")),
    "key_expired": (401, _("这个密钥已过期")),
    "key_suspended": (401, _("供应商或创建密钥的子账号已停用")),
    "scope_missing": (403, _("这个密钥没有这项权限")),
    "not_found": (404, _("这里没有这个内容")),
    "method_not_allowed": (405, _("这个地址不支持这种请求方法")),
    "not_acceptable": (406, _("这里只提供 JSON")),
    "wrong_state": (409, _("订单状态已变化")),
    "waybill_used": (409, _("这个订单已用这个快递单号发过货")),
    "stock_moved": (409, _("库存已变化")),
    "out_of_stock": (409, _("库存不足")),
    "too_large": (413, _("请求太大")),
    "unsupported_media_type": (415, _("请发送 application/json")),
    "invalid_request": (422, _("请求有不对的地方")),
    "bad_packing": (422, _("件数不对")),
    "idempotency_key_missing": (422, _("请带上 Idempotency-Key，8 到 64 个可见字符")),
    "idempotency_key_reused": (422, _("这个 Idempotency-Key 已用于另一个请求")),
    "too_many_requests": (429, _("请求太频繁")),
    "internal_error": (500, _("出了点问题，我们已记下")),
}
REFUSALS = {
    Refusal.WRONG_STATE: "wrong_state",
    Refusal.WAYBILL_USED: "waybill_used",
    Refusal.BAD_PACKING: "bad_packing",
    Refusal.NOT_YOURS: "not_found",
}
BY_STATUS = {404: "not_found", 405: "method_not_allowed", 406: "not_acceptable", 415: "unsupported_media_type"}


class Problem(exceptions.APIException):
    """A refusal by its code; `more` are members beside the standard ones."""

    def __init__(self, code: str, detail: Any = "", **more: Any) -> None:
        super().__init__(detail or CODES[code][1], code)
        self.code, self.more = code, more


def problem(code: str, detail: Any = "", **more: Any) -> dict[str, Any]:
    """Return the members of a problem."""
    number, title = CODES[code]
    told = {"type": TYPE + code, "title": str(title), "status": number, "detail": str(detail or title), "code": code}
    return {**told, "request_id": request_id.current(), **more}


def answer_of(failure: Exception, context: dict[str, Any]) -> Response:
    """Return the answer to whatever a view raised. What nobody foresaw is logged, and tells nothing."""
    found = _known(failure)
    if found is None:
        log.error("the interface failed", exc_info=failure)
        got_request_exception.send(sender=type(failure), request=context.get("request"))
        found = Problem("internal_error")
    body = problem(found.code, found.detail, **found.more)
    headers = {}
    if body["status"] == status.HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="supplier"'
    if "retry_after" in body:
        headers["Retry-After"] = str(body["retry_after"])
    if isinstance(failure, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _known(failure: Exception) -> Problem | None:
    """Return in which of our words it is refused, or None."""
    match failure:
        case Problem():
            return failure
        case exceptions.ValidationError():
            return Problem("invalid_request", errors=list(_errors(failure.detail)))
        case exceptions.ParseError():
            return Problem("bad_json")
        case exceptions.NotAuthenticated():
            return Problem("key_missing")
        case exceptions.PermissionDenied() | PermissionDenied():
            return Problem("scope_missing")
        case exceptions.APIException() if failure.status_code in BY_STATUS:
            return Problem(BY_STATUS[failure.status_code])
        case Http404():
            return Problem("not_found")
        case RequestDataTooBig():
            return Problem("too_large")
        case KeyReused():
            return Problem("idempotency_key_reused")
        case StockMoved():
            now = failure.sku
            return Problem("stock_moved", str(failure), on_hand=now.on_hand, reserved=now.reserved)
        case OutOfStock():
            return Problem("out_of_stock", str(failure))
        case OrderRefused():
            return Problem(REFUSALS.get(failure.reason, "invalid_request"), str(failure))
    return None


def _escaped(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _errors(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """Yield each fault with a JSON pointer to it."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _errors(inner, pointer if name == "non_field_errors" else f"{pointer}/{_escaped(name)}")
    elif isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        for number, inner in enumerate(detail):
            yield from _errors(inner, f"{pointer}/{number}")
    else:
        for word in detail if isinstance(detail, list) else [detail]:
            yield {"pointer": pointer, "code": str(getattr(word, "code", "invalid")), "detail": str(word)}
