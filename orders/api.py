"""Notices of payment providers. The signature is verified over the raw bytes before anything is read."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mall.core import clock
from mall.core.access import signed_by_provider

from . import commands
from .gateways import BadNotice, PaymentGateway, payment_gateway

log = logging.getLogger(__name__)
BODY_MAX = 65_536


@signed_by_provider
@csrf_exempt
@require_POST
def payment_notice(request: HttpRequest, provider: str) -> HttpResponse:
    """Take a notice in, then acknowledge it. Anything that does not fit is refused, and changes nothing."""
    gateway = payment_gateway(provider)
    if gateway is None:
        return JsonResponse({"code": "FAIL", "message": "unknown provider"}, status=404)
    at, body = clock.now(), request.body
    if len(body) > BODY_MAX:
        return _answer(gateway, 413, "too long")
    try:
        message = gateway.read_notice(headers=request.headers, body=body, at=at)
    except BadNotice as error:
        log.warning("notice of %s refused: %s", provider, error)
        return _answer(gateway, 400, "bad signature or body")
    taken = commands.take_notice(provider=provider, message=message, body=body.decode("utf-8"), at=at)
    if not taken.accepted:
        log.warning("notice %s of %s: %s", message.notice_id, provider, taken.result)
        return _answer(gateway, 422, "does not fit")
    return _answer(gateway, 200)


def _answer(gateway: PaymentGateway, status: int, reason: str = "") -> HttpResponse:
    """Answer as the provider wants to read it; what is not taken tells nothing but that."""
    reply = gateway.reply(accepted=status == 200, reason=reason)
    return HttpResponse(reply.content, status=status, content_type=reply.content_type)
