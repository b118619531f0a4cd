"""Transfers into WeChat balances (商家转账, user-confirm mode), and the notices about them.

https://pay.weixin.qq.com/doc/v3/merchant/4012716434 (transfer), …/4014399293 (what becomes of it). The same number with
the same content is the same transfer; a query tells no package.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from wechatpayv3 import WeChatPayType

from mall.core.providers import GatewayError
from mall.core.providers.reading import strict_json, text
from mall.core.providers.wechatpay import Connection, Merchant, Unsigned
from payouts.gateways import BadNotice, OutcomeUnknown, Payment, Transfer, TransferNotice, TransferState

from .reading import asked_from, notice_from, sent_from

# 佣金报酬: what the mall's contract with WeChat Pay names as the reason, and what that reason asks to be told.
SCENE = "1005"
SCENE_REPORT = (("岗位类型", "推广员"), ("报酬说明", "推广佣金"))
NAME_FROM_FEN = 200_000
MEMO_MAX = 32


class WechatTransfers:
    """Client of WeChat Pay's merchant transfers."""

    purse = "wechat"

    def send(self, *, payment: Payment, at: datetime) -> Transfer:
        if not payment.openid or (payment.amount_fen >= NAME_FROM_FEN and not payment.name):
            raise OutcomeUnknown("nobody to pay to, or no name")
        merchant = _merchant(at)
        content: dict[str, Any] = {
            "out_bill_no": payment.number,
            "transfer_scene_id": SCENE,
            "openid": payment.openid,
            "transfer_amount": payment.amount_fen,
            "transfer_remark": payment.memo[:MEMO_MAX],
            "transfer_scene_report_infos": [{"info_type": kind, "info_content": words} for kind, words in SCENE_REPORT],
        }
        if payment.amount_fen >= NAME_FROM_FEN:
            content["user_name"] = payment.name
        try:
            status, body = merchant.mch_transfer_bills(**content)
        except GatewayError as error:
            raise OutcomeUnknown(str(error)) from error
        if status != 200:
            code = _code(body)
            if (status, code) == (400, "PARAM_ERROR"):
                return Transfer(TransferState.FAILED, reason=code)
            raise OutcomeUnknown(f"WeChat Pay answered {status} {code}")
        return sent_from(body, number=payment.number)

    def ask(self, *, number: str, at: datetime) -> Transfer:
        try:
            status, body = _merchant(at).mch_transfer_bills_query(out_bill_no=number)
        except GatewayError as error:
            raise OutcomeUnknown(str(error)) from error
        if status == 404:
            return Transfer(TransferState.NOT_FOUND)
        if status != 200:
            raise OutcomeUnknown(f"WeChat Pay answered {status} {_code(body)}")
        return asked_from(body, number=number)

    def cancel(self, *, number: str, at: datetime) -> Transfer:
        """That a cancellation was taken is not yet that the money is back: asking tells."""
        try:
            status, body = _merchant(at).mch_transfer_bills_cancel(out_bill_no=number)
        except GatewayError as error:
            raise OutcomeUnknown(str(error)) from error
        if status not in (200, 400):
            raise OutcomeUnknown(f"WeChat Pay answered {status} {_code(body)}")
        return self.ask(number=number, at=at)

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> TransferNotice:
        """Return the notice in a body, whose signature is verified over the raw bytes first. Raises BadNotice."""
        if len(settings.WECHAT_PAY_API_KEY.encode()) != 32:
            raise BadNotice("no key is configured")
        try:
            Connection(at).check(headers, body)
        except (Unsigned, GatewayError) as error:
            raise BadNotice(str(error)) from error
        return notice_from(body)


def reply(*, accepted: bool, reason: str = "") -> bytes:
    """Return what WeChat Pay wants to read as an answer to a notice."""
    content = {"code": "SUCCESS", "message": ""} if accepted else {"code": "FAIL", "message": reason}
    return json.dumps(content).encode()


def _merchant(at: datetime) -> Merchant:
    notify_url = settings.SITE_URL + reverse("payout_notice")
    return Merchant(WeChatPayType.JSAPI, at=at, notify_url=notify_url)


def _code(content: bytes) -> str:
    try:
        return text(strict_json(content), "code", 64)
    except ValueError:
        return ""
