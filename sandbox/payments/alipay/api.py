"""Alipay's gateway as far as the mall uses it: https://opendocs.alipay.com/open/270/105900.

One address; the method stands among the signed fields, the answer is `{"…_response": {…}, "sign": "…"}`.
`alipay.trade.wap.pay` is opened by the buyer and is a page (`views.py`).
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from threading import Event
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mall.core import clock
from mall.core.access import signed_by_provider
from sandbox.payments import book
from sandbox.payments.models import Provider, Trade, TradeState, TroubleKind

from . import bill, views
from .notices import EVENT, local, refunded_content, yuan
from .reading import Failure, amount_of, content_of, fields_of, text_of
from .signature import is_from_merchant, sign_answer

SILENCE_SECONDS = 20
TRADE_STATES = {TradeState.OPEN: "WAIT_BUYER_PAY", TradeState.PAID: "TRADE_SUCCESS", TradeState.CLOSED: "TRADE_CLOSED"}
Operation = Callable[[HttpRequest, dict[str, Any], dict[str, str], datetime], dict[str, Any]]


@signed_by_provider
@csrf_exempt
@require_http_methods(["GET", "POST"])
def gateway(request: HttpRequest) -> HttpResponse:
    """Verify a request and do what its method says."""
    fields, at = fields_of(request), clock.now()
    method = fields.get("method", "")
    if not is_from_merchant(fields):
        return _answer(method, {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"})
    if method == views.METHOD:
        return views.page(request, fields, at)
    name, act = _OPERATIONS.get(method, ("", None))
    if act is None:
        return _answer(method, {"code": "40004", "msg": "Business Failed", "sub_code": "isv.invalid-method"})
    trouble = book.take_trouble(provider=Provider.ALIPAY, operation=name)
    if trouble == TroubleKind.SILENT:
        Event().wait(SILENCE_SECONDS)
    if trouble in (TroubleKind.UNAVAILABLE, TroubleKind.SILENT):
        return HttpResponse("unavailable", status=500)
    try:
        if trouble == TroubleKind.REFUSED:
            raise Failure("ACQ.SELLER_BALANCE_NOT_ENOUGH")
        content = {"code": "10000", "msg": "Success"} | act(request, content_of(fields), fields, at)
    except Failure as failure:
        content = {"code": "40004", "msg": "Business Failed", "sub_code": str(failure), "sub_msg": str(failure)}
    if trouble == TroubleKind.LOST_ANSWER:
        return HttpResponse("lost", status=500)
    return _answer(method, content, spoilt=trouble == TroubleKind.BAD_SIGNATURE)


def query(request: HttpRequest, content: dict[str, Any], fields: dict[str, str], at: datetime) -> dict[str, Any]:
    """Say what became of a trade."""
    trade = _find(content)
    answer = {
        "trade_no": trade.reference,
        "out_trade_no": trade.number,
        "trade_status": TRADE_STATES[TradeState(trade.state)],
        "total_amount": yuan(trade.amount_fen),
        "buyer_logon_id": "buy***@example.com",
    }
    if trade.paid_at is None:
        return answer
    if sum(trade.refunds.values_list("amount_fen", flat=True)) == trade.amount_fen:
        answer["trade_status"] = "TRADE_CLOSED"
    return answer | {"send_pay_date": local(trade.paid_at)}


def close(request: HttpRequest, content: dict[str, Any], fields: dict[str, str], at: datetime) -> dict[str, Any]:
    """Close a trade that is not paid."""
    trade = _find(content)
    if trade.state != TradeState.OPEN:
        raise Failure("ACQ.TRADE_STATUS_ERROR")
    trade = book.close_trade(trade=trade)
    if trade.state != TradeState.CLOSED:
        raise Failure("ACQ.TRADE_STATUS_ERROR")
    return {"trade_no": trade.reference, "out_trade_no": trade.number}


def refund(request: HttpRequest, content: dict[str, Any], fields: dict[str, str], at: datetime) -> dict[str, Any]:
    """Give a part of a trade back, at once."""
    trade = _find(content)
    try:
        made, is_new = book.refund_trade(
            trade=trade,
            number=text_of(content, "out_request_no", 64),
            amount_fen=amount_of(content, "refund_amount"),
            notify_url=trade.notify_url,
            succeeds=True,
            at=at,
        )
    except book.NotPossible as no:
        raise Failure("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL") from no
    except book.Conflict as no:
        raise Failure("ACQ.DISCORDANT_REPEAT_REQUEST") from no
    if is_new:
        told = refunded_content(made)
        book.owe_notice(trade=trade, event=EVENT, operation="refund_notice", url=trade.notify_url, content=told, at=at)
    return {
        "trade_no": trade.reference,
        "out_trade_no": trade.number,
        "fund_change": "Y" if is_new else "N",
        "refund_fee": yuan(sum(trade.refunds.values_list("amount_fen", flat=True))),
    }


def refund_query(request: HttpRequest, content: dict[str, Any], fields: dict[str, str], at: datetime) -> dict[str, Any]:
    """Say what became of a refund; without one the answer is empty."""
    trade = _find(content)
    made = trade.refunds.filter(number=text_of(content, "out_request_no", 64)).first()
    if made is None:
        return {}
    return {
        "trade_no": trade.reference,
        "out_trade_no": trade.number,
        "out_request_no": made.number,
        "total_amount": yuan(trade.amount_fen),
        "refund_amount": yuan(made.amount_fen),
        "refund_status": "REFUND_SUCCESS",
    }


def bill_address(request: HttpRequest, content: dict[str, Any], fields: dict[str, str], at: datetime) -> dict[str, Any]:
    """Say where the bill of a day lies."""
    day = _day(str(content.get("bill_date", "")))
    if day is None or bill.bill_of(day) is None:
        raise Failure("BILL_NOT_EXIST")
    address = request.build_absolute_uri(reverse("standins:alipay:bill"))
    return {"bill_download_url": f"{address}?bizDates={day.isoformat()}"}


def _find(content: dict[str, Any]) -> Trade:
    trade = book.find_trade(
        provider=Provider.ALIPAY,
        merchant_id=settings.ALIPAY_SELLER_ID,
        number=text_of(content, "out_trade_no", 64),
    )
    if trade is None:
        raise Failure("ACQ.TRADE_NOT_EXIST")
    return trade


def _day(value: str) -> date | None:
    try:
        return parse_date(value)
    except ValueError:
        return None


def _answer(method: str, content: dict[str, Any], *, spoilt: bool = False) -> HttpResponse:
    """Sign the content as the very text that stands in the answer."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    sign = sign_answer(text + " " if spoilt else text)
    name = method.replace(".", "_") + "_response"
    return HttpResponse(f'{{"{name}":{text},"sign":"{sign}"}}', content_type="text/html;charset=utf-8")


_OPERATIONS: dict[str, tuple[str, Operation]] = {
    "alipay.trade.query": ("query", query),
    "alipay.trade.close": ("close", close),
    "alipay.trade.refund": ("refund", refund),
    "alipay.trade.fastpay.refund.query": ("refund_query", refund_query),
    "alipay.data.dataservice.bill.downloadurl.query": ("bill", bill_address),
}
