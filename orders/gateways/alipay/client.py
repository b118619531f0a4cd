"""What the mall asks of Alipay, and the notices that it posts.

https://opendocs.alipay.com/open/203/105285 (pages on a phone), …/203/105286 (notices).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from mall.core.providers import http
from mall.core.providers.reading import fen, local_text, text, yuan_text
from orders.gateways import (
    Bill,
    Charge,
    ChargeState,
    GatewayError,
    NoBill,
    NoticeMessage,
    Payer,
    RefundLimits,
    RefundNotice,
    RefundOutcome,
    Reply,
)

from .bill import bill_from
from .merchant import Refused, merchant
from .reading import charge_from, notice_from

PROVIDER = "alipay"
SCENE = "wap"
SUBJECT_MAX = 80
BILL_MAX = 20_000_000
NOT_EXIST = "ACQ.TRADE_NOT_EXIST"
NO_BILL = {"BILL_NOT_EXIST", "ISP.BILL_NOT_EXIST"}


class AlipayGateway:
    """Client of Alipay."""

    # Payments on mobile sites go back within twelve months.
    refund_limits = RefundLimits(within=timedelta(days=365))

    def scene(self, *, payer: Payer) -> str:
        return SCENE

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
        # Nothing is asked here: the trade begins when the buyer opens the signed address.
        content = {
            "subject": f"{settings.SITE_NAME} {subject}"[:SUBJECT_MAX],
            "out_trade_no": number,
            "total_amount": yuan_text(amount_fen),
            "product_code": "QUICK_WAP_WAY",
            "seller_id": settings.ALIPAY_SELLER_ID,
            "time_expire": local_text(expires_at),
            "quit_url": return_url,
        }
        address = merchant().page(
            "alipay.trade.wap.pay", content, at=at, return_url=return_url, notify_url=_notify_url()
        )
        return Charge(ChargeState.OPEN, pay_url=address)

    def query_charge(self, *, number: str, at: datetime) -> Charge:
        try:
            answer = merchant().ask("alipay.trade.query", {"out_trade_no": number}, at=at)
        except Refused as no:
            if no.code == NOT_EXIST:
                return Charge(ChargeState.UNKNOWN)
            raise GatewayError(no.code) from no
        return charge_from(answer, number=number)

    def close_charge(self, *, number: str, at: datetime) -> Charge:
        try:
            answer = merchant().ask("alipay.trade.close", {"out_trade_no": number}, at=at)
        except Refused:
            # Paid, closed before, or never begun: asking tells which.
            return self.query_charge(number=number, at=at)
        if answer.get("out_trade_no") != number:
            raise GatewayError("an answer about another charge")
        return Charge(ChargeState.CLOSED)

    def refund(
        self, *, number: str, payment_number: str, amount_fen: int, total_fen: int, currency: str, at: datetime
    ) -> RefundOutcome:
        content = {
            "out_trade_no": payment_number,
            "refund_amount": yuan_text(amount_fen),
            "out_request_no": number,
        }
        try:
            answer = merchant().ask("alipay.trade.refund", content, at=at, notify_url=_notify_url())
        except Refused:
            return RefundOutcome.REFUSED
        if answer.get("out_trade_no") != payment_number:
            raise GatewayError("an answer about another charge")
        # "N": no money moved now, be it that the refund was made before or that it is still to be made.
        return RefundOutcome.SUCCEEDED if answer.get("fund_change") == "Y" else RefundOutcome.PENDING

    def query_refund(self, *, number: str, payment_number: str, at: datetime) -> RefundOutcome:
        content = {"out_trade_no": payment_number, "out_request_no": number}
        try:
            answer = merchant().ask("alipay.trade.fastpay.refund.query", content, at=at)
        except Refused as no:
            if no.code == NOT_EXIST:
                return RefundOutcome.UNKNOWN
            raise GatewayError(no.code) from no
        # Without a refund of this number the answer says yes and names none.
        if not answer.get("out_request_no") or not answer.get("refund_amount"):
            return RefundOutcome.UNKNOWN
        return _refund_outcome(answer, number, payment_number)

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> NoticeMessage | RefundNotice:
        return notice_from(body)

    def reply(self, *, accepted: bool, reason: str) -> Reply:
        return Reply(b"success" if accepted else b"fail", "text/plain")

    def download_bill(self, *, day: date, at: datetime) -> Bill:
        content = {"bill_type": "trade", "bill_date": day.isoformat()}
        try:
            answer = merchant().ask("alipay.data.dataservice.bill.downloadurl.query", content, at=at)
        except Refused as no:
            if no.code.upper() in NO_BILL:
                raise NoBill(no.code) from no
            raise GatewayError(no.code) from no
        packed = http.send("GET", _bill_address(answer), length_max=BILL_MAX)
        if packed.status != 200:
            raise GatewayError(f"the bill cannot be fetched: {packed.status}")
        return bill_from(packed.content)


def _refund_outcome(answer: dict[str, Any], number: str, payment_number: str) -> RefundOutcome:
    if answer.get("out_request_no") != number or answer.get("out_trade_no") != payment_number:
        raise GatewayError("an answer about another refund")
    try:
        fen(answer.get("refund_amount"))
    except ValueError as error:
        raise GatewayError(f"an answer about a refund that cannot be read: {error}") from error
    return RefundOutcome.SUCCEEDED if answer.get("refund_status") == "REFUND_SUCCESS" else RefundOutcome.PENDING


def _bill_address(answer: dict[str, Any]) -> str:
    """Return where the bill lies: on a host of Alipay's that the settings name, and encrypted where we are."""
    try:
        address = urlsplit(text(answer, "bill_download_url", 2048))
    except ValueError as error:
        raise GatewayError(str(error)) from error
    if address.scheme not in ("http", "https") or address.netloc not in settings.ALIPAY_BILL_HOSTS:
        raise GatewayError("the bill lies at another address")
    return address._replace(scheme=urlsplit(settings.ALIPAY_URL).scheme).geturl()


def _notify_url() -> str:
    url: str = settings.SITE_URL + reverse("payment_notice", args=[PROVIDER])
    return url
