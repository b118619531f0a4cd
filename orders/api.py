"""Notices of payment providers. The signature is verified over the raw bytes before anything is read."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mall.core import clock
from mall.core.access import signed_by_provider

from . import commands
from .gateways import BadNotice, payment_gateway

log = logging.getLogger(__name__)
BODY_MAX = 65_536


@signed_by_provider
@csrf_exempt
@require_POST
def payment_notice(request: HttpRequest, provider: str) -> HttpResponse:
    """Take a notice in, then acknowledge it. Anything that does not fit is refused, and changes nothing."""
    gateway = payment_gateway(provider)
    if gateway is None:
        return _refused(404, "unknown provider")
    at, body = clock.now(), request.body
    if len(body) > BODY_MAX:
        return _refused(413, "too long")
    try:
        message = gateway.read_notice(headers=request.headers, body=body, at=at)
    except BadNotice as error:
        log.warning("notice of %s refused: %s", provider, error)
        return _refused(400, "bad signature or body")
    taken = commands.take_notice(provider=provider, message=message, body=body.decode("utf-8"), at=at)
    if not taken.accepted:
        log.warning("notice %s of %s: %s", message.notice_id, provider, taken.result)
        return _refused(422, "does not fit")
    return JsonResponse({"code": "SUCCESS"})


def _refused(status: int, reason: str) -> JsonResponse:
    return JsonResponse({"code": "FAIL", "message": reason}, status=status)
