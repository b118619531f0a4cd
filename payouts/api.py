"""Notices about transfers. The signature is verified over the raw bytes before anything is read."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mall.core import clock
from mall.core.access import signed_by_provider

from . import commands
from .gateways import BadNotice
from .gateways.wechat.client import WechatTransfers, reply

log = logging.getLogger(__name__)
BODY_MAX = 65_536


@signed_by_provider
@csrf_exempt
@require_POST
def payout_notice(request: HttpRequest) -> HttpResponse:
    """Take a notice of WeChat Pay in, then acknowledge it. What does not fit is refused, and changes nothing."""
    at, body = clock.now(), request.body
    if len(body) > BODY_MAX:
        return _answer(413, "too long")
    try:
        notice = WechatTransfers().read_notice(headers=request.headers, body=body, at=at)
    except BadNotice as error:
        log.warning("notice about a transfer refused: %s", error)
        return _answer(400, "bad signature or body")
    try:
        commands.take_notice(notice=notice, at=at)
    except commands.NoticeRefused as refusal:
        log.warning("notice about transfer %s: %s", notice.number, refusal)
        return _answer(422, "does not fit")
    return _answer(200)


def _answer(status: int, reason: str = "") -> HttpResponse:
    return HttpResponse(reply(accepted=status == 200, reason=reason), status=status, content_type="application/json")
