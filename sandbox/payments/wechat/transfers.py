"""WeChat Pay's merchant transfers (user-confirm mode): https://pay.weixin.qq.com/doc/v3/merchant/4012716434.

The same number with the same content is the same bill; its package is told by the transfer alone, never by a query.
"""

import re
from base64 import b64decode
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1
from django.conf import settings
from django.http import HttpRequest

from sandbox.payments import book, keys
from sandbox.payments.models import TransferBill, TransferBillState

from . import bills
from .api import Answer, Failure, _amount, _content, _notify_url, _text, operation
from .content import moment

NUMBER = re.compile(r"[0-9A-Za-z]{5,32}")
LEAST_FEN = 30
NAME_FROM_FEN = 200_000
REPORTED = {"1005": {"岗位类型", "报酬说明"}}


@operation("POST", "pay")
def transfer(request: HttpRequest, at: datetime) -> Answer:
    """Open a bill, or tell once more how the one of this number stands."""
    content = _content(request)
    if content.get("appid") != settings.WECHAT_APP_ID:
        raise Failure(400, "APPID_MCHID_NOT_MATCH")
    number, amount = _text(content, "out_bill_no", 32), _amount(content, "transfer_amount")
    if not NUMBER.fullmatch(number) or amount < LEAST_FEN:
        raise Failure(400, "PARAM_ERROR")
    _check_scene(content)
    try:
        bill = bills.open_bill(
            number=number,
            content={
                "openid": _text(content, "openid", 64),
                "payee_name": _name(request, content, amount),
                "amount_fen": amount,
                "remark": _text(content, "transfer_remark", 32),
                "notify_url": _notify_url(content),
            },
            at=at,
        )
    except book.Conflict as no:
        raise Failure(400, "ALREADY_EXISTS") from no
    answer = {
        "out_bill_no": bill.number,
        "transfer_bill_no": bill.reference,
        "create_time": moment(bill.created_at),
        "state": bill.state,
    }
    if bill.state == TransferBillState.WAITING:
        answer["package_info"] = bill.package
    if bill.fail_reason:
        answer["fail_reason"] = bill.fail_reason
    return 200, answer


@operation("GET", "pay_query")
def query(request: HttpRequest, at: datetime, number: str) -> Answer:
    """Say how a bill stands; asking ends what is due."""
    bill = bills.end_if_due(_find(number), at=at)
    return 200, bills.bill_content(bill) | {"appid": settings.WECHAT_APP_ID, "transfer_remark": bill.remark}


@operation("POST", "pay_cancel")
def cancel(request: HttpRequest, at: datetime, number: str) -> Answer:
    """Take back a bill that nobody has confirmed."""
    bill = _find(number)
    if not bills.cancel(bill, at=at):
        raise Failure(400, "INVALID_REQUEST")
    bill.refresh_from_db()
    return 200, {
        "out_bill_no": bill.number,
        "transfer_bill_no": bill.reference,
        "state": bill.state,
        "update_time": moment(at),
    }


def _find(number: str) -> TransferBill:
    bill = bills.find(number)
    if bill is None:
        raise Failure(404, "NOT_FOUND")
    return bill


def _check_scene(content: dict[str, Any]) -> None:
    reported = content.get("transfer_scene_report_infos")
    kinds = {_text(row, "info_type", 15) for row in reported} if isinstance(reported, list) else set()
    if kinds != REPORTED.get(_text(content, "transfer_scene_id", 8)):
        raise Failure(400, "PARAM_ERROR")


def _name(request: HttpRequest, content: dict[str, Any], amount: int) -> str:
    """Open the name with the platform's key; from 2,000 yuan on there must be one."""
    if not content.get("user_name"):
        if amount >= NAME_FROM_FEN:
            raise Failure(400, "PARAM_ERROR")
        return ""
    if settings.WECHAT_PAY_PUBLIC_KEY_ID and (
        request.headers.get("Wechatpay-Serial") != settings.WECHAT_PAY_PUBLIC_KEY_ID
    ):
        raise Failure(400, "PARAM_ERROR")
    padding = OAEP(mgf=MGF1(algorithm=SHA1()), algorithm=SHA1(), label=None)
    try:
        sealed = b64decode(_text(content, "user_name", 1024), validate=True)
        return keys.private_key(settings.WECHAT_STAND_IN_KEY).decrypt(sealed, padding).decode()[:60]
    except ValueError as error:
        raise Failure(400, "PARAM_ERROR") from error
