"""Pushes of carriers. The signature is verified over the raw bytes before anything is read."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mall.core import clock
from mall.core.access import signed_by_provider
from orders.commands.tracking import take_tracks

from . import BadPush, carrier_gateway

log = logging.getLogger(__name__)
BODY_MAX = 65_536


@signed_by_provider
@csrf_exempt
@require_POST
def track_push(request: HttpRequest) -> HttpResponse:
    """Take a push in, then acknowledge it. What is not signed is refused, and changes nothing."""
    gateway = carrier_gateway()
    if gateway is None:
        return JsonResponse({"code": "FAIL"}, status=404)
    at, body = clock.now(), request.body
    if len(body) > BODY_MAX:
        return JsonResponse({"code": "FAIL"}, status=413)
    try:
        push = gateway.read_push(headers=request.headers, body=body, at=at)
    except BadPush as error:
        log.warning("push of a carrier refused: %s", error)
        return JsonResponse({"code": "FAIL"}, status=400)
    take_tracks(carrier=push.carrier, number=push.number, events=push.events, at=at)
    return JsonResponse({"code": "SUCCESS"})
