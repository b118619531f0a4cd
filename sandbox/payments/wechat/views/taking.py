"""What a payee sees of WeChat Pay: the page and the sheet on which a transfer is confirmed."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from mall.core import clock
from mall.core.access import demo_only
from sandbox.payments import delivery
from sandbox.payments.models import TradeNotice, TransferBill, TransferBillState
from sandbox.payments.wechat import bills


@demo_only
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show a transfer. Confirmed, it arrives, and its notice goes out at once; if that fails, the task sends it."""
    bill, back = _bill(request.GET.get("package", "")), request.GET.get("redirect_url", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = settings.SITE_URL
    if request.method == "POST":
        if request.POST.get("decision") == "confirm":
            _send(bills.confirm(bill, at=clock.now()))
        elif request.POST.get("decision") == "fail":
            _send(bills.refuse(bill, reason="ACCOUNT_FROZEN", at=clock.now()))
        response = HttpResponseRedirect(back)
        response.status_code = 303
        return response
    is_open = bill.state == TransferBillState.WAITING and clock.now() < bill.expires_at
    context = {"bill": bill, "back": back, "merchant_name": settings.SITE_NAME, "is_open": is_open}
    return render(request, "sandbox/transfer.html", context)


@demo_only
@csrf_exempt
@require_POST
def sheet(request: HttpRequest) -> JsonResponse:
    """Show the transfer that a merchant's page named, and confirm it: the sheet lies outside of any page."""
    given = _given(request.body)
    bill = _bill(given.get("package", ""))
    if given.get("decision") == "confirm":
        notice = bills.confirm(bill, at=clock.now())
        if notice is None:
            return JsonResponse({"message": "fail"}, status=409)
        _send(notice)
    return JsonResponse({"amount_fen": bill.amount_fen, "merchant": settings.SITE_NAME, "subject": bill.remark})


@demo_only
@require_POST
def overdue(request: HttpRequest) -> HttpResponse:
    """Let 24 hours pass for one transfer: its money goes back, and the merchant is told."""
    bill = bills.find(request.POST.get("bill", "")[:64])
    if bill is None:
        raise Http404
    at = clock.now()
    waiting = TransferBill.objects.filter(pk=bill.pk, state=TransferBillState.WAITING)
    waiting.update(expires_at=at - timedelta(seconds=1))
    bill.refresh_from_db()
    bills.end_if_due(bill, at=at)
    _send(bill.notices.order_by("id").first())
    return HttpResponseRedirect(reverse("standins:control"))


def _send(notice: TradeNotice | None) -> None:
    if notice is not None:
        delivery.send_notice(notice=notice, at=clock.now())


def _given(body: bytes) -> dict[str, str]:
    try:
        given: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Http404 from error
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise Http404
    if (given.get("appId"), given.get("mchId")) != (settings.WECHAT_APP_ID, settings.WECHAT_PAY_MERCHANT_ID):
        raise Http404
    return given


def _bill(package: str) -> TransferBill:
    bill = TransferBill.objects.filter(package=package[:64]).first() if package else None
    if bill is None:
        raise Http404
    return bill
