"""WeChat Pay's API as far as the mall uses it: https://pay.weixin.qq.com/doc/v3/merchant/4012791855.

Requests are verified and answers signed; errors are `{"code", "message"}`. The bill of today is there at once.
"""

import gzip
import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.csrf import csrf_exempt

from mall.core import clock
from mall.core.access import View, signed_by_provider
from sandbox.payments import book
from sandbox.payments.models import Provider, Trade, TradeRefund, TroubleKind

from . import bill, refunds
from .content import moment, refund_content, trade_content
from .signature import Unsigned, certificate, check_request, signed_headers

AMOUNT_MAX = 10**10
# Longer than any merchant waits.
SILENCE_SECONDS = 20
Answer = tuple[int, Any]
Operation = Callable[..., Answer]


class Failure(Exception):
    """An error of the API."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def operation(method: str, name: str = "") -> Callable[[Operation], View]:
    """Return the decorator that makes a signed address of a function of (request, at, …)."""

    def decorate(act: Operation) -> View:
        @wraps(act)
        def view(request: HttpRequest, **parts: str) -> HttpResponse:
            at = clock.now()
            full = request.get_full_path()
            try:
                if request.method != method:
                    raise Unsigned("another method")
                check_request(
                    authorization=request.headers.get("Authorization", ""),
                    method=method,
                    path=full[full.index("/v3/") :],
                    body=request.body,
                    at=at,
                )
            except Unsigned:
                return _json(401, {"code": "SIGN_ERROR", "message": "签名错误"})
            trouble = book.take_trouble(provider=Provider.WECHAT, operation=name) if name else ""
            if trouble == TroubleKind.SILENT:
                Event().wait(SILENCE_SECONDS)
            if trouble in (TroubleKind.UNAVAILABLE, TroubleKind.SILENT):
                return _json(500, {"code": "SYSTEM_ERROR", "message": "系统错误"})
            try:
                if trouble == TroubleKind.REFUSED:
                    raise Failure(403, "RULE_LIMIT")
                status, content = act(request, at, **parts)
            except Failure as failure:
                status, content = failure.status, {"code": failure.code, "message": failure.code}
            if trouble == TroubleKind.LOST_ANSWER:
                return _json(500, {"code": "SYSTEM_ERROR", "message": "系统错误"})
            return _signed(status, content, at, spoilt=trouble == TroubleKind.BAD_SIGNATURE)

        return signed_by_provider(csrf_exempt(view))

    return decorate


@operation("POST", "open")
def jsapi(request: HttpRequest, at: datetime) -> Answer:
    """Open a trade that is paid inside WeChat."""
    content = _content(request)
    trade = _open(content, "jsapi", _text(content.get("payer"), "openid", 128), at)
    return 200, {"prepay_id": f"wx{trade.token}"}


@operation("POST", "open")
def h5(request: HttpRequest, at: datetime) -> Answer:
    """Open a trade that is paid from another browser of a phone."""
    content = _content(request)
    scene = content.get("scene_info")
    _text(scene, "payer_client_ip", 45)
    _text(scene.get("h5_info") if isinstance(scene, dict) else None, "type", 32)
    trade = _open(content, "h5", "", at)
    page = request.build_absolute_uri(reverse("standins:wechatpay:page"))
    return 200, {"h5_url": f"{page}?prepay_id=wx{trade.token}&package={secrets.randbelow(10**9)}"}


@operation("GET", "query")
def query(request: HttpRequest, at: datetime, number: str) -> Answer:
    """Say what became of a trade."""
    _check_merchant(request.GET.get("mchid"))
    return 200, trade_content(_find(number))


@operation("POST", "close")
def close(request: HttpRequest, at: datetime, number: str) -> Answer:
    """Close a trade that is not paid."""
    _check_merchant(_content(request).get("mchid"))
    trade = book.close_trade(trade=_find(number))
    if trade.state == "paid":
        raise Failure(400, "ORDERPAID")
    return 204, None


@operation("POST", "refund")
def refund(request: HttpRequest, at: datetime) -> Answer:
    """Give a part of a trade back; it arrives later."""
    content = _content(request)
    amount = content.get("amount")
    trade = _find(_text(content, "out_trade_no", 32))
    if _amount(amount, "total") != trade.amount_fen or _text(amount, "currency", 3) != trade.currency:
        raise Failure(400, "PARAM_ERROR")
    try:
        made, _ = book.refund_trade(
            trade=trade,
            number=_text(content, "out_refund_no", 64),
            amount_fen=_amount(amount, "refund"),
            notify_url=_text(content, "notify_url", 255) if content.get("notify_url") else "",
            succeeds=False,
            at=at,
        )
    except book.NotPossible as no:
        raise Failure(403, str(no)) from no
    except book.Conflict as no:
        raise Failure(400, "INVALID_REQUEST") from no
    return 200, refund_content(made)


@operation("GET", "refund_query")
def refund_query(request: HttpRequest, at: datetime, number: str) -> Answer:
    """Say what became of a refund; asking lets it arrive."""
    made = TradeRefund.objects.filter(trade__provider=Provider.WECHAT, number=number).select_related("trade").first()
    if made is None:
        raise Failure(404, "RESOURCE_NOT_EXISTS")
    return 200, refund_content(refunds.finish(made, at=at))


@operation("GET", "bill")
def tradebill(request: HttpRequest, at: datetime) -> Answer:
    """Say where the bill of a day lies, and its hash."""
    text = bill.bill_of(_day(request))
    if text is None:
        raise Failure(400, "NO_STATEMENT_EXIST")
    address = request.build_absolute_uri(reverse("standins:wechatpay:billdownload"))
    return 200, {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
        "download_url": f"{address}?token={_day(request).isoformat()}",
    }


@operation("GET", "bill")
def billdownload(request: HttpRequest, at: datetime) -> Answer:
    """Hand a bill out, gzipped."""
    day = parse_date(request.GET.get("token", ""))
    text = bill.bill_of(day) if day else None
    if text is None:
        raise Failure(404, "RESOURCE_NOT_EXISTS")
    return 200, gzip.compress(text.encode())


@operation("GET")
def certificates(request: HttpRequest, at: datetime) -> Answer:
    """Hand the platform's certificate out, sealed for the merchant."""
    nonce, associated = secrets.token_hex(6), "certificate"
    sealed = AESGCM(settings.WECHAT_PAY_API_KEY.encode()).encrypt(
        nonce.encode(), certificate(at.year).encode(), associated.encode()
    )
    return 200, {
        "data": [
            {
                "serial_no": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
                "effective_time": moment(at),
                "expire_time": moment(at),
                "encrypt_certificate": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "nonce": nonce,
                    "associated_data": associated,
                    "ciphertext": b64encode(sealed).decode(),
                },
            }
        ]
    }


