"""What the mall asks of WeChat Pay, and the notices that it posts.

https://pay.weixin.qq.com/doc/v3/merchant/4012791856 (JSAPI), …/4012791834 (H5), …/4012791861 (notices).
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from wechatpayv3 import WeChatPayType

from mall.core.ids import SHANGHAI
from mall.core.providers.reading import strict_json, text
from mall.core.providers.wechatpay import Connection, Merchant, Unsigned
from orders.gateways import (
    BadNotice,
    Bill,
    Charge,
    ChargeState,
    GatewayError,
    GatewayRefusal,
    NoBill,
    NoticeMessage,
    Payer,
    RefundLimits,
    RefundNotice,
    RefundOutcome,
    Reply,
)

from .bill import bill_from
from .reading import charge_from, notice_from, refund_from

PROVIDER = "wechat"
JSAPI, H5 = "jsapi", "h5"
SUBJECT_MAX = 40
BILL_MAX = 20_000_000


class WechatGateway:
    """Client of WeChat Pay."""

    # https://pay.weixin.qq.com/doc/v3/merchant/4012791862: at most 50 refunds of one payment, within a year.
    refund_limits = RefundLimits(count_max=50, within=timedelta(days=365))

    def scene(self, *, payer: Payer) -> str:
        return JSAPI if payer.is_wechat else H5

    def create_charge(
        self,
        *,
        number: str,
        amount_fen: int,
        currency: str,
        subject: str,
        return_url: str,
        expires_at: datetime,
        at: datetime,
        payer: Payer,
    ) -> Charge:
        content: dict[str, Any] = {
            "description": f"{settings.SITE_NAME} {subject}"[:SUBJECT_MAX],
            "out_trade_no": number,
            "amount": {"total": amount_fen, "currency": currency},
            "time_expire": expires_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        }
        if self.scene(payer=payer) == JSAPI:
            if not payer.openid:
                raise GatewayRefusal("inside WeChat nobody pays without an openid")
            merchant = _merchant(at, WeChatPayType.JSAPI)
            answer = _answer(merchant.pay(**content, payer={"openid": payer.openid}))
            return Charge(ChargeState.OPEN, sheet=_sheet(merchant, _field(answer, "prepay_id", 64), at))
        scene = {"payer_client_ip": payer.client_ip or "127.0.0.1", "h5_info": {"type": "Wap"}}
        answer = _answer(_merchant(at, WeChatPayType.H5).pay(**content, scene_info=scene))
        page = _field(answer, "h5_url", 512)
        return Charge(ChargeState.OPEN, pay_url=f"{page}&redirect_url={quote(return_url, safe='')}")

    def query_charge(self, *, number: str, at: datetime) -> Charge:
        status, content = _merchant(at).query(out_trade_no=number)
        if status == 404:
            return Charge(ChargeState.UNKNOWN)
        if status != 200:
            raise GatewayError(f"WeChat Pay answered {status}")
        return charge_from(content, number=number)

    def close_charge(self, *, number: str, at: datetime) -> Charge:
        status, _ = _merchant(at).close(out_trade_no=number)
        if status == 204:
            return Charge(ChargeState.CLOSED)
        # Paid, closed before, or never opened: asking tells which.
        return self.query_charge(number=number, at=at)

    def refund(
        self, *, number: str, payment_number: str, amount_fen: int, total_fen: int, currency: str, at: datetime
    ) -> RefundOutcome:
        status, content = _merchant(at).refund(
            out_refund_no=number,
            out_trade_no=payment_number,
            amount={"refund": amount_fen, "total": total_fen, "currency": currency},
            notify_url=_notify_url(),
        )
        if status != 200:
            return RefundOutcome.REFUSED
        return refund_from(content, number=number, payment_number=payment_number, amount_fen=amount_fen)

    def query_refund(self, *, number: str, payment_number: str, at: datetime) -> RefundOutcome:
        status, content = _merchant(at).query_refund(out_refund_no=number)
        if status == 404:
            return RefundOutcome.UNKNOWN
        if status != 200:
            raise GatewayError(f"WeChat Pay answered {status}")
        return refund_from(content, number=number, payment_number=payment_number)

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> NoticeMessage | RefundNotice:
        if len(settings.WECHAT_PAY_API_KEY.encode()) != 32:
            raise BadNotice("no key is configured")
        try:
            Connection(at).check(headers, body)
        except (Unsigned, GatewayError) as error:
            raise BadNotice(str(error)) from error
        return notice_from(body)

    def reply(self, *, accepted: bool, reason: str) -> Reply:
        content = {"code": "SUCCESS", "message": ""} if accepted else {"code": "FAIL", "message": reason}
        return Reply(json.dumps(content).encode(), "application/json")

    def download_bill(self, *, day: date, at: datetime) -> Bill:
        status, content = _merchant(at).trade_bill(bill_date=day.isoformat())
        if status in (400, 404) and _code(content) in ("NO_STATEMENT_EXIST", "STATEMENT_CREATING"):
            raise NoBill(_code(content))
        answer = _answer((status, content))
        address = _field(answer, "download_url", 2048)
        if not address.startswith(f"{settings.WECHAT_PAY_URL}/v3/billdownload/"):
            raise GatewayError("the bill lies at another address")
        try:
            hash_kind, hash_value = text(answer, "hash_type", 16), text(answer, "hash_value", 64)
        except ValueError as error:
            raise GatewayError(str(error)) from error
        status, packed = _merchant(at, length_max=BILL_MAX).download_bill(address)
        if status != 200 or hash_kind != "SHA1":
            raise GatewayError(f"the bill cannot be fetched: {status} {hash_kind}")
        return bill_from(packed, sha1=hash_value)


def _merchant(at: datetime, kind: WeChatPayType = WeChatPayType.JSAPI, **limits: int) -> Merchant:
    return Merchant(kind, at=at, notify_url=_notify_url(), **limits)


def _notify_url() -> str:
    url: str = settings.SITE_URL + reverse("payment_notice", args=[PROVIDER])
    return url


def _answer(given: tuple[int, bytes]) -> dict[str, Any]:
    """Return the content of a yes. Raises GatewayRefusal for a no, GatewayError for what cannot be read."""
    status, content = given
    if status != 200:
        raise GatewayRefusal(f"WeChat Pay answered {status} {_code(content)}")
    try:
        return strict_json(content)
    except ValueError as error:
        raise GatewayError("WeChat Pay's answer cannot be read") from error


def _code(content: bytes) -> str:
    try:
        return text(strict_json(content), "code", 64)
    except ValueError:
        return ""


def _field(answer: dict[str, Any], field: str, length_max: int) -> str:
    try:
        return text(answer, field, length_max)
    except ValueError as error:
        raise GatewayError(str(error)) from error


def _sheet(merchant: Merchant, prepay_id: str, at: datetime) -> dict[str, str]:
    """Sign what the browser hands to WeChat's own sheet; the time is a text of seconds."""
    timestamp, nonce, package = str(int(at.timestamp())), token_hex(16), f"prepay_id={prepay_id}"
    return {
        "appId": settings.WECHAT_APP_ID,
        "timeStamp": timestamp,
        "nonceStr": nonce,
        "package": package,
        "signType": "RSA",
        "paySign": merchant.sign([settings.WECHAT_APP_ID, timestamp, nonce, package]),
    }
