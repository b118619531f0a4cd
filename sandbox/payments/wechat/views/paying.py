"""What a buyer sees of WeChat Pay: its page in other browsers, and the sheet inside WeChat."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock
from mall.core.access import demo_only
from sandbox.payments import book, delivery
from sandbox.payments.models import Provider, Trade
from sandbox.payments.wechat.notices import PAID, paid_content
from sandbox.payments.wechat.signature import is_sheet_signed


@demo_only
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show a trade. Confirmed, it is paid and its notice goes out at once; if that fails, the task sends it again."""
    trade, back = _trade(request.GET.get("prepay_id", ""), "h5"), request.GET.get("redirect_url", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = settings.SITE_URL
    if request.method == "POST":
        if request.POST.get("decision") == "pay":
            _pay(trade)
        response = HttpResponseRedirect(back)
        response.status_code = 303
        return response
    # As the real one does: it is opened from the merchant's pages only.
    is_led_here = request.headers.get("Referer", "").startswith(settings.SITE_URL)
    context = {
        "trade": trade,
        "back": back,
        "merchant_name": settings.SITE_NAME,
        "is_payable": is_led_here and trade.state == "open" and clock.now() < trade.expires_at,
        "is_led_here": is_led_here,
    }
    return render(request, "sandbox/trade.html", context)


@demo_only
@require_safe
def bridge(request: HttpRequest) -> HttpResponse:
    """The script that WeChat's browser puts into every page; here it is loaded by pages of the demo."""
    return render(request, "sandbox/bridge.js", content_type="text/javascript; charset=utf-8")


@demo_only
@csrf_exempt
@require_POST
def sheet(request: HttpRequest) -> JsonResponse:
    """Show the trade of a sheet that the merchant signed, and pay it: the sheet lies outside of any page."""
    given = _sheet(request.body)
    trade = _trade(given.get("package", "").removeprefix("prepay_id="), "jsapi")
    if given.get("decision") == "pay" and not _pay(trade):
        return JsonResponse({"message": "fail"}, status=409)
    return JsonResponse({"amount_fen": trade.amount_fen, "merchant": settings.SITE_NAME, "subject": trade.subject})


def _sheet(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Http404 from error
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise Http404
    if given.get("appId") != settings.WECHAT_APP_ID or given.get("signType") != "RSA" or not is_sheet_signed(given):
        raise Http404
    return given


def _trade(prepay_id: str, kind: str) -> Trade:
    token: Any = prepay_id.removeprefix("wx")
    trade = Trade.objects.filter(provider=Provider.WECHAT, token=token, kind=kind).first()
    if trade is None:
        raise Http404
    return trade


def _pay(trade: Trade) -> bool:
    notice = book.pay_trade(trade=trade, event=PAID, describe=paid_content, at=clock.now())
    if notice is None:
        return False
    delivery.send_notice(notice=notice, at=clock.now())
    return True