def _open(content: dict[str, Any], kind: str, payer: str, at: datetime) -> Trade:
    if content.get("appid") != settings.WECHAT_APP_ID:
        raise Failure(400, "APPID_MCHID_NOT_MATCH")
    _check_merchant(content.get("mchid"))
    expires_at = parse_datetime(_text(content, "time_expire", 64))
    if expires_at is None or expires_at.tzinfo is None or expires_at <= at:
        raise Failure(400, "PARAM_ERROR")
    number = _text(content, "out_trade_no", 32)
    try:
        return book.open_trade(
            provider=Provider.WECHAT,
            merchant_id=settings.WECHAT_PAY_MERCHANT_ID,
            number=number,
            content={
                "kind": kind,
                "payer": payer,
                "amount_fen": _amount(content.get("amount"), "total"),
                "currency": _text(content.get("amount"), "currency", 3),
                "subject": _text(content, "description", 127),
                "notify_url": _notify_url(content),
                "expires_at": expires_at,
            },
            at=at,
        )
    except book.Conflict as no:
        raise Failure(403, "OUT_TRADE_NO_USED") from no
    except book.NotPossible as no:
        raise Failure(400, str(no)) from no


def _find(number: str) -> Trade:
    trade = book.find_trade(provider=Provider.WECHAT, merchant_id=settings.WECHAT_PAY_MERCHANT_ID, number=number)
    if trade is None:
        raise Failure(404, "ORDER_NOT_EXIST")
    return trade


def _content(request: HttpRequest) -> dict[str, Any]:
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Failure(400, "PARAM_ERROR") from error
    if not isinstance(content, dict):
        raise Failure(400, "PARAM_ERROR")
    return content


def _text(content: Any, field: str, length_max: int) -> str:
    value = content.get(field) if isinstance(content, dict) else None
    if not isinstance(value, str) or not 0 < len(value) <= length_max or "\x00" in value:
        raise Failure(400, "PARAM_ERROR")
    return value


def _amount(content: Any, field: str) -> int:
    value = content.get(field) if isinstance(content, dict) else None
    if type(value) is not int or not 0 < value <= AMOUNT_MAX:
        raise Failure(400, "PARAM_ERROR")
    return value


def _notify_url(content: dict[str, Any]) -> str:
    value = _text(content, "notify_url", 255)
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or parse_qs(parts.query):
        raise Failure(400, "PARAM_ERROR")
    return value


def _check_merchant(value: object) -> None:
    if value != settings.WECHAT_PAY_MERCHANT_ID:
        raise Failure(400, "MCH_NOT_EXISTS")


def _day(request: HttpRequest) -> date:
    try:
        day = parse_date(request.GET.get("bill_date", ""))
    except ValueError:
        day = None
    if day is None:
        raise Failure(400, "PARAM_ERROR")
    return day


def _json(status: int, content: Any) -> HttpResponse:
    return HttpResponse(json.dumps(content, ensure_ascii=False), status=status, content_type="application/json")


def _signed(status: int, content: Any, at: datetime, *, spoilt: bool) -> HttpResponse:
    if isinstance(content, bytes):
        response = HttpResponse(content, status=status, content_type="application/octet-stream")
    elif content is None:
        response = HttpResponse(b"", status=status)
    else:
        response = _json(status, content)
    signed = response.content + b" " if spoilt else response.content
    for name, value in signed_headers(signed, at=at).items():
        response[name] = value
    return response
